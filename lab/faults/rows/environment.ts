// Faults of the new environment's own runs: it is installed and restored under them, and the moves that follow stand on what came of it. Each row
// goes on where the one before it came to; nothing of production is closed by any of them.
import { freshServer, restoredServer, serverBase } from "../../../logic/plannedServers";
import { rdsName } from "../../../logic/physicalNames";
import type { DbInstance } from "../../cloud/api";
import { callCloud } from "../../cloud/client";
import { step } from "../../progress";
import { pulumi } from "../../project";
import { finalCapture, install, tokens } from "../../rehearse/commits";
import { perform, readOutputs, type Stack } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import type { RunResult } from "../../run";
import type { Bench } from "../bench/bench";
import { restoreFinal } from "../bench/environment";
import { tryUp } from "../bench/trial";
import type { Row, Tried } from "../row";
import { cloud, signalEngine, type Breakage } from "../strikes/breakages";
import { type Lines, listenToLines } from "../strikes/steps";
import { chance, lastWords } from "./moves";

const commits = [install, finalCapture, restoreFinal];

/** Those before `index` are performed, and the stack file says that one. */
async function comeTo(bench: Bench, index: number): Promise<Stack> {
    if (bench.prepared > index) {
        throw new Error(`the bench has performed "${commits[index].title.trim()}" already, so nothing can strike it`);
    }
    while (bench.prepared < index) {
        await perform(bench, { ...commits[bench.prepared], proof: "nothing" });
        bench.prepared += 1;
    }
    const stack = bench.stacks[commits[index].stack];
    stack.values = { ...stack.values, ...commits[index].changes(bench) };
    writeStackFile(stack.file, stack.values);
    return stack;
}

/** The commit stands, and a second `up` has nothing to do. */
async function stands(bench: Bench, stack: Stack, problems: string[]): Promise<void> {
    const whole = await step("The same commit, undisturbed", () => tryUp(stack));
    if (whole.code !== 0) {
        problems.push(`the undisturbed up fails: ${lastWords(whole.stdout)}`);
        return;
    }
    const again = await step("A second up changes nothing", () => tryUp(stack, ["--expect-no-changes"]));
    if (again.code !== 0) problems.push("a second up fails or changes something");
    stack.outputs = await readOutputs(stack);
    bench.prepared += 1;
}

const outcome = (bench: Bench, began: number, problems: string[]): Tried => {
    const away = bench.client.outages().some(({ from }) => from >= began);
    if (away && bench.prepared < 2) problems.push("production was away while another environment was built");
    return { closedBeyondSeconds: 0, outcome: "none", dataIntact: true, problems };
};

/** A run under a fault must fail, and say why. */
async function failsWith(stack: Stack, breakage: Breakage, bench: Bench, says: RegExp): Promise<string[]> {
    const mend = await breakage(bench);
    try {
        const { code, stdout, stderr } = await step("Under the fault", () => tryUp(stack));
        if (code === 0) return ["the run succeeded under the fault"];
        return says.test(`${stdout}\n${stderr}`) ? [] : [`did not say ${says}: ${lastWords(stdout)}`];
    } finally {
        await mend();
    }
}

async function deniedServer(bench: Bench): Promise<Tried> {
    const began = Date.now();
    const stack = await comeTo(bench, 0);
    const denied = cloud({ action: "RunInstance", by: "provider", refuses: "denied" });
    const problems = await failsWith(stack, denied, bench, /UnauthorizedOperation[^]*ec2:RunInstances/);
    return outcome(bench, began, problems);
}

/**
 * Where a run is struck: at a line of the engine's, or so long after it; while the cloud makes the environment's database server; or so many seconds
 * after its begin.
 */
type Moment = { line: RegExp; later?: number } | { server: "creating" } | { random: number };

/** At most; a run that is resumed has less to do. */
const randomSeconds = 25;

/** One run after the other is killed, each going on where the last one was; the operator ends the lock. */
async function struck(bench: Bench, index: number, moments: Moment[]): Promise<Tried> {
    const began = Date.now();
    const problems: string[] = [];
    const stack = await comeTo(bench, index);
    const servers = new Map<string, string>();
    for (const moment of moments) {
        const { code, stdout } = await killedAt(bench, stack, moment);
        problems.push(...(await madeTwice(bench, stack, servers)));
        // One that ended before its moment came has nothing left to strike.
        if (code === 0) break;
        if (/AlreadyExists|already exists|Duplicate/.test(stdout)) {
            problems.push(`what a killed run had begun is in the way of the next: ${lastWords(stdout)}`);
        }
        await pulumi(["cancel", "--yes", "--stack", stack.name], { quiet: true, mayFail: true });
    }
    await stands(bench, stack, problems);
    return outcome(bench, began, problems);
}

async function killedAt(bench: Bench, stack: Stack, moment: Moment): Promise<RunResult> {
    const lines = listenToLines();
    const ended: { already?: boolean } = {};
    const result = await step(`SIGKILL ${saidOf(moment)}`, () =>
        tryUp(
            stack,
            [],
            (pid) =>
                void comes(bench, stack, moment, lines, ended).then(() =>
                    ended.already ? undefined : signalEngine("SIGKILL")(bench, pid),
                ),
            lines.take,
        ),
    );
    ended.already = true;
    return result;
}

function saidOf(moment: Moment): string {
    if ("server" in moment) return "while the database server is made";
    return "line" in moment ? `at ${moment.line}` : "at a random second";
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

async function comes(
    bench: Bench,
    stack: Stack,
    moment: Moment,
    lines: Lines,
    ended: { already?: boolean },
): Promise<void> {
    if ("server" in moment) {
        while (!ended.already && (await serversOf(bench, stack)).every(({ status }) => status !== "creating")) {
            await pause(50);
        }
    } else if ("line" in moment) {
        await lines.await(moment.line, 1);
        await pause(moment.later ?? 0);
    } else {
        await pause(3000 + randomSeconds * 1000 * chance(bench.seed, moment.random));
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

const randomly = (...indices: number[]): Moment[] => indices.map((random) => ({ random }));

/** The network stands, a host and the database server are made, products are installed. */
const ofInstall: Moment[] = [
    { line: /aws:ec2:RouteTable \S+ created/ },
    { line: /aws:ec2:Instance \S+ creating/, later: 700 },
    { server: "creating" },
    { line: /-product-install creating/ },
    ...randomly(20, 21, 22),
];

/** A server is restored, volumes are made, switched, and products repaired. */
const ofMigrate: Moment[] = [
    { server: "creating" },
    { line: /aws:ebs:Volume \S+ created/ },
    { line: /aws:ec2:VolumeAttachment \S+ (created|deleting|replaced)/ },
    { line: /-product-repair creating/ },
    ...randomly(23, 24, 25),
];

/** The request is taken, and the server never comes: whoever sees it says so to RDS, and the next run makes another. */
async function restoreFails(bench: Bench): Promise<Tried> {
    const began = Date.now();
    const stack = await comeTo(bench, 2);
    const halfway = cloud({
        action: "CreateDbInstance",
        having: "restoreToPointInTime",
        times: 1,
        request: { endsIn: "failed" },
    });
    const problems = await failsWith(stack, halfway, bench, /unexpected state 'failed'[^]*database (\S+)/);
    const failed = await failedServer(stack);
    if (failed === undefined) {
        problems.push("no server is left that failed");
    } else {
        await callCloud("DeleteDbInstance", { identifier: failed, skipFinalSnapshot: true });
        await pulumi(["refresh", "--yes", "--skip-preview", "--stack", stack.name], { quiet: true, mayFail: true });
    }
    return outcome(bench, began, problems);
}

async function failedServer({ name }: Stack): Promise<string | undefined> {
    const { stdout } = await pulumi(["stack", "export", "--stack", name], { quiet: true });
    const { deployment } = JSON.parse(stdout) as {
        deployment: { resources?: { type: string; outputs?: { identifier?: string } }[] };
    };
    const servers = (deployment.resources ?? []).filter(({ type }) => type === "aws:rds/instance:Instance");
    for (const identifier of servers.flatMap(({ outputs }) => outputs?.identifier ?? [])) {
        const found = await callCloud("DescribeDbInstance", { identifier }).catch(() => undefined);
        if (found?.status === "failed") return identifier;
    }
    return undefined;
}

async function volumeRefused(bench: Bench): Promise<Tried> {
    const began = Date.now();
    const stack = await comeTo(bench, 2);
    const message = "Volume is not in a state for this: it is still attached elsewhere.";
    const refused = cloud({ action: "AttachVolume", times: 1, refusal: { code: "IncorrectState", message } });
    const problems = await failsWith(stack, refused, bench, /AttachVolume[^]*IncorrectState/);
    return outcome(bench, began, problems);
}

/** The first begins with nothing installed; after the last one the final capture is restored. */
export const environmentRows: Row[] = [
    { name: "denied-server", what: "install: servers may not be made", seconds: 15, attempt: deniedServer },
    {
        name: "install-struck",
        what: "install: SIGKILL at four named and three random moments, each resumed by the next `up`",
        seconds: 90,
        attempt: (bench) => struck(bench, 0, ofInstall),
    },
    {
        name: "restore-half-way",
        what: "migrate: a restore to a moment fails half-way; its server is deleted by hand, then `pulumi refresh`",
        seconds: 40,
        attempt: restoreFails,
    },
    { name: "volume-stuck", what: "migrate: a volume does not attach", seconds: 25, attempt: volumeRefused },
    {
        name: "migrate-struck",
        what: "migrate: SIGKILL at four named and three random moments, each resumed by the next `up`",
        seconds: 90,
        attempt: (bench) => struck(bench, 2, ofMigrate),
    },
];
