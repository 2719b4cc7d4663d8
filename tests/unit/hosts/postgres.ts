// Real Postgres servers for tests, in throw-away folders and by an unprivileged user, as they refuse to run as root.
import { ChildProcess, execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { Client } from "pg";
import { needs, postgres } from "../../needs";
import { selfSigned } from "../certificate";
import { freePort } from "../ports";
import { fakeHost, FakeHost } from "./fakeHost";
import { asRoot, give, letIn } from "./people";

/** POSTGRES_BIN tries another version than the system's. */
const folder = [
    process.env.POSTGRES_BIN ?? "",
    ...["15", "16", "17", "18"].map((version) => `/usr/lib/postgresql/${version}/bin`),
].find((bin) => bin !== "" && fs.existsSync(`${bin}/initdb`));
export const postgresBin = folder;
export const postgresVersion = folder
    ? (/ (\d+)/.exec(execFileSync(`${folder}/postgres`, ["--version"]).toString())?.[1] ?? "")
    : "";
const hasPostgres = folder !== undefined;

export interface TestServer {
    port: number;
    data: string;
    /** As its superuser. */
    query(sql: string, database?: string): Promise<Record<string, unknown>[]>;
    /** Can this role sign in with that password? */
    signsIn(user: string, password: string, database?: string): Promise<boolean>;
    stop(): Promise<void>;
}

function unprivileged(number: number, command: string, args: string[]): [string, string[]] {
    return asRoot
        ? ["setpriv", [`--reuid=${number}`, `--regid=${number}`, "--clear-groups", "--", command, ...args]]
        : [command, args];
}

/** `number` is the system's account that it runs as; passwords are asked for on TCP, and TLS is spoken. */
export async function startPostgres(data: string, number = 65534, settings: string[] = []): Promise<TestServer> {
    fs.mkdirSync(data, { recursive: true });
    const passwordFile = path.join(path.dirname(data), `password-of-${path.basename(data)}`);
    fs.writeFileSync(passwordFile, "super\n", { mode: 0o644 });
    give(data, number, number);
    execFileSync(
        ...unprivileged(number, `${folder}/initdb`, [
            "-D",
            data,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "--no-sync",
            "-A",
            "scram-sha-256",
            `--pwfile=${passwordFile}`,
        ]),
        { stdio: ["ignore", "ignore", "pipe"] },
    );
    fs.rmSync(passwordFile);
    selfSigned("localhost", path.join(data, "server.key"), path.join(data, "server.crt"));
    fs.chmodSync(path.join(data, "server.key"), 0o600);
    give(data, number, number);
    const port = await freePort();
    const args = [
        "-D",
        data,
        "-p",
        String(port),
        "-k",
        data,
        "-c",
        "ssl=on",
        "-c",
        "fsync=off",
        ...settings.flatMap((setting) => ["-c", setting]),
    ];
    const child: ChildProcess = spawn(...unprivileged(number, `${folder}/postgres`, args), {
        stdio: "ignore",
        cwd: "/",
    });
    const connect = async (user: string, password: string, database: string) => {
        const client = new Client({
            host: "127.0.0.1",
            port,
            user,
            password,
            database,
            ssl: { rejectUnauthorized: false },
        });
        client.on("error", () => undefined);
        await client.connect();
        return client;
    };
    const query = async (sql: string, database = "postgres") => {
        const client = await connect("postgres", "super", database);
        try {
            const result = await client.query(sql);
            return (Array.isArray(result) ? result[result.length - 1].rows : result.rows) as Record<string, unknown>[];
        } finally {
            await client.end();
        }
    };
    for (let tries = 0; ; tries++) {
        try {
            await query("SELECT 1");
            break;
        } catch (error) {
            if (tries > 100) {
                throw error;
            }
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
    return {
        port,
        data,
        query,
        signsIn: async (user, password, database = "postgres") => {
            try {
                await (await connect(user, password, database)).end();
                return true;
            } catch {
                return false;
            }
        },
        stop: async () => {
            const ended = new Promise((resolve) => child.once("exit", resolve));
            child.kill("SIGINT");
            await ended;
        },
    };
}

/** One server for all tests of a `describe`, which are skipped where no Postgres is installed; in CI that is a failure. */
export function sharedPostgres(started: (server: TestServer) => void, settings: string[] = []): void {
    let server: TestServer | undefined;
    before(async function () {
        needs(this, hasPostgres, postgres);
        const room = fs.mkdtempSync("/tmp/postgres-");
        fs.chmodSync(room, 0o755);
        server = await startPostgres(path.join(room, "data"), 65534, settings);
        started(server);
    });
    after(async () => {
        await server?.stop();
        if (server) fs.rmSync(path.dirname(server.data), { recursive: true });
    });
}

/** A host with the real programs of that server's version, in place of what plays them, which other accounts may enter. */
export async function hostWithPrograms(programs: string[], databaseUnit?: string): Promise<FakeHost> {
    const host = await fakeHost("connect", databaseUnit);
    letIn(host);
    for (const name of programs) {
        const file = path.join(host.root, "bin", name);
        fs.rmSync(file, { force: true });
        fs.symlinkSync(`${postgresBin}/${name}`, file);
    }
    return host;
}

/** Where a script finds the server. */
export const placeOf = ({ port }: TestServer) => ({
    DATABASE_HOST: "127.0.0.1",
    DATABASE_PORT: String(port),
    DATABASE_CA: "",
});
