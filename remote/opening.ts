// The end of a closed window on all hosts: opened again, or all of them left closed behind a notice.
import type { HostWindow } from "./hostWindow";
import type { LastWord, OpenedHost } from "./windowTypes";

/** A host that is slow to start must not keep the next one closed. */
const turnMilliseconds = 1_000;
/** Longer than the host's own patience with its product. */
const openSeconds = 75;

/** Each host as soon as the one that it depends on has started, healthy or not: every second counts for its users. */
export function openInTurn(windows: HostWindow[], word: LastWord): Promise<OpenedHost[]> {
    let turn: Promise<unknown> = Promise.resolve();
    return Promise.all(
        windows.map((host) => {
            const { begun, opened } = openOne(host, word, turn);
            turn = begun;
            return opened;
        }),
    );
}

/** All at once: when something went wrong, no host waits for another that may be what went wrong. */
export function openAtOnce(windows: HostWindow[], word: LastWord): Promise<OpenedHost[]> {
    return Promise.all(windows.map((host) => openOne(host, word, Promise.resolve()).opened));
}

/** All of them stay, or none does: one product behind a notice and the others at work would be neither. */
export async function stayAll(windows: HostWindow[]): Promise<OpenedHost[]> {
    const hosts = await openAtOnce(windows, "stay");
    if (hosts.every((host) => host.state === "staying")) {
        return hosts;
    }
    return Promise.all(
        hosts.map(async (host, index) => {
            if (host.state !== "staying") {
                return { ...host, error: host.error ?? "did not stay closed" };
            }
            const event = await windows[index].openStaying().catch(() => undefined);
            return event
                ? {
                      product: host.product,
                      state: "open",
                      openedBy: event.openedBy,
                      openedAt: event.openedAt,
                      error: "opened again, since another host did not stay closed",
                  }
                : { ...host, error: "stays closed although another host does not: open it by hand (docs/runbook.md)" };
        }),
    );
}

/** `begun` ends when the next host may be told: this one has started its product, has failed, or is slow. */
function openOne(
    host: HostWindow,
    word: LastWord,
    turn: Promise<unknown>,
): { begun: Promise<unknown>; opened: Promise<OpenedHost> } {
    let start: (value?: unknown) => void = () => undefined;
    const begun = new Promise((resolve) => (start = resolve));
    const opened = turn.then(async (): Promise<OpenedHost> => {
        const patience = setTimeout(start, turnMilliseconds);
        const answer = await askToOpen(host, word, start);
        clearTimeout(patience);
        start();
        return answer;
    });
    return { begun, opened };
}

async function askToOpen(host: HostWindow, word: LastWord, onStart: () => void): Promise<OpenedHost> {
    const { product } = host.host;
    const complaints: string[] = [];
    const event = await host.lastWord(word, openSeconds, (other) => {
        if (other.event === "starting") {
            onStart();
        } else if (other.event === "error") {
            complaints.push(other.reason ?? "failed");
        }
    });
    switch (event.event) {
        case "staying":
            return { product, state: "staying", stayUntil: event.stayUntil };
        case "open": {
            const { openedBy, openedAt } = event;
            const wanted = word === "abort" || openedBy === word;
            const error = wanted ? undefined : (complaints[0] ?? `opened by "${openedBy}" instead of "${word}"`);
            return { product, state: "open", openedBy, openedAt, error };
        }
        default:
            return { product, state: "unknown", error: complaints[0] ?? event.reason ?? "its window ended" };
    }
}
