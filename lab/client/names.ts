// Names as a user's machine resolves them: an answer is kept for as long as its TTL says and not a moment longer,
// so that the rollout is seen as users see it.
import { Resolver } from "node:dns/promises";

export interface Names {
    address(name: string): Promise<string>;
}

/** `overrides` is a tester's hosts file: those names never reach the DNS. */
export function namesFrom(server: string, overrides: Record<string, string> = {}): Names {
    const resolver = new Resolver({ timeout: 1000, tries: 2 });
    resolver.setServers([server]);
    const kept = new Map<string, { address: Promise<string>; until: number }>();
    return {
        address(name) {
            const override = overrides[name];
            if (override !== undefined) return Promise.resolve(override);
            const known = kept.get(name);
            if (known !== undefined && Date.now() < known.until) return known.address;
            const entry = { address: Promise.resolve(""), until: Number.POSITIVE_INFINITY };
            entry.address = resolver.resolve4(name, { ttl: true }).then((records) => {
                const first = records[0];
                if (first === undefined) throw new Error(`${name} has no address`);
                entry.until = Date.now() + first.ttl * 1000;
                return first.address;
            });
            entry.address.catch(() => kept.delete(name));
            kept.set(name, entry);
            return entry.address;
        },
    };
}
