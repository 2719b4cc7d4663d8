// IPv4 addresses and ranges as numbers: what a list of ranges covers, however it is spelt.

export interface Range {
    first: number;
    last: number;
    prefix: number;
}

/** Addresses of a /8: the most that may be open in one piece. */
export const widestBlock = 2 ** 24;

export function parseAddress(text: string): number | undefined {
    const octets = text.split(".");
    const valid = octets.length === 4 && octets.every((octet) => /^(0|[1-9]\d{0,2})$/.test(octet) && +octet <= 255);
    return valid ? octets.reduce((sum, octet) => sum * 256 + Number(octet), 0) : undefined;
}

export function showAddress(address: number): string {
    return [24, 16, 8, 0].map((shift) => Math.floor(address / 2 ** shift) % 256).join(".");
}

/** The range, or what is wrong with it. Only the canonical form is taken: what one reads is what is open. */
export function parseRange(text: string): Range | string {
    const match = /^([\d.]+)\/(\d+)$/.exec(text);
    const address = match ? parseAddress(match[1]) : undefined;
    if (!match || address === undefined || !/^(0|[1-9]\d?)$/.test(match[2]) || Number(match[2]) > 32) {
        return "must be an IPv4 range: four numbers up to 255, a slash and a length up to 32";
    }
    const prefix = Number(match[2]);
    const size = 2 ** (32 - prefix);
    const first = Math.floor(address / size) * size;
    return first === address
        ? { first, last: first + size - 1, prefix }
        : `is an address within a range; the range itself is ${showAddress(first)}/${prefix}`;
}

/** Those of a list that are ranges; the schema refuses the others. */
export function rangesOf(texts: string[]): Range[] {
    return texts.map(parseRange).filter((range) => typeof range !== "string");
}

type Block = Pick<Range, "first" | "last">;

/** Disjoint blocks, in order, neighbours joined. */
export function union(ranges: Block[]): Block[] {
    const blocks: Block[] = [];
    for (const { first, last } of [...ranges].sort((a, b) => a.first - b.first)) {
        const before = blocks[blocks.length - 1];
        if (before && first <= before.last + 1) {
            before.last = Math.max(before.last, last);
        } else {
            blocks.push({ first, last });
        }
    }
    return blocks;
}

/** Why these ranges together are as good as the world; undefined when they are not. */
export function tooWide(texts: string[]): string | undefined {
    const blocks = union(rangesOf(texts));
    const size = ({ first, last }: Block) => last - first + 1;
    const wide = blocks.find((block) => size(block) > widestBlock);
    if (wide) {
        return `${showAddress(wide.first)} to ${showAddress(wide.last)} is open in one piece, which is more than a /8`;
    }
    const all = blocks.reduce((sum, block) => sum + size(block), 0);
    return all > 4 * widestBlock ? `${all} addresses are open together, which is more than four /8` : undefined;
}

export function overlap(a: Block, b: Block): boolean {
    return a.first <= b.last && b.first <= a.last;
}

export function isWithin(inner: Block, outer: Block): boolean {
    return inner.first >= outer.first && inner.last <= outer.last;
}

/** Of these ranges, the ones that an address lies in. */
export function rangesWith(texts: string[], address: string): string[] {
    const number = parseAddress(address);
    return number === undefined
        ? []
        : texts.filter((text) => rangesOf([text]).some((range) => isWithin({ first: number, last: number }, range)));
}

/** Nobody has these on the internet: RFC 1918, and the shared ones of RFC 6598. */
const privateRanges = rangesOf(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10"]);

export function isPrivate(block: Block): boolean {
    return privateRanges.some((one) => isWithin(block, one));
}
