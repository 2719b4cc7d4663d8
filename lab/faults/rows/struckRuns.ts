// Runs of staging that are killed one after the other, each going on where the one before it was ended.
import { rdsName } from "../../../logic/physicalNames";
import { freshServer, restoredServer, serverBase } from "../../../logic/plannedServers";
import type { Action, DbInstance } from "../../cloud/api";
import { callCloud } from "../../cloud/client";
import { step } from "../../progress";
import { pulumi } from "../../project";
import { install, tokens } from "../../rehearse/commits";
import type { Commit, Stack } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import type { Bench } from "../bench/bench";
import { comeTo, restoreFinal } from "../bench/environment";
import { recoverEnvironment } from "../bench/operator";
import { tryUp } from "../bench/trial";
import type { Tried } from "../row";
import { type Breakage, cloud, signalIfThere } from "../strikes/breakages";
import { type Attempt, randomSecond, strikeAll } from "../strikes/series";
import { type Lines, listenToLines } from "../strikes/steps";
import { outcome, stands } from "./building";
import { chance, lastWords } from "./moves";

/**
 * Where a run is struck: so many seconds after a line of the engine's, or after the cloud has begun to make the environment's database server; or after
 * the run's begin, as chance has it. What `slow` makes is known to nobody for a while, so the provider is still waiting for it when the signal comes.
 */
type Moment =
    { line: RegExp; seconds?: number; slow?: Action } | { server: "creating"; seconds?: number } | { random: number };

export interface Struck {
    commit: Commit;
    moments: Moment[];
    /** Of a run that nobody strikes, about. */
    seconds: number;
    anew(bench: Bench, stack: Stack): Promise<void>;
}

/** One run after the other is killed, each going on where the last one was; the operator recovers between them, as the runbook says. */
export async function struck(bench: Bench, { commit, moments, seconds, anew }: Struck): Promise<Tried> {
    const stack = await comeTo(bench, commit);
    const began = Date.now();
    const inTheWay: string[] = [];
    const servers = new Map<string, string>();
    const problems = await strikeAll({
        moments,
        seconds,
        nameOf: saidOf,
        strike: async (moment, length) => {
            const { stdout, ...attempt } = await killedAt(bench, stack, moment, length);
            inTheWay.push(...(await madeTwice(bench, stack, servers)));
            if (/AlreadyExists|already exists|Duplicate/.test(stdout)) {
                inTheWay.push(`what a killed run had begun is in the way of the next: ${lastWords(stdout)}`);
            }
            await recoverEnvironment(stack.name);
            return { ...attempt, said: lastWords(stdout) };
        },
        anew: async () => {
            await anew(bench, stack);
            servers.clear();
        },
    });
    problems.push(...inTheWay);
    await stands(bench, stack, commit, problems);
    return outcome(bench, began, problems);
}

interface Striking {
    over?: boolean;
    sent?: boolean;
}

function saidOf(moment: Moment): string {
    if ("server" in moment) return "while the database server is made";
    return "line" in moment ? `at ${moment.line}` : "at a random second";
}

type Killed = Omit<Attempt, "said"> & { stdout: string };

async function killedAt(bench: Bench, stack: Stack, moment: Moment, length: number): Promise<Killed> {
    const lines = listenToLines();
    const striking: Striking = {};
    const began = Date.now();
    const kill = async (pid: number) => {
        await comes({ bench, stack, moment, length, lines, striking });
        if (striking.over) return;
        signalIfThere(pid, "SIGKILL");
        striking.sent = true;
    };
    const quick = await slowed(moment)(bench);
    const { code, stdout } = await step(`SIGKILL ${saidOf(moment)}`, () =>
        tryUp(stack, [], (pid) => void kill(pid), lines.take),
    );
    striking.over = true;
    await quick();
    // One that had ended in order when the signal came was not struck by it.
    const struck = striking.sent === true && code !== 0;
    return { struck, code, seconds: (Date.now() - began) / 1000, stdout };
}

/** Known again before the next run comes to it: recovering takes longer than what is left. */
const slowMilliseconds = 7000;

const slowed = (moment: Moment): Breakage =>
    "slow" in moment && moment.slow !== undefined
        ? cloud({ action: moment.slow, by: "provider", hideMilliseconds: slowMilliseconds })
        : cloud();

interface Coming {
    bench: Bench;
    stack: Stack;
    moment: Moment;
    length: number;
    lines: Lines;
    striking: Striking;
}

async function comes({ bench, stack, moment, length, lines, striking }: Coming): Promise<void> {
    if ("server" in moment) {
        while (!striking.over && (await serversOf(bench, stack)).every(({ status }) => status !== "creating")) {
            await pause(0.05);
        }
        if (!striking.over) await pause(moment.seconds ?? 0);
    } else if ("line" in moment) {
        await lines.await(moment.line, 1);
        await pause(moment.seconds ?? 0);
    } else {
        await pause(randomSecond(length, chance(bench.seed, moment.random)));
    }
}

/** Those of the environment that are there, by the names that they can have (logic/plannedServers.ts). */
async function serversOf({ facts }: Bench, { name, values }: Stack): Promise<DbInstance[]> {
    const base = serverBase({ project: String(values["posit:project"]) }, name);
    const { final } = tokens;
    const names = [freshServer(base, undefined), freshServer(base, final)];
    const identifiers = [...names, restoredServer(base, final, facts.database.server)].map((parts) => rdsName(parts));
    const asked = identifiers.map((identifier) =>
        callCloud("DescribeDbInstance", { identifier }).catch(() => undefined),
    );
    return (await Promise.all(asked)).flatMap((found) => found ?? []);
}

/** One that a killed run left is the same one after the next. */
async function madeTwice(bench: Bench, stack: Stack, known: Map<string, string>): Promise<string[]> {
    return (await serversOf(bench, stack)).flatMap(({ identifier, resourceId }) => {
        const before = known.get(identifier);
        known.set(identifier, resourceId);
        return before === undefined || before === resourceId
            ? []
            : [`database server ${identifier} was made twice (${before}, then ${resourceId})`];
    });
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const randomly = (...indices: number[]): Moment[] => indices.map((random) => ({ random }));

/** The network is made, the database server, hosts are made or boot, products are installed. */
export const ofInstall: Struck = {
    commit: install,
    moments: [
        // Rules of security groups are made beside these; they can't be taken over (decision 43), and are there by then.
        { line: /aws:ec2:Subnet \S+ creating/, seconds: 5, slow: "CreateSubnet" },
        { line: /aws:ec2transitgateway:VpcAttachment \S+ creating/, seconds: 5, slow: "CreateThing" },
        // Routes and rules, which can't be taken over, are made beside it.
        { server: "creating", seconds: 3 },
        { line: /aws:ec2:Instance \S+ creating|-ready creating/, seconds: 0.7 },
        { line: /-product-install creating/ },
        ...randomly(20, 21, 22),
    ],
    seconds: 30,
    anew: async (_bench, stack) => {
        await step("The environment is destroyed, to begin anew", () =>
            pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack.name]),
        );
    },
};

/** The database server is restored, and volumes beside it; volumes are switched; products are repaired. */
export const ofMigrate: Struck = {
    commit: restoreFinal,
    moments: [
        { server: "creating" },
        { line: /aws:ec2:VolumeAttachment \S+ (created|deleting|replaced)/ },
        { line: /-product-repair (creating|replacing|updating)/ },
        ...randomly(23, 24, 25),
    ],
    seconds: 45,
    anew: async (_bench, stack) => {
        writeStackFile(stack.file, { ...stack.values, "posit:restore": tokens.rehearsal });
        const { code, stdout } = await step("Back to the capture before, to begin anew", () => tryUp(stack));
        writeStackFile(stack.file, stack.values);
        if (code !== 0) throw new Error(`it can't begin anew: ${lastWords(stdout)}`);
    },
};
