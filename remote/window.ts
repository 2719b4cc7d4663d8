// The closed window: closes production's hosts for as long as this program lives and says so, and opens them again.
import { inOrder, ProductId } from "../products";
import { HostEvent, HostWindow } from "./hostWindow";
import { EndArgs, openAtOnce, openInTurn, stayAll } from "./opening";
import { ClosedReport, ClosedWindow, LastWord, OpenedHost, OpenReport, WindowArgs, WindowNotes } from "./windowTypes";

export * from "./windowTypes";

/** Nobody is left without what it fetches from. */
const freezeOrder = [...inOrder].reverse();

/** Hosts whose clocks differ by more can't be said to have been quiet at the same time. */
const clockTolerance = 1_000;
/** Longer than any service's stop; the host's own timer is what really limits it. */
const freezeSeconds = 120;
/** A host whose answer was lost is dialled again for so long. */
const lostSeconds = 120;
/** What a timer holds. */
const longestTimer = 2 ** 31 - 1;
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
    /** Hosts may have been told to stop from here on. */
    private closing = false;
    private notes: WindowNotes = {};
    /** Rejects when the window is called off: nobody waits for an answer that can't matter any more. */
    private readonly off: Promise<never>;
    private tellOff: (error: Error) => void = () => undefined;

    constructor(private readonly args: WindowArgs) {
        this.off = new Promise<never>((_resolve, reject) => (this.tellOff = reject));
        this.off.catch(() => undefined);
    }

    async close(): Promise<ClosedReport> {
        try {
            const armed = await this.unlessOff(this.arm());
            this.stillWanted();
            await this.unlessOff(
                settled(
                    this.open.map((host) => this.drain(host)),
                    findingsGrace,
                ),
            );
            this.stillWanted();
            const late = this.args.mayClose?.() ?? [];
            if (late.length > 0) {
                throw new Error(`production was not closed:\n${late.join("\n")}`);
            }
            const started = Date.now();
            this.setDeadline(started);
            this.args.log("closing production");
            this.closing = true;
            const frozen = await this.unlessOff(this.freeze());
            const findings = (await this.unlessOff(this.args.proveQuiet?.() ?? Promise.resolve([]))) ?? [];
            if (findings.length > 0) {
                throw new Error(findings.join("\n"));
            }
            await this.unlessOff(this.dump());
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
        this.stillWanted();
        // Hosts keep what was said last, so the whole is said each time.
        this.notes = { ...this.notes, ...notes };
        const word = `note ${JSON.stringify(this.notes)}`;
        await this.unlessOff(
            settled(
                this.open.map(async (host) => {
                    host.say(word);
                    await host.expect(["noted"], 10);
                }),
            ),
        );
    }

    async openAgain(word: LastWord): Promise<OpenReport> {
        const { word: first, reason, report: opening } = this.begin(word);
        const report = await opening;
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
            this.begin("abort", reason);
        }
    }

    /** The first word counts. */
    private begin(word: LastWord, reason?: string) {
        if (!this.opening) {
            this.opening = { word, reason, report: this.openAll(word) };
            this.tellOff(new Error(reason ?? `the window was ended by "${word}"`));
        }
        return this.opening;
    }

    private unlessOff<T>(work: Promise<T>): Promise<T> {
        work.catch(() => undefined);
        return Promise.race([work, this.off]);
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
            Math.min(longestTimer, milliseconds - Math.min(1000, milliseconds / 10)),
        );
    }

    /** Connects to all, arms all. Nothing of a product is touched before every dead-man stands. */
    private async arm(): Promise<Map<ProductId, string>> {
        const results = await Promise.allSettled(
            this.args.hosts.map(async (host) => {
                const before = Date.now();
                const { window, armed } = await HostWindow.open(host, this.args);
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
                .filter(({ host }) => host.databases?.some(({ dumped }) => dumped))
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
        const hosts = await endings[word](windows, this.endArgs(word));
        windows.forEach((host) => host.close());
        for (const host of hosts.filter((candidate) => candidate.error !== undefined)) {
            this.args.log(`${host.product}: ${host.error}`);
        }
        this.summary(hosts, word).forEach((line) => this.args.log(line));
        return { hosts };
    }

    private endArgs(word: LastWord): EndArgs {
        const { maxStaySeconds, drainSeconds, maxClosedSeconds } = this.args;
        const stayUntil = new Date(Date.now() + maxStaySeconds * 1000);
        // As hosts are armed (hosts/window.sh): a host that was drained only is closed to new logins.
        const drained = new Date(Date.now() + (drainSeconds + maxClosedSeconds + 30) * 1000);
        return {
            ...this.args,
            lostSeconds: this.args.lostSeconds ?? lostSeconds,
            until: word === "stay" ? stayUntil : (this.deadline ?? drained),
        };
    }

    /** "Open" is said only when every host has said it. */
    private summary(hosts: OpenedHost[], word: LastWord): string[] {
        if (!this.closing && hosts.every(({ state }) => state === "open")) {
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
        const address = (product: ProductId) =>
            this.args.hosts.find((host) => host.product === product)?.target.address;
        const command = `make thaw HOSTS=…${word === "stay" ? " GIVE_UP=1" : ""}`;
        return [
            ...slow.map(({ product }) => `${product} was started and does not answer yet; its host goes on trying`),
            ...unheard.map(
                ({ product, mayBeClosedUntil, stayUntil }) =>
                    `${product} (${address(product)}) may be closed until ${mayBeClosedUntil ?? stayUntil ?? "somebody opens it"}: ${command}`,
            ),
        ];
    }
}

const endings: Record<LastWord, (windows: HostWindow[], args: EndArgs) => Promise<OpenedHost[]>> = {
    complete: (windows, args) => openInTurn(windows, "complete", args),
    stay: stayAll,
    abort: (windows, args) => openAtOnce(windows, "abort", args),
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
