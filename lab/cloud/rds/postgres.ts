// One PostgreSQL server: made, configured, started, asked and stopped. It runs as the postgres user in its own network
// and mount namespaces and outlives the daemon, which finds it again in the ledger.
import * as fs from "node:fs";
import * as path from "node:path";
import { Client } from "pg";
import { checkout, logFolder, prefix } from "../../paths";
import type { CloudContext } from "../service";
import { issueCertificate } from "./ca";
import { identityMap, inside, renderAccess, renderSettings } from "./configuration";
import type { ServerSettings } from "./configuration";
import { port } from "./records";
import { configurationFolder, forgetProcess, giveToPostgres, instanceFolder, makeDataFolder } from "./storage";

const versionsFolder = "/usr/lib/postgresql"; // where Debian and Ubuntu keep one folder per major version
const script = path.join(checkout, "lab/cloud/rds/as-postgres.sh");
const processName = (identifier: string): string => `postgres-${identifier}`;
const program = (major: string, name: string): string => path.join(versionsFolder, major, "bin", name);

export const majorOf = (engineVersion: string): string => engineVersion.split(".")[0];

/** Newest first. */
export function installedMajors(): string[] {
    const names = fs.existsSync(versionsFolder) ? fs.readdirSync(versionsFolder) : [];
    return names.filter((name) => fs.existsSync(program(name, "postgres"))).sort((a, b) => Number(b) - Number(a));
}

/** "15" → "15.18" */
export async function fullVersion(context: CloudContext, major: string): Promise<string> {
    const text = await context.run([program(major, "postgres"), "--version"]);
    return /\(PostgreSQL\) (\S+)/.exec(text)?.[1] ?? major;
}

const asPostgres = (identifier: string, command: string[]): string[] => [
    ...["unshare", "--mount", "--ipc", "--propagation", "slave"],
    ...["bash", script, instanceFolder(identifier), ...command],
];

/** Where the postgres user may read; forgotten by a reboot, and made again. */
const localesFolder = path.join("/run", `${prefix}-locales`);

/** RDS's own databases are of en_US.UTF-8, which few machines have; the rest is the machine's own. */
async function localePath(context: CloudContext): Promise<string> {
    const made = path.join(localesFolder, "en_US.UTF-8");
    if (!fs.existsSync(made)) {
        fs.mkdirSync(localesFolder, { recursive: true, mode: 0o755 });
        const half = `${made}.${process.pid}`;
        // Warnings about the language's own definition are no failure (-c).
        await context.run(["localedef", "-c", "-i", "en_US", "-f", "UTF-8", half], { timeout: 120 });
        fs.renameSync(half, made);
    }
    return `${localesFolder}:/usr/lib/locale`;
}

/** An empty cluster whose only role is the cloud's own. */
export async function initialise(context: CloudContext, identifier: string, major: string): Promise<void> {
    await makeDataFolder(identifier);
    const options = ["--username=rdsadmin", "--encoding=UTF8", "--locale=en_US.UTF-8", "--wal-segsize=4"];
    const quiet = ["--no-sync", "--no-instructions", "--auth=peer"];
    const command = [program(major, "initdb"), `--pgdata=${inside.data}`, ...options, ...quiet];
    const locales = await localePath(context);
    await context.run(["env", `LOCPATH=${locales}`, ...asPostgres(identifier, command)], { timeout: 120 });
}

/** Writes all that the server reads at its start; only the cloud itself gets in at first. */
export async function configure(
    identifier: string,
    address: string,
    settings: Omit<ServerSettings, "port">,
): Promise<void> {
    const folder = configurationFolder(identifier);
    const write = (name: string, text: string): void => fs.writeFileSync(path.join(folder, name), text);
    write("postgresql.conf", renderSettings({ ...settings, port }));
    write("pg_hba.conf", renderAccess(false));
    write("pg_ident.conf", identityMap);
    if (!fs.existsSync(path.join(folder, "server.pem"))) {
        await issueCertificate(folder, identifier, address);
    }
    await giveToPostgres([folder]);
    fs.chmodSync(path.join(folder, "server.key"), 0o600);
}

/** Lets the server's users in (with TLS). */
export async function open(context: CloudContext, identifier: string): Promise<void> {
    fs.writeFileSync(path.join(configurationFolder(identifier), "pg_hba.conf"), renderAccess(true));
    await query(context, identifier, "SELECT pg_reload_conf()");
}

export const processOf = (context: CloudContext, identifier: string): number | undefined =>
    context.findProcess(processName(identifier));

export async function startServer(
    context: CloudContext,
    identifier: string,
    major: string,
    namespace: string,
): Promise<void> {
    if (processOf(context, identifier) !== undefined) {
        return;
    }
    await endRemains(context, namespace);
    forgetProcess(identifier);
    const command = [program(major, "postgres"), "-c", `config_file=${inside.configuration}/postgresql.conf`];
    await context.startProcess({
        name: processName(identifier),
        command: asPostgres(identifier, command),
        namespace,
        env: { LC_ALL: "C.UTF-8", LOCPATH: await localePath(context) },
    });
}

/** What a killed server left running would go on to write into the files that the next one takes over. */
async function endRemains(context: CloudContext, namespace: string): Promise<void> {
    await context.waitFor(
        `nothing is left running in ${namespace}`,
        async () => {
            const pids = (await context.run(["ip", "netns", "pids", namespace]))
                .split("\n")
                .filter(Boolean)
                .map(Number);
            await Promise.all(pids.map((pid) => context.run(["kill", "-KILL", String(pid)]).catch(() => undefined)));
            return pids.length === 0;
        },
        10,
    );
}

/** Waits until the server takes writes: after a restore that is when all the log is replayed. */
export async function untilWritable(context: CloudContext, identifier: string, seconds: number): Promise<void> {
    await context.waitFor(
        `database server ${identifier} takes writes`,
        async () => {
            if (processOf(context, identifier) === undefined) {
                throw new Error(`The database server ${identifier} ended at its start: ${lastWords(identifier)}`);
            }
            return isWritable(context, identifier).catch(() => false);
        },
        seconds,
    );
}

async function isWritable(context: CloudContext, identifier: string): Promise<boolean> {
    const rows = await query<{ writable: boolean }>(
        context,
        identifier,
        "SELECT NOT pg_is_in_recovery() AS writable",
        "template1",
    );
    return rows[0].writable;
}

function lastWords(identifier: string): string {
    const file = path.join(logFolder, `${processName(identifier)}.log`);
    const lines = fs.existsSync(file) ? fs.readFileSync(file, "utf8").trim().split("\n") : [];
    return lines.filter((line) => /FATAL|PANIC/.test(line)).at(-1) ?? lines.at(-1) ?? "it said nothing";
}

/** Fast: open connections are ended, everything is written out. */
export const stopServer = (context: CloudContext, identifier: string): Promise<void> =>
    context.endProcess(processName(identifier), { signal: "SIGINT", graceSeconds: 60 });

/** Asks as the cloud's own superuser, through the socket that only it may use. */
export async function query<Row extends object>(
    context: CloudContext,
    identifier: string,
    text: string | string[],
    database = "rdsadmin",
): Promise<Row[]> {
    const pid = processOf(context, identifier);
    if (pid === undefined) {
        throw new Error(`The database server ${identifier} doesn't run`);
    }
    const client = new Client({
        host: `/proc/${pid}/root${inside.socket}`, // its mount namespace, seen from outside
        port,
        user: "rdsadmin",
        database,
        connectionTimeoutMillis: 5000,
    });
    client.on("error", () => undefined); // told by the query that it breaks
    await client.connect();
    try {
        let rows: Row[] = [];
        for (const statement of [text].flat()) {
            rows = (await client.query<Row>(statement)).rows;
        }
        return rows;
    } finally {
        await client.end().catch(() => undefined);
    }
}
