// The closed window: closes production's hosts for as long as this program lives and says so, and opens them again.
import { ProductId } from "../products/ids";
import { HostAddress } from "./connection";
import { HostEvent, HostWindow } from "./hostWindow";

export interface WindowHost {
    product: ProductId;
    target: HostAddress;
    /** Where users reach the product; the maintenance notice answers there. */
    port?: number;
}

export interface WindowArgs {
    token: string;
    hosts: WindowHost[];
    /** Only shown and noted by hosts; `openAgain` says which of the two happens. */
    reopen: boolean;
    /** From the first product's stop; the hosts open themselves then, whatever happens here. */
    maxClosedSeconds: number;
    /** How long a host stays closed after "stay" before it opens by itself; a day when absent. */
    maxStaySeconds?: number;
    /** End what is still busy after the drain instead of calling the capture off. */
    force: boolean;
    drainSeconds: number;
    /** Asked once every host is frozen, for proofs that are not the hosts' to give (database sessions); findings open again. */
    proveQuiet?: () => Promise<string[]>;
    log: (line: string) => void;
}

export interface ClosedHost {
    product: ProductId;
    /** ISO times by the host's clock. */
    armedAt: string;
    closedAt: string;
    quiet: Record<string, string>;
}

export interface ClosedReport {
    hosts: ClosedHost[];
    /** From the first word to freeze to the last host's proof, ms. */
    freezeMilliseconds: number;
    /** When the hosts open by themselves. */
    deadline: Date;
}

export interface OpenedHost {
    product: ProductId;
    state: "open" | "staying" | "unknown";
    /** The word that opened it by the host's account: "complete", "abort", "lost", … */
    openedBy?: string;
    openedAt?: string;
    /** Of a host that stays closed. */
    stayUntil?: string;
    /** What went wrong; the host's dead-man still opens it. */
    error?: string;
}

export interface OpenReport {
    hosts: OpenedHost[];
}

export type LastWord = "complete" | "stay" | "abort";

export interface ClosedWindow {
    /** Connects, arms, drains and freezes. A failure anywhere opens every host again and rejects with every finding. */
    close(): Promise<ClosedReport>;
    /** Writes down on every host, next to the marker's other facts, for example {pointInTime}. */
    note(notes: Record<string, string>): Promise<void>;
    /** Opens (or, with "stay", leaves closed behind a notice), in reverse order; later calls answer with the first one's report. */
    openAgain(word: LastWord): Promise<OpenReport>;
    readonly deadline: Date | undefined;
}

/** Reverse order of dependence: Connect and Workbench fetch from Package Manager. */
const freezeOrder: ProductId[] = ["connect", "workbench", "packageManager"];

/** Hosts whose clocks differ by more can't be said to have been quiet at the same time. */
const clockTolerance = 1_000;
const aDay = 24 * 3600;
/** Longer than any service's stop; the host's own timer is what really limits it. */
const freezeSeconds = 120;
const openSeconds = 90;

export function openWindow(args: WindowArgs): ClosedWindow {
    return new LiveWindow(args);
}

class LiveWindow implements ClosedWindow {
    deadline: Date | undefined;
    private readonly open: HostWindow[] = [];
    private opening?: Promise<OpenReport>;

    constructor(private readonly args: WindowArgs) {}

    async close(): Promise<ClosedReport> {
        try {
            const armed = await this.arm();
            await this.everywhere((host) => this.drain(host));
            const started = Date.now();
            this.deadline = new Date(started + this.args.maxClosedSeconds * 1000);
            this.args.log("closing production");
            const frozen = await this.freeze();
            const findings = (await this.args.proveQuiet?.()) ?? [];
            if (findings.length > 0) {
                throw new Error(findings.join("\n"));
            }
            const freezeMilliseconds = Date.now() - started;
            this.args.log(`closed and proved quiet in ${(freezeMilliseconds / 1000).toFixed(1)} s`);
            return {
                freezeMilliseconds,
                deadline: this.deadline,
                hosts: frozen.map(({ product, event }) => ({
                    product,
                    armedAt: armed.get(product) ?? "",
                    closedAt: event.closedAt ?? "",
                    quiet: event.quiet ?? {},
                })),
            };
        } catch (error) {
            await this.openAgain("abort");
            throw error;
        }
    }

    async note(notes: Record<string, string>): Promise<void> {
        await this.everywhere(async (host) => {
            host.say(`note ${JSON.stringify(notes)}`);
            await host.expect(["noted"], 10);
        });
    }

    openAgain(word: LastWord): Promise<OpenReport> {
        this.opening ??= this.openAll(word);
        return this.opening;
    }

    /** Connects to all, arms all. Nothing of a product is touched before every dead-man stands. */
    private async arm(): Promise<Map<ProductId, string>> {
        const { token, maxClosedSeconds, drainSeconds, force } = this.args;
        const hostArgs = {
            token,
            maxClosedSeconds,
            drainSeconds,
            force,
            maxStaySeconds: this.args.maxStaySeconds ?? aDay,
        };
        const before = Date.now();
        const results = await Promise.allSettled(this.args.hosts.map((host) => HostWindow.open(host, hostArgs)));
        const opened = results.flatMap((result) => (result.status === "fulfilled" ? [result.value] : []));
        this.open.push(...opened.map(({ window }) => window));
        const findings = [
            ...results.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).message] : [])),
            ...clockFindings(opened, before),
        ];
        if (findings.length > 0) {
            throw new Error(findings.join("\n"));
        }
        this.args.log("every host is armed to open again by itself");
        return new Map(opened.map(({ window, armed }) => [window.host.product, armed.armedAt ?? ""]));
    }

    private async drain(host: HostWindow): Promise<void> {
        host.say("drain");
        await host.expect(["drained"], this.args.drainSeconds + 30, (event) => {
            if (event.event === "busy") {
                this.args.log(`${host.host.product} is still busy: ${(event.work ?? []).join("; ")}`);
            }
        });
    }

    /** Each product is told to stop as soon as the one that depends on it is stopped; the proofs of quiet go on side by side. */
    private async freeze(): Promise<{ product: ProductId; event: HostEvent }[]> {
        let before: Promise<unknown> = Promise.resolve();
        const proofs = freezeOrder.flatMap((product) => {
            const host = this.open.find((candidate) => candidate.host.product === product);
            if (!host) {
                return [];
            }
            const stopped = before.then(async () => {
                host.say("freeze");
                await host.expect(["stopped"], freezeSeconds);
            });
            before = stopped;
            return [stopped.then(async () => ({ product, event: await host.expect(["frozen"], freezeSeconds) }))];
        });
        return settled(proofs);
    }

    private async openAll(word: LastWord): Promise<OpenReport> {
        const hosts: OpenedHost[] = [];
        // Package Manager first, but nobody waits for another's health: every second counts for its users.
        const ordered = [...this.open].sort(
            (a, b) => freezeOrder.indexOf(b.host.product) - freezeOrder.indexOf(a.host.product),
        );
        await Promise.all(
            ordered.map(async (host) => {
                hosts.push(await openOne(host, word));
                host.close();
            }),
        );
        for (const host of hosts.filter((candidate) => candidate.error !== undefined)) {
            this.args.log(`${host.product}: ${host.error}`);
        }
        this.args.log(word === "stay" ? "production stays closed behind its notice" : "production is open again");
        return { hosts };
    }

    private async everywhere(act: (host: HostWindow) => Promise<void>): Promise<void> {
        await settled(this.open.map(act));
    }
}

async function openOne(host: HostWindow, word: LastWord): Promise<OpenedHost> {
    const { product } = host.host;
    host.say(word);
    try {
        const event = await host.expect(["open", "staying"], openSeconds);
        if (event.event === "staying") {
            return { product, state: "staying", stayUntil: event.stayUntil };
        }
        const expected = word === "abort" || event.openedBy === word;
        return {
            product,
            state: "open",
            openedBy: event.openedBy,
            openedAt: event.openedAt,
            error: expected ? undefined : `opened by "${event.openedBy}" before it was told to`,
        };
    } catch (error) {
        return { product, state: "unknown", error: (error as Error).message };
    }
}

/** All of them, or one error with every finding. */
async function settled<T>(work: Promise<T>[]): Promise<T[]> {
    const results = await Promise.allSettled(work);
    const reasons = results.flatMap((result) =>
        result.status === "rejected" ? [(result.reason as Error).message] : [],
    );
    if (reasons.length > 0) {
        throw new Error([...new Set(reasons)].join("\n"));
    }
    return results.map((result) => (result as PromiseFulfilledResult<T>).value);
}

function clockFindings(opened: { window: HostWindow; armed: HostEvent }[], before: number): string[] {
    const now = Date.now();
    return opened.flatMap(({ window, armed }) => {
        const clock = armed.clock;
        const off = clock === undefined ? 0 : clock < before ? before - clock : clock > now ? clock - now : 0;
        return off > clockTolerance
            ? [
                  `${window.host.product}: its clock is ${(off / 1000).toFixed(1)} s off this machine's; set up time synchronisation first (chronyc tracking)`,
              ]
            : [];
    });
}
