// One capture as it happens: close production, let the snapshots be requested, open again the moment every one of them is
// visible. Called from the hooks of the snapshots (components/capture/hooks.ts); knows nothing of Pulumi.
import { connect } from "../connection";
import { probeDatabase } from "../databaseProbe";
import { messageOf, within } from "../limits";
import type { ClosedWindow, WindowArgs } from "../window/types";
import { whileClosed } from "../window/whileClosed";
import { windowOf } from "../window/window";
import { ProbedDatabase, ProbedDatabases, ProbedDatabasesArgs } from "./databases";
import { seeRequests } from "./requests";

export interface CaptureRunArgs extends Omit<WindowArgs, "proveQuiet"> {
    /** Why this run may not take this capture; then `close` refuses and production is not touched. */
    refusal?: string;
    databases: ProbedDatabase[];
    /** Note a moment that the database servers can be restored to. */
    notePointInTime: boolean;
    /** What can be known without touching production and must be right; answers findings. May take its time. */
    preflight: () => Promise<string[]>;
    /** The same, of what is asked last, since the preflight may have taken long. */
    checks?: (() => Promise<string[]>)[];
    /** Snapshots of this capture that must be visible before production opens, by volume id or server. */
    expected: string[];
    /** Source → id of those of them that were requested since then, for good. May fail: what can't be asked is not seen yet. */
    requested: (since: Date) => Promise<Record<string, string>>;
    /** A failing `requested` that will not mend. */
    hopeless?: (error: unknown) => boolean;
}

/** What a run is made of; tests put their own in place. */
export interface CaptureRunParts {
    window: (args: WindowArgs) => ClosedWindow;
    probe: ProbedDatabasesArgs["probe"];
}

const realParts: CaptureRunParts = {
    window: windowOf,
    probe: async (through, target) => {
        const connection = await connect(through);
        try {
            return await probeDatabase(connection, target);
        } catch (error) {
            connection.close();
            throw error;
        }
    },
};

/** Of what is asked before anything is closed, s; the preflight waits for AWS's pause. */
const preflightSeconds = 180;
const checkSeconds = 120;
/** Of one look at the cloud, s; the next one may be answered. */
const lookSeconds = 15;

export class CaptureRun {
    private readonly window: ClosedWindow;
    private readonly databases: ProbedDatabases;
    private closing?: Promise<void>;
    private opening?: Promise<void>;
    private aborted?: string;
    /** Source → id of the snapshots that were seen while production was closed: these are the capture. */
    private seen: Record<string, string> = {};

    constructor(
        private readonly args: CaptureRunArgs,
        parts: CaptureRunParts = realParts,
    ) {
        this.databases = new ProbedDatabases({
            databases: args.databases,
            notePointInTime: args.notePointInTime,
            probe: parts.probe,
            whileClosed: (work) => this.whileClosed(work),
        });
        this.window = parts.window({ ...args, proveQuiet: () => this.databases.sessionsLeft() });
    }

    /** Closes production once, however many snapshots ask for it. Rejects with every finding; production is open again then. */
    close(): Promise<void> {
        this.closing ??= this.closeOnce();
        return this.closing;
    }

    /**
     * Ends when production is open again (or explicitly staying closed). Rejects when that happened for any other reason than completion,
     * and when what the cloud took in the end is not what was seen while production was closed.
     */
    async finished(taken?: { id: string; source?: string }): Promise<void> {
        if (!this.closing) {
            return; // adopted: this run closed nothing
        }
        await this.opening;
        const { token } = this.args.options;
        if (this.aborted) {
            throw new Error(`capture ${token} is void: ${this.aborted}`);
        }
        if (taken && !Object.values(this.seen).includes(taken.id)) {
            const counts = taken.source === undefined ? undefined : this.seen[taken.source];
            throw new Error(
                `capture ${token} is complete, but AWS took a second snapshot of ${taken.source ?? "a source"} (${taken.id}) after the answer to the first request was lost. ${counts ?? "The first one"} counts, which was seen while production was closed: the next \`pulumi up\` adopts it. ${taken.id} may be deleted by hand then`,
            );
        }
    }

    /** Opens production now; the capture is void. */
    async abort(reason: string): Promise<void> {
        if (!this.closing) {
            return;
        }
        this.aborted ??= reason;
        await this.window.end("abort");
    }

    private async closeOnce(): Promise<void> {
        if (this.args.refusal) {
            throw new Error(this.args.refusal);
        }
        try {
            await this.prepare();
            await this.window.close();
            // Nothing is requested before this moment: whoever wants to waits for it.
            const since = new Date();
            this.opening = this.openWhenRequested(since);
            // Reported by `finished`; without a listener of its own an early failure would end the program.
            this.opening.catch(() => undefined);
        } catch (error) {
            await this.databases.leave();
            throw error;
        }
    }

    private async openWhenRequested(since: Date): Promise<void> {
        try {
            await Promise.all([this.waitForRequests(since), this.noteDatabases(), this.databases.outlastMoment()]);
            if (this.aborted) {
                return; // whoever said so has opened already
            }
            await Promise.all([this.noteAll(), this.databases.stillNoSessions()]);
            const report = await this.window.end(this.args.options.reopen ? "complete" : "stay");
            const wrong = report.hosts.filter((host) => host.error !== undefined);
            if (wrong.length > 0) {
                this.aborted ??= wrong.map((host) => `${host.product}: ${host.error}`).join("; ");
            }
        } catch (error) {
            this.aborted ??= messageOf(error);
            await this.window.end("abort");
        } finally {
            await this.databases.leave();
        }
    }

    private async waitForRequests(since: Date): Promise<void> {
        const { expected, requested, hopeless, log } = this.args;
        const asked = () => this.whileClosed(within(requested(since), lookSeconds, "the cloud"));
        this.seen = await seeRequests({
            expected,
            asked,
            hopeless,
            log,
            window: this.window,
            over: () => !!this.aborted,
        });
    }

    private whileClosed<T>(work: Promise<T>): Promise<T> {
        return whileClosed(this.window, () => this.aborted, work);
    }

    /** What only the databases could tell stands in the hosts' markers, beside their own proofs. */
    private async noteDatabases(): Promise<void> {
        const notes = await this.databases.notes();
        if (Object.keys(notes).length > 0) {
            await this.window.note(notes);
        }
    }

    /** Which snapshots are this capture: on every host before one opens or stays, since nobody else can tell later. */
    private async noteAll(): Promise<void> {
        const snapshots = Object.fromEntries(this.args.expected.map((source) => [source, this.seen[source]]));
        // A host keeps what it was told last.
        await this.window.note({ ...(await this.databases.notes()), snapshots });
    }

    /** Everything that is missing, at once, while production serves undisturbed. */
    private async prepare(): Promise<void> {
        const findings = [
            ...(await this.databases.reach()),
            ...(await within(this.args.preflight(), preflightSeconds, "what must be right before closing")),
        ];
        // Last, since the rest may have taken long: the maintenance window may be over by now.
        const checked = await Promise.all(
            (this.args.checks ?? []).map((check) => within(check(), checkSeconds, "a check before closing")),
        );
        findings.push(...checked.flat());
        if (findings.length > 0) {
            throw new Error(`production was not touched:\n${findings.join("\n")}`);
        }
    }
}
