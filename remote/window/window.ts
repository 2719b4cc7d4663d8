// The closed window: closes production's hosts for as long as this program lives and says so, and opens them again.
import { armAll } from "./arming";
import { account } from "./account";
import { drainAll } from "./draining";
import { dumpAll, freezeAll, Frozen, inFreezeOrder } from "./freezing";
import type { HostWindow } from "./hostWindow";
import { EndArgs, openAtOnce, openInTurn, stayAll } from "./opening";
import { settled } from "./settled";
import type { ClosedReport, ClosedWindow, EndedHost, EndReport, LastWord, WindowArgs, WindowNotes } from "./types";

/** A host whose answer was lost is dialled again for so long. */
const lostSeconds = 120;
/** What a timer holds. */
const longestTimer = 2 ** 31 - 1;

/** One that has closed nothing yet. */
export function windowOf(args: WindowArgs): ClosedWindow {
    return new LiveWindow(args);
}

class LiveWindow implements ClosedWindow {
    deadline: Date | undefined;
    private readonly armed: HostWindow[] = [];
    private ending?: { word: LastWord; reason?: string; report: Promise<EndReport> };
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
            const armedAt = await this.unlessOff(this.arm());
            this.stillWanted();
            await this.unlessOff(drainAll(this.armed, this.args));
            this.stillWanted();
            const late = this.args.mayClose?.() ?? [];
            if (late.length > 0) {
                throw new Error(`production was not closed:\n${late.join("\n")}`);
            }
            const started = Date.now();
            const frozen = await this.freeze(started);
            const freezeMilliseconds = Date.now() - started;
            this.args.log(`closed and proved quiet in ${(freezeMilliseconds / 1000).toFixed(1)} s`);
            return {
                freezeMilliseconds,
                deadline: this.deadline ?? new Date(started),
                hosts: frozen.map(({ product, event }) => ({
                    product,
                    armedAt: armedAt.get(product) ?? "",
                    closedAt: event.closedAt ?? "",
                    quiet: event.quiet ?? {},
                })),
            };
        } catch (error) {
            await this.end("abort");
            // Whoever called it off knows better why than the host that it ended for.
            throw this.ending?.reason === undefined ? error : new Error(this.ending.reason);
        }
    }

    get calledOff(): string | undefined {
        return this.ending?.reason;
    }

    async note(notes: WindowNotes): Promise<void> {
        this.stillWanted();
        // Hosts keep what was said last, so the whole is said each time.
        this.notes = { ...this.notes, ...notes };
        const word = `note ${JSON.stringify(this.notes)}`;
        await this.unlessOff(
            settled(
                this.armed.map(async (host) => {
                    host.say(word);
                    await host.expect(["noted"], 10);
                }),
            ),
        );
    }

    async end(word: LastWord): Promise<EndReport> {
        const { word: first, reason, report: ending } = this.begin(word);
        const report = await ending;
        // Asked to complete what was called off: every host of it is a finding.
        const late =
            first === word || word === "abort" ? undefined : (reason ?? `"${first}" was said before "${word}"`);
        return late === undefined
            ? report
            : { hosts: report.hosts.map((host) => ({ ...host, error: host.error ?? late })) };
    }

    /** Opens at once, for a reason that the window itself noticed. */
    private callOff(reason: string): void {
        if (!this.ending) {
            this.args.log(reason);
            this.begin("abort", reason);
        }
    }

    /** The first word counts. */
    private begin(word: LastWord, reason?: string) {
        if (!this.ending) {
            this.ending = { word, reason, report: this.endAll(word) };
            this.tellOff(new Error(reason ?? `the window was ended by "${word}"`));
        }
        return this.ending;
    }

    private unlessOff<T>(work: Promise<T>): Promise<T> {
        work.catch(() => undefined);
        return Promise.race([work, this.off]);
    }

    private stillWanted(): void {
        if (this.ending) {
            throw new Error(this.ending.reason ?? "the window was called off");
        }
    }

    private async arm() {
        const { hosts, armedAt, findings } = await armAll(this.args, () => this.ending !== undefined);
        this.armed.push(...hosts);
        if (findings.length > 0) {
            throw new Error(findings.join("\n"));
        }
        this.args.log("every host is armed to open again by itself");
        return armedAt;
    }

    private async freeze(started: number): Promise<Frozen[]> {
        this.setDeadline(started);
        this.args.log("closing production");
        this.closing = true;
        const frozen = await this.unlessOff(
            freezeAll(this.armed, {
                log: this.args.log,
                stillWanted: () => this.stillWanted(),
                callOff: (reason) => this.callOff(reason),
            }),
        );
        const findings = (await this.unlessOff(this.args.proveQuiet?.() ?? Promise.resolve([]))) ?? [];
        if (findings.length > 0) {
            throw new Error(findings.join("\n"));
        }
        await this.unlessOff(dumpAll(this.armed, this.args));
        this.stillWanted();
        return frozen;
    }

    /** A little before the hosts' own timers: opened in order and with an account is better than by itself. */
    private setDeadline(started: number): void {
        const { maxClosedSeconds } = this.args.options;
        const milliseconds = maxClosedSeconds * 1000;
        this.deadline = new Date(started + milliseconds);
        this.alarm = setTimeout(
            () => this.callOff(`not done after ${maxClosedSeconds} s (maxClosedSeconds): production opens again`),
            Math.min(longestTimer, milliseconds - Math.min(1000, milliseconds / 10)),
        );
    }

    private async endAll(word: LastWord): Promise<EndReport> {
        clearTimeout(this.alarm);
        const windows = inFreezeOrder(this.armed).reverse();
        const hosts = await endings[word](windows, this.endArgs(word));
        windows.forEach((host) => host.release());
        for (const host of hosts.filter((candidate) => candidate.error !== undefined)) {
            this.args.log(`${host.product}: ${host.error}`);
        }
        account(hosts, word, { closing: this.closing, window: this.args }).forEach((line) => this.args.log(line));
        return { hosts };
    }

    private endArgs(word: LastWord): EndArgs {
        const { options, log } = this.args;
        const stayUntil = new Date(Date.now() + options.maxStaySeconds * 1000);
        // As hosts are armed (hosts/window.sh): a host that was drained only is closed to new logins.
        const drained = new Date(Date.now() + (options.drainSeconds + options.maxClosedSeconds + 30) * 1000);
        return {
            options,
            log,
            lostSeconds: this.args.lostSeconds ?? lostSeconds,
            until: word === "stay" ? stayUntil : (this.deadline ?? drained),
        };
    }
}

const endings: Record<LastWord, (windows: HostWindow[], args: EndArgs) => Promise<EndedHost[]>> = {
    complete: (windows, args) => openInTurn(windows, "complete", args),
    stay: stayAll,
    abort: (windows, args) => openAtOnce(windows, "abort", args),
};
