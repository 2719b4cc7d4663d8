// How each database gets into a capture, and why so: in one that opens production again by the way with the shortest safe closed window, in a final
// one by the way after which the new side can serve soonest (decision 31).
import type { CaptureConfig } from "../../config/schema";
import {
    CarriedDatabase,
    DatabaseConfig,
    notOnFresh,
    onVolumes,
    ServerFacts,
    ServerMethod,
    serverMethod,
    settingsSeen,
} from "../../databases";
import { byProduct, DatabaseRole, PerProduct, ProductId, products, withRole } from "../../products";
import type { DatabaseSize, MovedDatabase } from "../aws/predict";
import { closedForDump, closedForSnapshot, DryRun, duration, Forecast, forecastOf, sizeOf } from "./cutover";

export interface MethodChoice {
    /** A server's identifier, or a product whose database lies on its host's volumes. */
    of: string;
    method: ServerMethod | CarriedDatabase["method"];
    /** For people, in the log of the run that closes production. */
    why: string;
    /** A server whose databases are dumped to their products' volumes. */
    dumped?: true;
    /** Of one that is dumped, where a dry run said it. */
    size?: DatabaseSize;
}

export type ChosenCapture = Pick<CaptureConfig, "database" | "reopen" | "maxClosedSeconds"> & {
    /** The server that its dumps are loaded into stands already. */
    prepared?: boolean;
};

/** By server. */
type Servers = Record<string, ServerFacts>;
export type DryRuns = Record<string, DryRun>;

/** What is known of dumps, beside what the cloud says of servers. */
export interface KnownDumps {
    dryRuns?: DryRuns;
    /** Servers that an environment has restored from a dump already (logic/capture/rehearsed.ts). */
    rehearsed?: string[];
}

/** Whether a choice needs dry runs: a dump is meant, or may be the shortest way. */
export function mayDump({ database, reopen }: Pick<ChosenCapture, "database" | "reopen">): boolean {
    return database === "dump" || (database === "auto" && !reopen);
}

/** One choice for each server and each database elsewhere. */
export function chooseMethods(
    capture: ChosenCapture,
    databases: PerProduct<DatabaseConfig[]>,
    servers: Servers,
    known: KnownDumps = {},
): MethodChoice[] {
    const onServers =
        capture.database === "auto" && !capture.reopen
            ? soonest(capture, servers, known)
            : alike(capture, servers, known);
    return [...onServers, ...byProduct(databases).flatMap(([product, own]) => elsewhere(product, own))];
}

/** Of servers that are not dumped. */
export function serverMethodOf(choices: MethodChoice[]): ServerMethod {
    return choices.some(({ method }) => method === "snapshot") ? "snapshot" : "pointInTime";
}

/** Servers that are dumped to their products' volumes. */
export function dumpedServers(choices: MethodChoice[]): string[] {
    return choices.filter(({ dumped: isDumped }) => isDumped).map(({ of }) => of);
}

/** Why a capture can't be taken as it was chosen, asked before anything is closed. */
export function dumpFindings(capture: ChosenCapture, choices: MethodChoice[], dryRuns: DryRuns): string[] {
    return dumpedServers(choices).flatMap((server) => {
        const problem = dumpProblem(capture, dryRuns[server]);
        return problem === undefined ? [] : [`database server ${server} can't be dumped: ${problem}`];
    });
}

function dumpProblem({ maxClosedSeconds }: ChosenCapture, dryRun: DryRun | undefined): string | undefined {
    if (dryRun === undefined || dryRun.problem !== undefined) {
        return dryRun?.problem ?? "nobody tried to";
    }
    const wanted = closedForDump(dryRun);
    return wanted > maxClosedSeconds
        ? `a dry run took ${duration(dryRun.seconds)}, and production may be closed for ${maxClosedSeconds} s only; set maxClosedSeconds: ${wanted} at least`
        : undefined;
}

const dumped = "dump" as const;

function dumpIf(
    method: MethodChoice["method"],
    dryRun: DryRun | undefined,
    { dbInstanceClass }: ServerFacts,
): Pick<MethodChoice, "dumped" | "size"> {
    const size = sizeOf(dryRun, dbInstanceClass);
    return method === dumped ? { dumped: true, ...(size && { size }) } : {};
}

// ---- a capture that opens again ----

/** One moment, or snapshots: one method for all. */
function alike({ database }: ChosenCapture, servers: Servers, { dryRuns = {} }: KnownDumps): MethodChoice[] {
    const choices = Object.entries(servers).map(([of, facts]): MethodChoice => {
        const choice = serverMethod(database, facts);
        const why = choice.method === dumped ? [choice.why, ...leftBehind(facts, dryRuns[of])].join("; ") : choice.why;
        return { of, ...choice, why, ...dumpIf(choice.method, dryRuns[of], facts) };
    });
    const slowest = choices.find(({ method }) => method === "snapshot");
    return choices.map((choice) =>
        slowest && choice.method === "pointInTime"
            ? { ...choice, method: slowest.method, why: `as ${slowest.of}, since all servers are captured alike` }
            : choice,
    );
}

/** What nobody has on the new side who dumps it nevertheless. */
function leftBehind(facts: ServerFacts, dryRun: DryRun | undefined): string[] {
    const settings = notOnFresh(settingsSeen(facts));
    const { loses = [] } = dryRun ?? {};
    return [
        ...(settings.length > 0
            ? [`the new server will not have its ${settings.join(", ")}: set that there after the restore, by hand`]
            : []),
        ...(loses.length > 0 ? [`what is loaded leaves out ${loses.join(", ")}: make that again by hand`] : []),
    ];
}

// ---- a final one ----

type Method = ServerMethod | "dump";
interface Way {
    method: Method;
    forecast: Forecast;
}
/** Of one server: how each way would go, or why it does not. */
type Ways = Record<
    Method,
    { forecast: Forecast } | { problem: string; /** If only it were rehearsed. */ would?: Forecast }
>;

/** For all servers what lets the last of them serve soonest; those that are not dumped are captured alike. */
function soonest(
    capture: ChosenCapture,
    servers: Servers,
    { dryRuns = {}, rehearsed = [] }: KnownDumps,
): MethodChoice[] {
    const names = Object.keys(servers);
    const all = names.map((server) => waysOf(capture, servers[server], dryRuns[server], rehearsed.includes(server)));
    const plans = (["pointInTime", "snapshot"] as const).map((other) => all.map((ways) => bestOf(ways, other)));
    const possible = plans.filter((plan): plan is Way[] => plan.every((way) => way !== undefined));
    const best = [...possible].sort((one, another) => last(one) - last(another))[0];
    return names.map((of, index) => {
        const way = best?.[index];
        const method = way?.method ?? serverMethod("auto", servers[of]).method;
        return {
            ...{ of, method, why: reason(method, way?.forecast, all[index]) + told(dryRuns[of]) },
            ...dumpIf(method, dryRuns[of], servers[of]),
        };
    });
}

const last = (ways: Way[]) => Math.max(0, ...ways.map(({ forecast }) => forecast.usual));

function waysOf(capture: ChosenCapture, facts: ServerFacts, dryRun: DryRun | undefined, isRehearsed: boolean): Ways {
    const size = sizeOf(dryRun, facts.dbInstanceClass);
    const dump = unless(dumpProblem(capture, dryRun) ?? unlikeRestored(facts, dryRun), {
        how: "dumped",
        size,
        prepared: capture.prepared,
    });
    return {
        dump: isRehearsed || "problem" in dump ? dump : { problem: unrehearsed, would: dump.forecast },
        snapshot: unless(snapshotProblem(capture, facts), { how: "snapshot" }),
        pointInTime: unless(momentProblem(facts), { how: "pointInTime" }),
    };
}

const unrehearsed = "no environment has restored a dump of it yet";

/** A restored server has all that, as the rehearsal before had it; nobody would miss it before it is needed. */
function unlikeRestored(facts: ServerFacts, dryRun: DryRun | undefined): string | undefined {
    const left = [...notOnFresh(settingsSeen(facts)), ...(dryRun?.loses ?? [])];
    return left.length > 0 ? `it would leave behind what a restored server has: ${left.join(", ")}` : undefined;
}

function unless(problem: string | undefined, database: MovedDatabase): Ways[Method] {
    return problem === undefined ? { forecast: forecastOf(database) } : { problem };
}

function bestOf(ways: Ways, other: ServerMethod): Way | undefined {
    const open = ([dumped, other] as const).flatMap((method) => {
        const way = ways[method];
        return "forecast" in way ? [{ method, forecast: way.forecast }] : [];
    });
    return open.sort((one, another) => one.forecast.usual - another.forecast.usual)[0];
}

const unencrypted = ({ storageEncrypted }: ServerFacts) =>
    storageEncrypted === false ? "it is not encrypted, and a restore would not be either" : undefined;

function momentProblem(facts: ServerFacts): string | undefined {
    return unencrypted(facts) ?? (facts.backupRetentionPeriod === 0 ? "it keeps no backups" : undefined);
}

function snapshotProblem({ maxClosedSeconds }: ChosenCapture, facts: ServerFacts): string | undefined {
    return (
        unencrypted(facts) ??
        (closedForSnapshot > maxClosedSeconds
            ? `it wants maxClosedSeconds: ${closedForSnapshot} at least, twice what RDS's snapshot takes`
            : undefined)
    );
}

function told({ age }: Partial<DryRun> = {}): string {
    return age === undefined ? "" : `; the dump to nowhere is ${duration(age)} old`;
}

/** What it takes, and what the others would. */
function reason(chosen: Method, forecast: Forecast | undefined, ways: Ways): string {
    const others = (Object.keys(ways) as Method[])
        .filter((method) => method !== chosen)
        .map((method) => {
            const way = ways[method];
            return `${method}: ${"problem" in way ? way.problem + sooner(way.would, forecast) : duration(way.forecast.usual)}`;
        });
    const waits =
        forecast === undefined
            ? "no way is without trouble"
            : `the new side waits some ${duration(forecast.usual)} for it (${forecast.parts.join(", ")}), ${duration(forecast.slow)} in one of ten cases`;
    return [waits, ...others].join("; ");
}

function sooner(would: Forecast | undefined, chosen: Forecast | undefined): string {
    const saved = would && chosen ? chosen.usual - would.usual : 0;
    return saved > 0
        ? `; a dump would be ${duration(saved)} sooner: rehearse it with database: dump in a capture that opens again`
        : "";
}

// ---- databases elsewhere ----

function elsewhere(product: ProductId, databases: DatabaseConfig[]): MethodChoice[] {
    return databases.flatMap((database) => {
        const choice = onVolumes(database);
        return choice ? [{ of: titleOf(product, database.role), ...choice }] : [];
    });
}

function titleOf(product: ProductId, role: DatabaseRole): string {
    return withRole(products[product].title, role);
}
