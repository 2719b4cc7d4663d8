// Tries how fast production's databases on RDS can be dumped, while everything serves: each product's host dumps its own to nowhere, side by side as
// they would in the window.
import * as pulumi from "@pulumi/pulumi";
import type { ProductionConfig } from "../../config/schema";
import { dumpedToVolume, serverOf, ServerPlace, sessionsOf } from "../../databases";
import type { DryRun } from "../../logic/capture/cutover";
import type { DryRuns } from "../../logic/capture/methods";
import { byProduct, ProductId, products } from "../../products";
import { messageOf } from "../../remote/limits";
import type { HostQuestions } from "../questions";
import type { NamedSide } from "../sides";

/** s; a dump that takes longer is no short way to a cutover. */
const patience = 120;

export interface DryRunParts {
    token: string;
    config: ProductionConfig;
    side: NamedSide;
    /** By server: where it is. */
    places: Record<string, ServerPlace>;
    questions: Pick<HostQuestions, "dryRun">;
}

interface Tried {
    server: string;
    problem?: string;
    dumpBytes: number;
    databaseBytes: number;
    seconds: number;
}

export async function dryRunsOf(parts: DryRunParts): Promise<DryRuns> {
    const { token, side } = parts;
    void pulumi.log.info(
        `capture ${token}: dumps the databases on RDS to nowhere, for ${patience} s at most, to see how fast that goes; nothing is closed for it`,
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
    const sum = (of: (one: Tried) => number) => all.reduce((total, one) => total + of(one), 0);
    return {
        ...(problem !== undefined && { problem }),
        dumpBytes: sum(({ dumpBytes }) => dumpBytes),
        databaseBytes: sum(({ databaseBytes }) => databaseBytes),
        seconds: Math.max(...all.map(({ seconds }) => seconds)),
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
        const folder = products[product].ownData;
        const { databases, free } = await questions.dryRun(host, product, { databases: wanted, folder, patience });
        return wanted.map((one) =>
            tried(
                one.server,
                databases.find(({ role }) => role === one.role),
                free,
            ),
        );
    } catch (error) {
        return wanted.map(({ server }) => ({ ...nothing(server), problem: messageOf(error) }));
    }
}

const nothing = (server: string): Tried => ({ server, dumpBytes: 0, databaseBytes: 0, seconds: 0 });

type Answer = Awaited<ReturnType<HostQuestions["dryRun"]>>["databases"][number];

/** The dump of a moment later may be a little bigger. */
const roomFor = (bytes: number) => Math.ceil(bytes * 1.2);

function tried(server: string, answer: Answer | undefined, free: number): Tried {
    if (answer === undefined || "problem" in answer) {
        return { ...nothing(server), problem: answer?.problem ?? "its host said nothing of it" };
    }
    const { databaseBytes, dumpBytes, milliseconds } = answer;
    const lacks = roomFor(dumpBytes) > free;
    return {
        ...{ server, dumpBytes, databaseBytes, seconds: milliseconds / 1000 },
        ...(lacks && {
            problem: `the product's volume has ${inMebibytes(free)} MiB free, and the dump needs ${inMebibytes(roomFor(dumpBytes))} MiB there`,
        }),
    };
}

const inMebibytes = (bytes: number) => Math.ceil(bytes / 2 ** 20);
