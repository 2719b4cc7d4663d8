// Looks at production's databases through an SSH connection: is anyone still connected, and which moment can be restored to. Every question
// has a time limit: production may be closed while it is asked.
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { Client } from "pg";
import { z } from "zod";
import type { PostgresAccess } from "../databases";
import { nextQuietMoment, quietTimeLeft } from "../logic/capture/quietMoment";
import { reveal } from "../logic/secret";
import { HostConnection } from "./connection";
import { within } from "./limits";

export interface DatabaseProbe {
    /** Sessions of these users in that database other than this probe's own, as "role from address (state)". */
    openSessions(databaseName: string, users: string[]): Promise<string[]>;
    /** A moment that the server can be restored to, if it is quiet from now on, by its own clock. */
    nextQuietMoment(): Promise<Date>;
    /** Answers once the server was quiet for long enough after the moment. */
    outlast(moment: Date): Promise<void>;
    close(): Promise<void>;
}

/** Seconds. */
export interface ProbeLimits {
    /** Until the server can be asked: the way there, TLS, the login; each. */
    connect: number;
    /** Of one question. Not the server's statement_timeout: a pooler in between may refuse that. */
    question: number;
    /** Of saying goodbye. */
    end: number;
}

/** The driver reads a time as one, or leaves the text. */
const timeRow = z.tuple([
    z.object({
        now: z
            .union([z.date(), z.string()])
            .transform((now) => new Date(now))
            .pipe(z.date()),
    }),
]);
const sessionRows = z.array(
    z.object({ usename: z.string(), address: z.string().nullable(), state: z.string().nullable() }),
);

/** What a server answered, parsed, never cast: a proof of quiet that can't be read is none. */
function rowsOf<S extends z.ZodType>(schema: S, rows: unknown, complaint: string): z.infer<S> {
    const read = schema.safeParse(rows);
    if (!read.success) {
        throw new Error(`${complaint}: it answered something else than expected\n${z.prettifyError(read.error)}`);
    }
    return read.data;
}

const usualLimits: ProbeLimits = { connect: 15, question: 10, end: 2 };

/** Errors name server and database, and say what to check. */
export async function probeDatabase(
    through: HostConnection,
    target: PostgresAccess,
    limits = usualLimits,
): Promise<DatabaseProbe> {
    const { client, stream } = await connectClient(through, target, limits);
    const now = async () => {
        const { rows } = await client.query("SELECT clock_timestamp() AS now");
        return rowsOf(timeRow, rows, `${target.host} told no time`)[0].now;
    };
    return {
        openSessions: async (databaseName, users) => {
            const { rows } = await client.query(
                `SELECT usename, client_addr::text AS address, state FROM pg_stat_activity
                 WHERE pid <> pg_backend_pid() AND application_name <> $3 AND datname = $1 AND usename = ANY ($2)`,
                [databaseName, users, applicationName],
            );
            return rowsOf(sessionRows, rows, `${target.host} told no sessions`).map(
                (row) => `${row.usename} from ${row.address ?? "the server itself"} (${row.state ?? "unknown"})`,
            );
        },
        nextQuietMoment: async () => nextQuietMoment(await now()),
        outlast: async (moment) => {
            for (let left = quietTimeLeft(moment, await now()); left > 0; left = quietTimeLeft(moment, await now())) {
                await new Promise((resolve) => setTimeout(resolve, left));
            }
        },
        close: async () => {
            // A server that says nothing any more does not say goodbye either.
            await within(client.end(), limits.end, target.host).catch(() => undefined);
            stream.destroy();
            through.close();
        },
    };
}

/** One question, and goodbye; the connection through the host stays. */
export async function askDatabase<S extends z.ZodType>(
    through: HostConnection,
    target: PostgresAccess,
    { question, values }: { question: string; values: unknown[] },
    schema: S,
    limits = usualLimits,
): Promise<z.infer<S>> {
    const { client, stream } = await connectClient(through, target, limits);
    try {
        const { rows } = await client.query(question, values);
        return rowsOf(schema, rows, `database "${target.name}" on ${target.host}`);
    } finally {
        await within(client.end(), limits.end, target.host).catch(() => undefined);
        stream.destroy();
    }
}

const applicationName = "posit-upgrade";

async function connectClient(
    through: HostConnection,
    target: PostgresAccess,
    limits: ProbeLimits,
): Promise<{ client: Client; stream: Duplex }> {
    const where = `database "${target.name}" on ${target.host}`;
    const raw = await within(through.forward(target.host, target.port), limits.connect, where);
    const stream = await within(upgrade(raw, target, where), limits.connect, where).catch((error: Error) => {
        raw.destroy();
        throw error;
    });
    const client = new Client({
        user: target.user,
        password: target.password === undefined ? "" : reveal(target.password),
        database: target.name,
        application_name: applicationName,
        connectionTimeoutMillis: limits.connect * 1000,
        query_timeout: limits.question * 1000,
        // The stream is connected and encrypted already: `pg` must neither dial nor ask for TLS.
        stream: () => connected(stream),
        ssl: false,
    });
    client.on("error", () => undefined); // the next query tells
    try {
        await client.connect();
    } catch (error) {
        stream.destroy();
        const { code, message } = error as Error & { code?: string };
        const hint =
            code === "28P01"
                ? `: wrong password for user "${target.user}"; set the secret databasePasswords anew`
                : `: ${message}`;
        throw new Error(`${where} can't be asked${hint}`);
    }
    return { client, stream };
}

/** Postgres asks for TLS in its own words: one request, one letter for an answer, then the handshake. */
function upgrade(raw: Duplex, target: PostgresAccess, where: string): Promise<Duplex> {
    const request = Buffer.alloc(8);
    request.writeInt32BE(8, 0);
    request.writeInt32BE(80877103, 4);
    return new Promise((resolve, reject) => {
        const gone = () =>
            reject(new Error(`${where} closes the connection at once: is that a Postgres server's port?`));
        raw.on("error", reject); // later ones are the encrypted stream's to tell
        raw.once("end", gone);
        raw.once("close", gone);
        raw.once("data", (answer: Buffer) => {
            if (answer.toString("latin1", 0, 1) !== "S") {
                reject(new Error(`${where} offers no TLS; captures ask databases over TLS only`));
                return;
            }
            const secure = tls.connect({
                socket: raw,
                ca: target.ca,
                servername: target.host,
                rejectUnauthorized: target.ca !== undefined,
            });
            secure.once("secureConnect", () => resolve(secure));
            secure.on("error", (error) =>
                reject(new Error(`${where}: TLS failed: ${error.message}; check databaseCaCertificate`)),
            );
        });
        raw.write(request);
    });
}

/** What `pg` does with a socket before it talks. */
function connected(stream: Duplex): Duplex {
    return Object.assign(stream, {
        connect: () => {
            setImmediate(() => stream.emit("connect"));
            return stream;
        },
        setNoDelay: () => stream,
        setKeepAlive: () => stream,
        ref: () => stream,
        unref: () => stream,
    });
}
