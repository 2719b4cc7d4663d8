// IPv4 arithmetic on "10.20.1.0/24".

export function toNumber(address: string): number {
    return address.split(".").reduce((sum, part) => sum * 256 + Number(part), 0);
}

export function toAddress(value: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(value / 2 ** shift) % 256).join(".");
}

export const prefixLength = (cidr: string): number => Number(cidr.split("/")[1]);

export function range(cidr: string): { first: number; last: number } {
    const size = 2 ** (32 - prefixLength(cidr));
    const first = Math.floor(toNumber(cidr.split("/")[0]) / size) * size;
    return { first, last: first + size - 1 };
}

export function isCidr(text: string): boolean {
    const match = /^(\d+)\.(\d+)\.(\d+)\.(\d+)\/(\d+)$/.exec(text);
    return match !== null && match.slice(1, 5).every((part) => Number(part) < 256) && Number(match[5]) <= 32;
}

export function contains(outer: string, inner: string): boolean {
    const [a, b] = [range(outer), range(inner)];
    return a.first <= b.first && b.last <= a.last;
}

export function overlaps(one: string, other: string): boolean {
    const [a, b] = [range(one), range(other)];
    return a.first <= b.last && b.first <= a.last;
}

/** The router's own address in a subnet. */
export const firstAddress = (cidr: string): string => toAddress(range(cidr).first + 1);

/** From .10 upward, as the lower ones are the router's and AWS's own. */
export function freeAddress(cidr: string, taken: Set<string>): string | undefined {
    const { first, last } = range(cidr);
    for (let value = first + 10; value < last; value++) {
        if (!taken.has(toAddress(value))) {
            return toAddress(value);
        }
    }
    return undefined;
}
