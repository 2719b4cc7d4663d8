// Tries how fast production's databases on RDS can be dumped, while everything serves: each product's host dumps its own to nowhere, side by side as
// they would in the window.
import * as pulumi from "@pulumi/pulumi";
import type { ProductionConfig } from "../../config/schema";
import { dumpedToVolume, serverOf, ServerPlace, sessionsOf } from "../../databases";
import { DryRun, duration } from "../../logic/capture/cutover";
import type { DryRuns } from "../../logic/capture/methods";
import { loadEnds, loadLoses } from "../../logic/databaseFacts";
import { byProduct, DatabaseRole, ProductId, products } from "../../products";
import { messageOf } from "../../remote/limits";
import type { HostQuestions } from "../questions";
import type { NamedSide } from "../sides";

/** s; a dump that takes longer is no short way to a cutover. */
const patience = 120;
/** s; a preview and its update, or those of a morning, read production's databases whole once. */
const keep = 6 * 3600;

export interface DryRunParts {
    token: string;
    config: ProductionConfig;
    side: NamedSide;
    /** By server: where it is. */
    places: Record<string, ServerPlace>;
    questions: Pick<HostQuestions, "dryRun" | "databaseFacts">;
}

interface Tried {
    server: string;
    problem?: string;
    dumpBytes: number;
    databaseBytes: number;
    seconds: number;
    age?: number;
    loses?: string[];
    rooms?: DryRun["rooms"];
}

export async function dryRunsOf(parts: DryRunParts): Promise<DryRuns> {
    const { token, side } = parts;
    void pulumi.log.info(
        `capture ${token}: dumps the databases on RDS to nowhere, for ${patience} s at most, to see how fast that goes; nothing is closed for it, and what was found in the last ${duration(keep)} is taken instead`,
    );
    const tried = await Promise.all(byProduct(side.hosts).map(([product]) => triedOn(product, parts)));
    const byServer: Record<string, Tried[]> = {};
    for (const one of tried.flat()) {
        (byServer[one.server] ??= []).push(one);
    }
    return Object.fromEntries(Object.entries(byServer).map(([server, all]) => [server, together(all)]));
}

/** Hosts dump side by side; a server is dumped when all of it is. */
function together(all: Tried[]): DryRun {
    const problem = all.map((one) => one.problem).find((one) => one !== undefined);
    const ages = all.flatMap(({ age }) => age ?? []);
    const sum = (of: (one: Tried) => number) => all.reduce((total, one) => total + of(one), 0);
    return {
        ...(problem !== undefined && { problem }),
        dumpBytes: sum(({ dumpBytes }) => dumpBytes),
        databaseBytes: sum(({ databaseBytes }) => databaseBytes),
        seconds: Math.max(...all.map(({ seconds }) => seconds)),
        ...(ages.length > 0 && { age: Math.max(...ages) }),
        loses: [...new Set(all.flatMap(({ loses = [] }) => loses))],
        rooms: all.flatMap(({ rooms = [] }) => rooms),
    };
}

async function triedOn(product: ProductId, { config, side, places, questions }: DryRunParts): Promise<Tried[]> {
    const host = side.hosts[product];
    const wanted = host.databases.flatMap((database) => {
        const server = serverOf(database);
        const asked = server === undefined ? undefined : sessionsOf(dumpedToVolume(database, places[server]));
        if (server === undefined || asked === undefined) {
            return [];
        }
        const password = side.databasePasswords[product]?.[database.role];
        return [{ server, role: database.role, access: { ...asked, password, ca: config.databaseCaCertificate } }];
    });
    if (wanted.length === 0) {
        return [];
    }
    try {
        // Before anything is dumped: one that nobody could load is no way, however fast it is.
        const facts = await Promise.all(wanted.map(({ access }) => questions.databaseFacts(host, access, undefined)));
        const ends = facts.map(({ load }) => loadEnds(load));
        const loadable = wanted.filter((_one, index) => ends[index].length === 0);
        const folder = products[product].ownData;
        const answer =
            loadable.length === 0
                ? { databases: [], free: 0 }
                : await questions.dryRun(host, product, { databases: loadable, folder, patience, keep });
        const found = wanted.map((one, index): Tried =>
            ends[index].length > 0
                ? { ...nothing(one.server), problem: unloadable(one.access, ends[index]) }
                : {
                      ...tried(one.server, product, one.role, answer.databases),
                      loses: loadLoses(facts[index].load),
                  },
        );
        return withRoom(found, answer.free);
    } catch (error) {
        return wanted.map(({ server }) => ({ ...nothing(server), problem: messageOf(error) }));
    }
}

const unloadable = ({ name, user }: { name: string; user: string }, ends: string[]) =>
    `${user} could not load a dump of ${name}, because of ${ends.join(", ")}`;

const nothing = (server: string): Tried => ({ server, dumpBytes: 0, databaseBytes: 0, seconds: 0 });

type Answer = Awaited<ReturnType<HostQuestions["dryRun"]>>["databases"][number];

/** The dump of a moment later may be a little bigger. */
const roomFor = (bytes: number) => Math.ceil(bytes * 1.2);

function tried(server: string, product: ProductId, role: DatabaseRole, answers: Answer[]): Tried {
    const answer = answers.find((one) => one.role === role);
    if (answer === undefined || "problem" in answer) {
        return { ...nothing(server), problem: answer?.problem ?? "its host said nothing of it" };
    }
    const { databaseBytes, dumpBytes, milliseconds, age } = answer;
    return {
        ...{ server, dumpBytes, databaseBytes, seconds: milliseconds / 1000, age },
        rooms: [{ product, role, bytes: roomFor(dumpBytes) }],
    };
}

/** A host's dumps go to one volume, and its window asks for the same room (hosts/databases/external.sh). */
function withRoom(found: Tried[], free: number): Tried[] {
    const room = found.flatMap(({ rooms = [] }) => rooms).reduce((sum, { bytes }) => sum + bytes, 0);
    const problem = `the product's volume has ${inMebibytes(free)} MiB free, and the dump needs ${inMebibytes(room)} MiB there`;
    return room > free ? found.map((one) => ({ ...one, problem: one.problem ?? problem })) : found;
}

const inMebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
