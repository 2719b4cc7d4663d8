// One capture as it happens: close production, let the snapshots be requested, open again the moment every one of them is
// visible. Called from the hooks of the snapshots (components/capture.ts); knows nothing of Pulumi.
import { connect, HostAddress } from "./connection";
import { DatabaseProbe, DatabaseTarget, probeDatabase } from "./databaseProbe";
import { ClosedWindow, openWindow, WindowArgs } from "./window";

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
    /** Those of them that are requested for good by now. */
    requested: (since: Date) => Promise<string[]>;
}

/** What a run is made of; tests put their own in place. */
export interface CaptureRunParts {
    open: (args: WindowArgs) => ClosedWindow;
    probe: (through: HostAddress, target: DatabaseTarget) => Promise<DatabaseProbe>;
}

const realParts: CaptureRunParts = {
    open: openWindow,
    probe: async (through, target) => probeDatabase(await connect(through), target),
};

export class CaptureRun {
    private readonly window: ClosedWindow;
    private readonly probes: DatabaseProbe[] = [];
    private closing?: Promise<void>;
    private opening?: Promise<void>;
    private aborted?: string;
    private moment?: Promise<Date>;
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

    /** Ends when production is open again (or explicitly staying closed). Rejects when that happened for any other reason than completion. */
    async finished(): Promise<void> {
        if (!this.closing) {
            return; // adopted: this run closed nothing
        }
        await this.opening;
        if (this.aborted) {
            throw new Error(`capture ${this.args.token} is void: ${this.aborted}`);
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
            const since = new Date();
            await this.window.close();
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
            await this.stillNoSessions();
            const report = await this.window.openAgain(this.args.reopen ? "complete" : "stay");
            const wrong = report.hosts.filter((host) => host.error !== undefined);
            if (wrong.length > 0) {
                this.aborted ??= wrong.map((host) => `${host.product}: ${host.error}`).join("; ");
            }
        } catch (error) {
            this.aborted ??= error instanceof Error ? error.message : String(error);
            await this.window.openAgain("abort");
        } finally {
            await this.closeProbes();
        }
    }

    private async waitForRequests(since: Date): Promise<void> {
        const missing = new Set(this.args.expected);
        while (missing.size > 0 && !this.aborted) {
            for (const source of await this.args.requested(since)) {
                missing.delete(source);
            }
            if (this.window.calledOff !== undefined) {
                throw new Error(this.window.calledOff);
            }
            const deadline = this.window.deadline;
            if (deadline && Date.now() > deadline.getTime() - 2000) {
                throw new Error(`no snapshot of ${[...missing].join(", ")} was visible before the window's deadline`);
            }
            await new Promise((resolve) => setTimeout(resolve, missing.size > 0 ? 100 : 0));
        }
    }

    /** What only the databases could tell stands in the hosts' markers, beside their own proofs. */
    private async noteDatabases(): Promise<void> {
        const asked = this.args.databases.map(({ target }) => target.database);
        const moment = await this.moment;
        const notes = {
            ...(moment && { pointInTime: moment.toISOString() }),
            ...(asked.length > 0 && { databaseSessions: `none in ${asked.join(", ")}` }),
        };
        if (Object.keys(notes).length > 0) {
            await this.window.note(notes);
        }
    }

    /** Every server is quiet a while longer than the moment that it will be restored to. */
    private async outlastMoment(): Promise<void> {
        const moment = await this.moment;
        if (moment) {
            await Promise.all(this.restorable().map((probe) => probe.outlast(moment)));
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
        const found = await Promise.all(
            this.args.databases.map(async ({ target: { database }, roles }, index) =>
                (await this.probes[index].openSessions(database, roles)).map((session) => ({ database, session })),
            ),
        );
        return found.flat();
    }

    private restorable(): DatabaseProbe[] {
        return this.probes.filter((_probe, index) => this.args.databases[index].restorable);
    }

    /** Everything that is missing, at once, while production serves undisturbed. */
    private async prepare(): Promise<void> {
        const probes = await Promise.allSettled(
            this.args.databases.map(({ through, target }) => this.parts.probe(through, target)),
        );
        this.probes.push(...probes.flatMap((probe) => (probe.status === "fulfilled" ? [probe.value] : [])));
        const findings = [
            ...new Set(
                probes.flatMap((probe) => (probe.status === "rejected" ? [(probe.reason as Error).message] : [])),
            ),
            ...(await this.args.preflight()),
            ...(await Promise.all(this.checks.map((check) => check()))).flat(),
        ];
        if (findings.length > 0) {
            throw new Error(`production was not touched:\n${findings.join("\n")}`);
        }
    }

    private async closeProbes(): Promise<void> {
        await Promise.allSettled(this.probes.map((probe) => probe.close()));
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
