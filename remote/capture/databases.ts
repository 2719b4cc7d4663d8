// The product databases around a closed window: reached beforehand, proved to have no sessions once every product is stopped, and quiet around
// the moment that their servers can be restored to.
import type { PostgresAccess } from "../../databases";
import type { HostAddress } from "../connection";
import type { DatabaseProbe } from "../databaseProbe";
import { messageOf, within } from "../limits";
import type { WindowNotes } from "../window/types";

/** A product database that is asked through a host that can reach it. */
export interface ProbedDatabase {
    through: HostAddress;
    target: PostgresAccess;
    users: string[];
    /** The server can be restored to a moment. */
    restorable: boolean;
}

export interface ProbedDatabasesArgs {
    databases: ProbedDatabase[];
    /** Note a moment that the database servers can be restored to. */
    notePointInTime: boolean;
    probe: (through: HostAddress, target: PostgresAccess) => Promise<DatabaseProbe>;
    /** Nothing is waited for longer than production is closed. */
    whileClosed: <T>(work: Promise<T>) => Promise<T>;
}

/** Dialling and asking one, s. */
const probeSeconds = 60;

export class ProbedDatabases {
    private readonly probes: DatabaseProbe[] = [];
    private moment?: Promise<Date>;

    constructor(private readonly args: ProbedDatabasesArgs) {}

    /** Connects to all; answers findings. */
    async reach(): Promise<string[]> {
        const probes = await Promise.allSettled(this.args.databases.map((database) => this.probe(database)));
        this.probes.push(...probes.flatMap((probe) => (probe.status === "fulfilled" ? [probe.value] : [])));
        return [...new Set(probes.flatMap((probe) => (probe.status === "rejected" ? [messageOf(probe.reason)] : [])))];
    }

    /**
     * Proof of quiet that only the database can give; a product that stopped leaves its sessions to the server for a moment. The clock
     * for the moment starts with it.
     */
    async sessionsLeft(): Promise<string[]> {
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

    /** What hosts write down of them. */
    async notes(): Promise<WindowNotes> {
        const asked = this.args.databases.map(({ target }) => target.name);
        const moment = this.moment && (await this.args.whileClosed(this.moment));
        return {
            ...(moment && { pointInTime: moment.toISOString() }),
            ...(asked.length > 0 && { databaseSessions: `none in ${asked.join(", ")}` }),
        };
    }

    /** Every server is quiet a while longer than the moment that it will be restored to. */
    async outlastMoment(): Promise<void> {
        const moment = this.moment && (await this.args.whileClosed(this.moment));
        if (moment) {
            await this.args.whileClosed(Promise.all(this.restorable().map((probe) => probe.outlast(moment))));
        }
    }

    /** Rejects when somebody came back while the snapshots were requested. */
    async stillNoSessions(): Promise<void> {
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

    async leave(): Promise<void> {
        await Promise.allSettled(this.probes.map((probe) => within(probe.close(), 5, "a database's connection")));
    }

    private probe({ through, target }: ProbedDatabase): Promise<DatabaseProbe> {
        const probe = this.args.probe(through, target);
        return within(probe, probeSeconds, `database "${target.name}" on ${target.host}`).catch((error: Error) => {
            void probe.then((late) => late.close()).catch(() => undefined);
            throw error;
        });
    }

    /** Of all product databases, at this moment. */
    private async openSessions(): Promise<{ database: string; session: string }[]> {
        const found = this.args.databases.map(async ({ target: { name: database }, users }, index) =>
            (await this.probes[index].openSessions(database, users)).map((session) => ({ database, session })),
        );
        return (await this.args.whileClosed(Promise.all(found))).flat();
    }

    private restorable(): DatabaseProbe[] {
        return this.probes.filter((_probe, index) => this.args.databases[index].restorable);
    }

    /** One moment for all servers: every one of them was quiet around it. */
    private async latestMoment(): Promise<Date> {
        const moments = await Promise.all(this.restorable().map((probe) => probe.nextQuietMoment()));
        return new Date(Math.max(...moments.map((moment) => moment.getTime())));
    }
}
