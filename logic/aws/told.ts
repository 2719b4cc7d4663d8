// A prediction in words, for the log of a run and the rehearsal's report.
import { Installation, isLoaded, PartName, predict, Prediction } from "./predict";
import type { Spread } from "./draws";

/** As they are named in a sentence. */
export const partTitles: Record<PartName, string> = {
    stop: "stopping the products",
    dump: "the databases' dumps",
    "quiet and requests": "the proof of quiet and the requests",
    "database snapshot": "RDS's snapshot",
    start: "the products' start",
    "copies complete": "the snapshots' completion",
    "dumps' copy": "the dumps' copy to S3",
    "between commits": "the time between the commits",
    volumes: "volumes and their attachment",
    "new server": "a new database server",
    load: "loading the databases' dumps",
    "database restore": "RDS's restore",
    "repairs and checks": "repairs, schema migration and checks",
    "former servers": "deleting the database servers of what was restored before",
    serve: "the move to the new side",
    names: "Route 53",
};

/** One a line; the first says what they are worth. */
export function predictionLines(
    { warmUp, window, restore, cutover, longest, backMinutes }: Prediction,
    { databases, names }: Pick<Installation, "databases" | "names">,
): string[] {
    const unknown = databases.some((database) => isLoaded(database) && database.size === undefined);
    return [
        "what it would take on AWS, by published figures and not by any of this account (in brackets: one in ten takes longer):",
        ...(warmUp ? [`the first snapshots, while everything serves and if volumes are full: ${inWords(warmUp)}`] : []),
        `closed by a capture that opens again: ${inWords(window)}`,
        `a restore: ${inWords(restore)}`,
        `the cutover, from the first product closed to the last name moved: ${inWords(cutover)}; longest part: ${partTitles[longest.name]}, ${inWords(longest)}`,
        `backMinutes: ${backMinutes} is proposed for the final capture`,
        ...(unknown ? ["not in it: dump and load of databases whose sizes are not known"] : []),
        ...(names === 0 ? ["not in it: people who lead the names"] : []),
    ];
}

/** Less is not worth a commit. */
const worthTelling = 30;

export interface PreparedServer {
    token: string;
    /** Stacks that have it. */
    stacks: string[];
    installation: Installation;
    /** The same, captured as it would be if the server stood. */
    ifPrepared: Installation;
}

/** What a server that stands before a final capture spares, or would. */
export function preparedLines({ token, stacks, installation, ifPrepared }: PreparedServer): string[] {
    if (stacks.length > 0) {
        const where = `the server for its dumps stands in ${stacks.join(" and ")} (posit:prepare)`;
        return installation.databases.some(isLoaded)
            ? [`${where}, and nobody waits for it to be made`]
            : [`${where}, and will stay empty: nothing is dumped`];
    }
    const spared = predict(installation).cutover.p50 - predict(ifPrepared).cutover.p50;
    return spared < worthTelling
        ? []
        : [
              `a cutover some ${about(spared)} shorter is likely where the server for its dumps stands before: set posit:prepare: ${token} in the environment's stack and \`pulumi up\` there, before this capture begins`,
          ];
}

export function inWords({ p50, p90 }: Spread): string {
    return `${about(p50)} (${about(p90)})`;
}

/** No more precise than it is. */
function about(seconds: number): string {
    if (seconds < 90) return `${Math.round(seconds)} s`;
    if (seconds < 5400) return `${Math.round(seconds / 60)} min`;
    return `${(seconds / 3600).toFixed(1)} h`;
}
