// How long a cutover waits for a database, by each way to capture it, as logic/aws/ predicts it. Pure: sizes and a dump's speed come from a dry run,
// everything else from the one table of AWS's times (decisions 31 and 45).
import { MovedDatabase, DatabaseSize, PartName, predictDatabase, slowerDump } from "../aws/predict";
import type { DatabaseRole, ProductId } from "../../products";
import { awsTimings } from "../aws/timing";

/** A dump of all of a server's databases that went nowhere, while production was open. */
export interface DryRun {
    /** Why there can be none. */
    problem?: string;
    /** Of the dump, as it would lie on the volumes. */
    dumpBytes: number;
    /** Of the databases on the server. */
    databaseBytes: number;
    /** Hosts dump side by side: of the slowest. */
    seconds: number;
    /** s, where a host said again what it had found before. */
    age?: number;
    /** What the database loses on this way. */
    loses?: string[];
    /** Bytes that each dump needs on its product's volume. */
    rooms?: { product: ProductId; role: DatabaseRole; bytes: number }[];
}

export interface Forecast {
    /** Half of all tries take longer. */
    usual: number;
    /** One in ten takes longer. */
    slow: number;
    /** For people: "1 min for …". */
    parts: string[];
}

/** As they stand behind a duration. */
const purposes: Partial<Record<PartName, string>> = {
    dump: "for the dump",
    "dumps' copy": "for its copy to S3",
    "new server": "for a new server",
    load: "to load it",
    "database snapshot": "for RDS's snapshot",
    "database restore": "for its restore",
};

export function forecastOf(database: MovedDatabase): Forecast {
    const { p50, p90, parts } = predictDatabase(database);
    return {
        usual: p50,
        slow: p90,
        parts: parts.map((part) => `${duration(part.p50)} ${purposes[part.name] ?? part.name}`),
    };
}

/** Classes that give their processor by credits. */
const isWeak = (instanceClass: string) => /^db\.t\d/.test(instanceClass);

/**
 * What is known of a server that is dumped; `undefined` where no dry run said it.
 * @param instanceClass RDS's, as "db.t4g.medium"
 */
export function sizeOf(dryRun: DryRun | undefined, instanceClass = ""): DatabaseSize | undefined {
    return dryRun === undefined || dryRun.problem !== undefined
        ? undefined
        : {
              bytes: dryRun.databaseBytes,
              dumpBytes: dryRun.dumpBytes,
              dumpSeconds: dryRun.seconds,
              weak: isWeak(instanceClass),
          };
}

/** How long production may be closed at least: the part of it that is waited for there, twice. */
export const closedForSnapshot = 2 * awsTimings.snapshotTaken.p50;
export const closedForDump = ({ seconds }: DryRun): number => Math.ceil(slowerDump * seconds);

/** "40 s", "12 min", "5 h". */
export function duration(seconds: number): string {
    return seconds < 90
        ? `${Math.ceil(seconds)} s`
        : seconds < 5400
          ? `${Math.round(seconds / 60)} min`
          : `${Math.round(seconds / 3600)} h`;
}
