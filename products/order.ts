// In which order what depends on each other begins: each after those that it needs, otherwise as listed.

/** Needs that nobody listed don't count: a product may be absent. Throws where some need each other. */
export function ordered<Id extends string>(listed: readonly Id[], after: (id: Id) => readonly Id[]): Id[] {
    const begun: Id[] = [];
    while (begun.length < listed.length) {
        const next = listed.find(
            (id) => !begun.includes(id) && after(id).every((other) => begun.includes(other) || !listed.includes(other)),
        );
        if (next === undefined) {
            throw new Error(
                `each of these needs another one of them first: ${listed.filter((id) => !begun.includes(id)).join(", ")}`,
            );
        }
        begun.push(next);
    }
    return begun;
}
