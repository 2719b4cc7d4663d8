// One capture as it happens: close production, let the snapshots be requested, open again the moment every one of them is
// visible. Called from the hooks of the snapshots (components/capture/capture.ts); knows nothing of Pulumi.
import { connect, HostAddress } from "../connection";
import { DatabaseProbe, DatabaseTarget, probeDatabase } from "../databaseProbe";
import { messageOf, whileClosed, within } from "../limits";
import { seeRequests } from "./requests";
import { ClosedWindow, openWindow, WindowArgs, WindowNotes } from "../window/window";

export interface CaptureRunArgs extends Omit<WindowArgs, "proveQuiet"> {
    /** Why this run may not take this capture; then `close` refuses and production is not touched. */
    refusal?: string;
    /** The product databases, each asked through a host that can reach it. */
    databases: {
        through: HostAddress;
        target: DatabaseTarget;
        roles: string[];
        /** The server can be restored to a moment. */
        restorable: boolean;
    }[];
    /** What can be known without touching production and must be right; answers findings. May take its time. */
    preflight: () => Promise<string[]>;
    /** Note a moment that the database servers can be restored to. */
    notePointInTime: boolean;
    /** Snapshots of this capture that must be visible before production opens, by volume id or server. */
    expected: string[];
    /** Source → id of those of them that were requested since then, for good. May fail: what can't be asked is not seen yet. */
    requested: (since: Date) => Promise<Record<string, string>>;
    /** A failing `requested` that will not mend. */
    hopeless?: (error: unknown) => boolean;
}

/** What a run is made of; tests put their own in place. */
export interface CaptureRunParts {
    open: (args: WindowArgs) => ClosedWindow;
    probe: (through: HostAddress, target: DatabaseTarget) => Promise<DatabaseProbe>;
}

const realParts: CaptureRunParts = {
    open: openWindow,
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

/** Of what is asked before anything is closed, s: dialling and asking a database; the preflight, which waits for AWS's pause. */
const probeSeconds = 60;
const preflightSeconds = 180;
const checkSeconds = 120;
/** Of one look at the cloud, s; the next one may be answered. */
const lookSeconds = 15;

export class CaptureRun {
    private readonly window: ClosedWindow;
    private readonly probes: DatabaseProbe[] = [];
    private closing?: Promise<void>;
    private opening?: Promise<void>;
    private aborted?: string;
    private moment?: Promise<Date>;
    /** Source → id of the snapshots that were seen while production was closed: these are the capture. */
    private seen: Record<string, string> = {};
    private readonly checks: (() => Promise<string[]>)[] = [];

    constructor(
        private readonly args: CaptureRunArgs,
        private readonly parts: CaptureRunParts = realParts,
    ) {
        this.window = parts.open({ ...args, proveQuiet: () => this.databaseFindings() });
    }

    /** One more thing that must be right before production is touched; answers findings. */
    alsoCheck(findings: () => Promise<string[]>): void {
        this.checks.push(findings);
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
        if (this.aborted) {
            throw new Error(`capture ${this.args.token} is void: ${this.aborted}`);
        }
        if (taken && !Object.values(this.seen).includes(taken.id)) {
            const counts = taken.source === undefined ? undefined : this.seen[taken.source];
            throw new Error(
                `capture ${this.args.token} is complete, but AWS took a second snapshot of ${taken.source ?? "a source"} (${taken.id}) after the answer to the first request was lost. ${counts ?? "The first one"} counts, which was seen while production was closed: the next \`pulumi up\` adopts it. ${taken.id} may be deleted by hand then`,
            );
        }
    }

    /** Opens production now; the capture is void. */
    async abort(reason: string): Promise<void> {
        if (!this.closing) {
            return;
        }
        this.aborted ??= reason;
        await this.window.openAgain("abort");
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
            await this.closeProbes();
            throw error;
        }
    }

    private async openWhenRequested(since: Date): Promise<void> {
        try {
            await Promise.all([this.waitForRequests(since), this.noteDatabases(), this.outlastMoment()]);
            if (this.aborted) {
                return; // whoever said so has opened already
            }
            await Promise.all([this.noteAll(), this.stillNoSessions()]);
            const report = await this.window.openAgain(this.args.reopen ? "complete" : "stay");
            const wrong = report.hosts.filter((host) => host.error !== undefined);
            if (wrong.length > 0) {
                this.aborted ??= wrong.map((host) => `${host.product}: ${host.error}`).join("; ");
            }
        } catch (error) {
            this.aborted ??= messageOf(error);
            await this.window.openAgain("abort");
        } finally {
            await this.closeProbes();
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
        const notes = await this.databaseNotes();
        if (Object.keys(notes).length > 0) {
            await this.window.note(notes);
        }
    }

    /** Which snapshots are this capture: on every host before one opens or stays, since nobody else can tell later. */
    private async noteAll(): Promise<void> {
        const snapshots = Object.fromEntries(this.args.expected.map((source) => [source, this.seen[source]]));
        // A host keeps what it was told last.
        await this.window.note({ ...(await this.databaseNotes()), snapshots });
    }

    private async databaseNotes(): Promise<WindowNotes> {
        const asked = this.args.databases.map(({ target }) => target.database);
        const moment = this.moment && (await this.whileClosed(this.moment));
        return {
            ...(moment && { pointInTime: moment.toISOString() }),
            ...(asked.length > 0 && { databaseSessions: `none in ${asked.join(", ")}` }),
        };
    }

    /** Every server is quiet a while longer than the moment that it will be restored to. */
    private async outlastMoment(): Promise<void> {
        const moment = this.moment && (await this.whileClosed(this.moment));
        if (moment) {
            await this.whileClosed(Promise.all(this.restorable().map((probe) => probe.outlast(moment))));
        }
    }

    /** Nobody came back while the snapshots were requested. */
    private async stillNoSessions(): Promise<void> {
        const sessions = await this.openSessions();
        if (sessions.length > 0) {
            throw new Error(
                sessions
                    .map(
                        ({ database, session }) =>
                            `database ${database} has a session again before production opened: ${session}`,
                    )
                    .join("\n"),
            );
        }
    }

    /** Of all product databases, at this moment. */
    private async openSessions(): Promise<{ database: string; session: string }[]> {
        const found = this.args.databases.map(async ({ target: { database }, roles }, index) =>
            (await this.probes[index].openSessions(database, roles)).map((session) => ({ database, session })),
        );
        return (await this.whileClosed(Promise.all(found))).flat();
    }

    private restorable(): DatabaseProbe[] {
        return this.probes.filter((_probe, index) => this.args.databases[index].restorable);
    }

    /** Everything that is missing, at once, while production serves undisturbed. */
    private async prepare(): Promise<void> {
        const probes = await Promise.allSettled(this.args.databases.map((database) => this.probe(database)));
        this.probes.push(...probes.flatMap((probe) => (probe.status === "fulfilled" ? [probe.value] : [])));
        const findings = [
            ...new Set(probes.flatMap((probe) => (probe.status === "rejected" ? [messageOf(probe.reason)] : []))),
            ...(await within(this.args.preflight(), preflightSeconds, "what must be right before closing")),
        ];
        // Last, since the rest may have taken long: the maintenance window may be over by now.
        const checked = await Promise.all(
            this.checks.map((check) => within(check(), checkSeconds, "a check before closing")),
        );
        findings.push(...checked.flat());
        if (findings.length > 0) {
            throw new Error(`production was not touched:\n${findings.join("\n")}`);
        }
    }

    private probe({ through, target }: CaptureRunArgs["databases"][number]): Promise<DatabaseProbe> {
        const probe = this.parts.probe(through, target);
        return within(probe, probeSeconds, `database "${target.database}" on ${target.host}`).catch((error: Error) => {
            void probe.then((late) => late.close()).catch(() => undefined);
            throw error;
        });
    }

    private async closeProbes(): Promise<void> {
        await Promise.allSettled(this.probes.map((probe) => within(probe.close(), 5, "a database's connection")));
    }

    /**
     * Proof of quiet that only the database can give; a product that stopped leaves its sessions to the server for a moment. The clock
     * for the moment starts with it.
     */
    private async databaseFindings(): Promise<string[]> {
        let sessions = await this.openSessions();
        for (let tries = 0; sessions.length > 0 && tries < 30; tries++) {
            await new Promise((resolve) => setTimeout(resolve, 100));
            sessions = await this.openSessions();
        }
        if (this.args.notePointInTime && this.probes.length > 0 && sessions.length === 0) {
            this.moment = this.latestMoment();
            this.moment.catch(() => undefined); // reported where it is awaited
        }
        return sessions.map(({ database, session }) => `database ${database} still has a session: ${session}`);
    }

    /** One moment for all servers: every one of them was quiet around it. */
    private async latestMoment(): Promise<Date> {
        const moments = await Promise.all(this.restorable().map((probe) => probe.nextQuietMoment()));
        return new Date(Math.max(...moments.map((moment) => moment.getTime())));
    }
}
