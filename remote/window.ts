// The closed window: closes production's hosts for as long as this program lives and says so, and opens them again.
import { ProductId } from "../products/ids";
import { HostEvent, HostWindow } from "./hostWindow";
import { openAtOnce, openInTurn, stayAll } from "./opening";
import { ClosedReport, ClosedWindow, LastWord, OpenedHost, OpenReport, WindowArgs, WindowNotes } from "./windowTypes";

export * from "./windowTypes";

/** Reverse order of dependence: Connect and Workbench fetch from Package Manager. */
const freezeOrder: ProductId[] = ["connect", "workbench", "packageManager"];

/** Hosts whose clocks differ by more can't be said to have been quiet at the same time. */
const clockTolerance = 1_000;
/** Longer than any service's stop; the host's own timer is what really limits it. */
const freezeSeconds = 120;
/** Once one host can't be drained, the others may still say what keeps them, ms. */
const findingsGrace = 1_000;

export function openWindow(args: WindowArgs): ClosedWindow {
    return new LiveWindow(args);
}

class LiveWindow implements ClosedWindow {
    deadline: Date | undefined;
    private readonly open: HostWindow[] = [];
    private opening?: { word: LastWord; reason?: string; report: Promise<OpenReport> };
    private alarm?: NodeJS.Timeout;

    constructor(private readonly args: WindowArgs) {}

    async close(): Promise<ClosedReport> {
        try {
            const armed = await this.arm();
            this.stillWanted();
            await settled(
                this.open.map((host) => this.drain(host)),
                findingsGrace,
            );
            this.stillWanted();
            const started = Date.now();
            this.setDeadline(started);
            this.args.log("closing production");
            const frozen = await this.freeze();
            const findings = (await this.args.proveQuiet?.()) ?? [];
            if (findings.length > 0) {
                throw new Error(findings.join("\n"));
            }
            await this.dump();
            this.stillWanted();
            const freezeMilliseconds = Date.now() - started;
            this.args.log(`closed and proved quiet in ${(freezeMilliseconds / 1000).toFixed(1)} s`);
            return {
                freezeMilliseconds,
                deadline: this.deadline ?? new Date(started),
                hosts: frozen.map(({ product, event }) => ({
                    product,
                    armedAt: armed.get(product) ?? "",
                    closedAt: event.closedAt ?? "",
                    quiet: event.quiet ?? {},
                })),
            };
        } catch (error) {
            await this.openAgain("abort");
            // Whoever called it off knows better why than the host that it ended for.
            throw this.opening?.reason === undefined ? error : new Error(this.opening.reason);
        }
    }

    get calledOff(): string | undefined {
        return this.opening?.reason;
    }

    async note(notes: WindowNotes): Promise<void> {
        await settled(
            this.open.map(async (host) => {
                host.say(`note ${JSON.stringify(notes)}`);
                await host.expect(["noted"], 10);
            }),
        );
    }

    async openAgain(word: LastWord): Promise<OpenReport> {
        this.opening ??= { word, report: this.openAll(word) };
        const { word: first, reason } = this.opening;
        const report = await this.opening.report;
        // Asked to complete what was called off: every host of it is a finding.
        const late =
            first === word || word === "abort" ? undefined : (reason ?? `"${first}" was said before "${word}"`);
        return late === undefined
            ? report
            : { hosts: report.hosts.map((host) => ({ ...host, error: host.error ?? late })) };
    }

    /** Opens at once, for a reason that the window itself noticed. */
    private callOff(reason: string): void {
        if (!this.opening) {
            this.args.log(reason);
            this.opening = { word: "abort", reason, report: this.openAll("abort") };
        }
    }

    private stillWanted(): void {
        if (this.opening) {
            throw new Error(this.opening.reason ?? "the window was called off");
        }
    }

    /** A little before the hosts' own timers: opened in order and with an account is better than by itself. */
    private setDeadline(started: number): void {
        const milliseconds = this.args.maxClosedSeconds * 1000;
        this.deadline = new Date(started + milliseconds);
        this.alarm = setTimeout(
            () =>
                this.callOff(
                    `not done after ${this.args.maxClosedSeconds} s (maxClosedSeconds): production opens again`,
                ),
            milliseconds - Math.min(1000, milliseconds / 10),
        );
    }

    /** Connects to all, arms all. Nothing of a product is touched before every dead-man stands. */
    private async arm(): Promise<Map<ProductId, string>> {
        const { token, maxClosedSeconds, maxStaySeconds, notice, backMinutes, drainSeconds, force } = this.args;
        const hostArgs = {
            token,
            maxClosedSeconds,
            drainSeconds,
            force,
            maxStaySeconds,
            notice,
            backMinutes,
        };
        const results = await Promise.allSettled(
            this.args.hosts.map(async (host) => {
                const before = Date.now();
                const { window, armed } = await HostWindow.open(host, hostArgs);
                // Called off meanwhile: the end of the connection opens it.
                return this.opening ? window.close() : { window, armed, off: clockOffset(armed, before) };
            }),
        );
        const opened = results.flatMap((result) =>
            result.status === "fulfilled" && result.value ? [result.value] : [],
        );
        this.open.push(...opened.map(({ window }) => window));
        const findings = [
            ...results.flatMap((result) => (result.status === "rejected" ? [(result.reason as Error).message] : [])),
            ...opened.flatMap(({ window, off }) =>
                off > clockTolerance
                    ? [
                          `${window.host.product}: its clock is ${(off / 1000).toFixed(1)} s off this machine's; set up time synchronisation first (chronyc tracking)`,
                      ]
                    : [],
            ),
        ];
        if (findings.length > 0) {
            throw new Error(findings.join("\n"));
        }
        this.args.log("every host is armed to open again by itself");
        return new Map(opened.map(({ window, armed }) => [window.host.product, armed.armedAt ?? ""]));
    }

    private async drain(host: HostWindow): Promise<void> {
        host.say("drain");
        await host.expect(["drained"], this.args.drainSeconds + 60, (event) => {
            if (event.event === "busy") {
                this.args.log(`${host.host.product} is still busy: ${(event.work ?? []).join("; ")}`);
            }
            this.tellCut(host, event);
        });
    }

    private tellCut(host: HostWindow, { event, work }: HostEvent): void {
        if (event === "cut") {
            this.args.log(`${host.host.product}: force: true ends ${(work ?? []).join("; ")}`);
        }
    }

    /** Each product is told to stop as soon as the one that depends on it is stopped; the proofs of quiet go on side by side. */
    private async freeze(): Promise<{ product: ProductId; event: HostEvent }[]> {
        // From the first stop on one host that opens, fails or goes is the end of the whole window, whoever else is still busy.
        for (const host of this.open) {
            host.whenEnded((reason) => this.callOff(`${host.host.product}: ${reason}`));
        }
        let before: Promise<unknown> = Promise.resolve();
        const proofs = this.inFreezeOrder().map((host) => {
            const stopped = before.then(async () => {
                this.stillWanted();
                host.say("freeze");
                await host.expect(["stopped"], freezeSeconds);
            });
            before = stopped;
            return stopped.then(async () => ({
                product: host.host.product,
                event: await host.expect(["frozen"], freezeSeconds, (event) => this.tellCut(host, event)),
            }));
        });
        return settled(proofs, 0);
    }

    /** Once nobody writes any more, what is on no volume is put on one. */
    private async dump(): Promise<void> {
        await settled(
            this.open
                .filter(({ host }) => host.database?.method === "dump")
                .map(async (host) => {
                    host.say("dump");
                    const { bytes, seconds } = await host.expect(["dumped"], this.args.maxClosedSeconds);
                    this.args.log(
                        `${host.host.product}: database dumped and read back, ${bytes} bytes in ${seconds} s`,
                    );
                }),
            0,
        );
    }

    private inFreezeOrder(): HostWindow[] {
        return [...this.open].sort((a, b) => freezeOrder.indexOf(a.host.product) - freezeOrder.indexOf(b.host.product));
    }

    private async openAll(word: LastWord): Promise<OpenReport> {
        clearTimeout(this.alarm);
        const windows = this.inFreezeOrder().reverse();
        const hosts = await endings[word](windows);
        windows.forEach((host) => host.close());
        for (const host of hosts.filter((candidate) => candidate.error !== undefined)) {
            this.args.log(`${host.product}: ${host.error}`);
        }
        const staying = hosts.length > 0 && hosts.every((host) => host.state === "staying");
        const until = hosts.map(({ stayUntil }) => stayUntil).sort()[0];
        this.args.log(
            staying
                ? `production stays closed behind its notice until it is served or reverted; should nobody do that, each host opens by itself at ${until}`
                : "production is open again",
        );
        return { hosts };
    }
}

const endings: Record<LastWord, (windows: HostWindow[]) => Promise<OpenedHost[]>> = {
    complete: (windows) => openInTurn(windows, "complete"),
    stay: stayAll,
    abort: (windows) => openAtOnce(windows, "abort"),
};

/** All of them, or one error with every finding that comes within `grace` ms of the first. */
async function settled<T>(work: Promise<T>[], grace?: number): Promise<T[]> {
    const reasons = new Set<string>();
    const all = Promise.allSettled(
        work.map((one) =>
            one.catch((error: Error) => {
                reasons.add(error.message);
                throw error;
            }),
        ),
    );
    if (grace !== undefined) {
        const firstFailure = Promise.all(work).catch(() => new Promise((resolve) => setTimeout(resolve, grace)));
        await Promise.race([all, firstFailure]);
    } else {
        await all;
    }
    if (reasons.size > 0) {
        throw new Error([...reasons].join("\n"));
    }
    return Promise.all(work);
}

/** How far the host's clock certainly is from ours, ms: its word was said between our question and now. */
function clockOffset({ clock }: HostEvent, before: number): number {
    const now = Date.now();
    return clock === undefined ? 0 : Math.max(0, before - clock, clock - now);
}
