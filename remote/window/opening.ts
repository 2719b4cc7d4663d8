// The end of a closed window on all hosts: opened again, or all of them left closed behind a notice. A host that does not tell is dialled
// anew and opened, again and again: nobody says "open" who has not heard it.
import type { Reopened } from "../../contract/host";
import { ask } from "../ask";
import type { HostEvent, HostWindow } from "./hostWindow";
import { inTime, pause } from "../limits";
import type { LastWord, EndedHost, WindowArgs, WindowHost } from "./types";

export interface EndArgs extends Pick<WindowArgs, "options" | "log"> {
    lostSeconds: number;
    /** When a host that did not tell opens by itself. */
    until: Date;
}

/** A host that is slow to start must not keep the next one closed. */
const turnMilliseconds = 1_000;
/** A host listens twice a second, and says something every five seconds while its product starts. */
const firstSeconds = 10;
const betweenSeconds = 40;
/** Beside the product's own time. */
const spareSeconds = 60;
const longestPause = 10_000;
/** Of one try to reach a host that did not tell, through a bastion too. */
const dialSeconds = 40;
const answerSeconds = 15;

/** Each host as soon as the one that it depends on has started, healthy or not: every second counts for its users. */
export function openInTurn(windows: HostWindow[], word: LastWord, args: EndArgs): Promise<EndedHost[]> {
    let turn: Promise<unknown> = Promise.resolve();
    return Promise.all(
        windows.map((host) => {
            const { begun, opened } = openOne(host, word, args, turn);
            turn = begun;
            return opened;
        }),
    );
}

/** All at once: when something went wrong, no host waits for another that may be what went wrong. */
export function openAtOnce(windows: HostWindow[], word: LastWord, args: EndArgs): Promise<EndedHost[]> {
    return Promise.all(windows.map((host) => openOne(host, word, args, Promise.resolve()).opened));
}

/** All of them stay, or none does: one product behind a notice and the others at work would be neither. */
export async function stayAll(windows: HostWindow[], args: EndArgs): Promise<EndedHost[]> {
    const hosts = await openAtOnce(windows, "stay", args);
    if (hosts.every((host) => host.state === "staying")) {
        return hosts;
    }
    return Promise.all(
        hosts.map(async (host, index) =>
            host.state === "staying"
                ? openLost(windows[index].host, "stay", "opened again, since another host did not stay closed", args)
                : { ...host, error: host.error ?? "did not stay closed" },
        ),
    );
}

/** `begun` ends when the next host may be told: this one has started its product, has failed, or is slow. */
function openOne(
    host: HostWindow,
    word: LastWord,
    args: EndArgs,
    turn: Promise<unknown>,
): { begun: Promise<unknown>; opened: Promise<EndedHost> } {
    let start: (value?: unknown) => void = () => undefined;
    const begun = new Promise((resolve) => (start = resolve));
    const opened = turn.then(async (): Promise<EndedHost> => {
        const patience = setTimeout(start, turnMilliseconds);
        const answer = await askToOpen(host, word, args, start);
        clearTimeout(patience);
        start();
        return answer;
    });
    return { begun, opened };
}

async function askToOpen(host: HostWindow, word: LastWord, args: EndArgs, onStart: () => void): Promise<EndedHost> {
    const { product } = host.host;
    const complaints: string[] = [];
    const first = Math.min(firstSeconds, args.lostSeconds);
    const patience = { first, between: betweenSeconds, all: args.options.startSeconds + spareSeconds };
    const event = await host.lastWord(word, patience, (other) => {
        if (other.event === "starting") {
            onStart();
        } else if (other.event === "waiting") {
            args.log(`${product} was started ${other.seconds} s ago and does not answer yet`);
        } else if (other.event === "error") {
            complaints.push(other.reason ?? "failed");
        }
    });
    switch (event.event) {
        case "staying":
            return { product, state: "staying", stayUntil: event.stayUntil };
        case "open":
            return opened(host.host, word, event, complaints[0], args);
        default:
            // Its script must not go on hearing us.
            host.release();
            onStart();
            return openLost(host.host, word, complaints[0] ?? event.reason ?? "its window ended", args);
    }
}

/** The word of the first thaw counts: a product that is slow to start was opened by it all the same. */
function opened(
    { product }: WindowHost,
    word: LastWord,
    event: Pick<HostEvent, "openedBy" | "openedAt" | "health" | "reason">,
    complaint: string | undefined,
    { log }: EndArgs,
): EndedHost {
    const { openedBy, openedAt, health } = event;
    if (health === "failed") {
        log(`${product}: ${event.reason ?? "was started and does not answer yet"}; its host goes on trying`);
    }
    const wanted = word === "abort" || openedBy === word;
    const error = wanted
        ? undefined
        : (complaint ?? `opened by "${openedBy || "nobody knows what"}" instead of "${word}"`);
    return { product, state: "open", openedBy, openedAt, health, error };
}

/** Its answer was lost, or it must open after all: dialled anew until it says that it is open, or the time for that is over. */
async function openLost(host: WindowHost, word: LastWord, why: string, args: EndArgs): Promise<EndedHost> {
    const { product } = host;
    const deadline = Date.now() + args.lostSeconds * 1000;
    args.log(`${product}: ${why}; it is dialled anew and opened`);
    let last = "";
    for (let wait = 250; ; wait = Math.min(wait * 2, longestPause)) {
        const answer = await askToReopen(host, args, (deadline - Date.now()) / 1000).catch((error: Error) => error);
        if (answer instanceof Error) {
            last = answer.message;
        } else if (answer.state === "retired") {
            return { product, state: "unknown", error: `${why}; it is retired: ${answer.note}` };
        } else if (answer.state === "open" || answer.state === "opened" || answer.openedBy !== "") {
            const event = {
                openedBy: answer.openedBy,
                openedAt: answer.openedAt || undefined,
                health: answer.state === "down" ? "failed" : "ok",
                reason: answer.note,
            };
            return opened(host, word, event, why, args);
        } else {
            last = answer.note;
        }
        if (Date.now() + wait > deadline) {
            break;
        }
        await pause(wait);
    }
    const mayBeClosedUntil = args.until.toISOString();
    return {
        product,
        state: "unknown",
        mayBeClosedUntil,
        error: last === "" || last === why ? why : `${why}; ${last}`,
    };
}

/** Whatever it stays closed for: this run says that it shall be open. */
function askToReopen({ target, product, layout }: WindowHost, args: EndArgs, seconds: number): Promise<Reopened> {
    const wait = Math.ceil(Math.min(args.options.startSeconds, 60, Math.max(1, seconds)));
    const variables = { REASON: "called-off", STAYING: "open", WAIT_SECONDS: wait, TOKEN: args.options.token } as const;
    return inTime(
        ask(target, { script: "reopen", product, layout, variables }, { seconds: wait + answerSeconds }),
        wait + answerSeconds + dialSeconds,
        `${target.address} did not answer in time`,
    );
}
