// What people are told of a window's end: "open" is said only when every host has said it.
import type { ProductId } from "../../products";
import type { EndedHost, LastWord, WindowArgs } from "./types";

export function account(
    hosts: EndedHost[],
    word: LastWord,
    { closing, window }: { closing: boolean; window: Pick<WindowArgs, "hosts"> },
): string[] {
    if (!closing && hosts.every(({ state }) => state === "open")) {
        return ["production was not closed"];
    }
    if (hosts.length > 0 && hosts.every((host) => host.state === "staying")) {
        const until = hosts.map(({ stayUntil }) => stayUntil).sort()[0];
        return [
            `production stays closed behind its notice until it is served or reverted; should nobody do that, each host opens by itself at ${until}`,
        ];
    }
    const slow = hosts.filter(({ state, health }) => state === "open" && health === "failed");
    const unheard = hosts.filter(({ state }) => state !== "open");
    if (slow.length + unheard.length === 0) {
        return ["production is open again"];
    }
    const address = (product: ProductId) => window.hosts.find((host) => host.product === product)?.target.address;
    const command = `make thaw HOSTS=…${word === "stay" ? " GIVE_UP=1" : ""}`;
    return [
        ...slow.map(({ product }) => `${product} was started and does not answer yet; its host goes on trying`),
        ...unheard.map(
            ({ product, mayBeClosedUntil, stayUntil }) =>
                `${product} (${address(product)}) may be closed until ${mayBeClosedUntil ?? stayUntil ?? "somebody opens it"}: ${command}`,
        ),
    ];
}
