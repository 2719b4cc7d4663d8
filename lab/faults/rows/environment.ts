// Faults of the new environment's own runs: it is installed and restored under them, and the moves that follow stand on what came of it. Each row
// goes on where the one before it came to; nothing of production is closed by any of them.
import { callCloud } from "../../cloud/client";
import { attachmentTimeoutSeconds } from "../../cloud/timing";
import { step } from "../../progress";
import { pulumi } from "../../project";
import { firstRestore, install } from "../../rehearse/commits";
import { type Commit, readOutputs, type Stack } from "../../rehearse/stack";
import { writeStackFile } from "../../rehearse/stackFile";
import type { Bench } from "../bench/bench";
import { comeTo, restoreFinal } from "../bench/environment";
import { tryUp } from "../bench/trial";
import type { Row, Tried } from "../row";
import { type Breakage, cloud, signalIfThere } from "../strikes/breakages";
import { type Attempt, randomSecond, strikeAll } from "../strikes/series";
import { listenToLines } from "../strikes/steps";
import { chance, lastWords } from "./moves";

/** The commit stands, and a second `up` has nothing to do. */
async function stands(bench: Bench, stack: Stack, commit: Commit, problems: string[]): Promise<void> {
    const whole = await step("The same commit, undisturbed", () => tryUp(stack));
    if (whole.code !== 0) {
        problems.push(`the undisturbed up fails: ${lastWords(whole.stdout)}`);
        return;
    }
    const again = await step("A second up changes nothing", () => tryUp(stack, ["--expect-no-changes"]));
    if (again.code !== 0) problems.push("a second up fails or changes something");
    stack.outputs = await readOutputs(stack);
    bench.performed.add(commit.name);
}

/** `began`: when the captures that the row needs had been taken. */
const outcome = (bench: Bench, began: number, problems: string[]): Tried => {
    const away = bench.client.outages().some(({ from }) => from >= began);
    if (away) problems.push("production was away while another environment was built");
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

/** Of both kinds, so that all of them are left to be made, and struck, by what follows. */
const noServers: Breakage = cloud(
    { action: "RunInstance", by: "provider", refuses: "denied" },
    { action: "CreateDbInstance", by: "provider", refuses: "denied" },
);

async function deniedServer(bench: Bench): Promise<Tried> {
    const stack = await comeTo(bench, install);
    const began = Date.now();
    const problems = await failsWith(stack, noServers, bench, /UnauthorizedOperation[^]*ec2:RunInstances/);
    return outcome(bench, began, problems);
}

/** Where a run is struck: so many seconds after a line of the engine's, or after its begin as chance has it. */
type Moment = { line: RegExp; seconds?: number } | { random: number };

interface Struck {
    commit: Commit;
    moments: Moment[];
    /** Of a run that nobody strikes, about. */
    seconds: number;
    anew(bench: Bench, stack: Stack): Promise<void>;
}

/** One run after the other is killed, each going on where the last one was; the operator ends the lock. */
async function struck(bench: Bench, { commit, moments, seconds, anew }: Struck): Promise<Tried> {
    const stack = await comeTo(bench, commit);
    const began = Date.now();
    const inTheWay: string[] = [];
    const problems = await strikeAll({
        moments,
        seconds,
        nameOf: (moment) => ("line" in moment ? `at ${moment.line}` : "at a random second"),
        strike: async (moment, length) => {
            const { stdout, ...attempt } = await killedAt(bench, stack, moment, length);
            if (/AlreadyExists|already exists|Duplicate/.test(stdout)) {
                inTheWay.push(`what a killed run had begun is in the way of the next: ${lastWords(stdout)}`);
            }
            await pulumi(["cancel", "--yes", "--stack", stack.name], { quiet: true, mayFail: true });
            return { ...attempt, said: lastWords(stdout) };
        },
        anew: () => anew(bench, stack),
    });
    problems.push(...inTheWay);
    await stands(bench, stack, commit, problems);
    return outcome(bench, began, problems);
}

type Killed = Omit<Attempt, "said"> & { stdout: string };

async function killedAt(bench: Bench, stack: Stack, moment: Moment, length: number): Promise<Killed> {
    const lines = listenToLines();
    const at = "line" in moment ? `at ${moment.line}` : "at a random second";
    const striking: { over?: boolean; sent?: boolean } = {};
    const began = Date.now();
    const comes = async () => {
        if ("line" in moment) await lines.await(moment.line, 1);
        const seconds =
            "line" in moment ? (moment.seconds ?? 0) : randomSecond(length, chance(bench.seed, moment.random));
        await pause(seconds);
    };
    const kill = async (pid: number) => {
        await comes();
        if (striking.over) return;
        signalIfThere(pid, "SIGKILL");
        striking.sent = true;
    };
    const { code, stdout } = await step(`SIGKILL ${at}`, () => tryUp(stack, [], (pid) => void kill(pid), lines.take));
    striking.over = true;
    // One that had ended in order when the signal came was not struck by it.
    const struck = striking.sent === true && code !== 0;
    return { struck, code, seconds: (Date.now() - began) / 1000, stdout };
}

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const randomly = (...indices: number[]): Moment[] => indices.map((random) => ({ random }));

/** Long enough for the request to be on its way, and short of what any server takes. */
const inTheMaking: Moment = { line: /aws:rds:Instance \S+ creating/, seconds: 1.5 };

/** The database server is in the making, and hosts beside it; products are installed, and started. */
const ofInstall: Struck = {
    commit: install,
    moments: [
        inTheMaking,
        { line: /-product-install creating/ },
        { line: /-product-start creating/ },
        ...randomly(20, 21, 22),
    ],
    seconds: 30,
    anew: async (_bench, stack) => {
        await step("The environment is destroyed, to begin anew", () =>
            pulumi(["destroy", "--yes", "--skip-preview", "--stack", stack.name]),
        );
    },
};

/** The database server and volumes are in the making; volumes are switched; products are repaired. */
const ofMigrate: Struck = {
    commit: restoreFinal,
    moments: [
        inTheMaking,
        { line: /aws:ec2:VolumeAttachment \S+ (created|deleting|replaced)/ },
        { line: /-product-repair (creating|replacing|updating)/ },
        ...randomly(23, 24, 25),
    ],
    seconds: 45,
    anew: async (bench, stack) => {
        writeStackFile(stack.file, { ...stack.values, ...firstRestore.changes(bench) });
        const { code, stdout } = await step("Back to the capture before, to begin anew", () => tryUp(stack));
        writeStackFile(stack.file, stack.values);
        if (code !== 0) throw new Error(`it can't begin anew: ${lastWords(stdout)}`);
    },
};

/** The request is taken, and the server never comes: whoever sees it says so to RDS, and the next run makes another. */
async function restoreFails(bench: Bench): Promise<Tried> {
    const stack = await comeTo(bench, firstRestore);
    const began = Date.now();
    const halfway = cloud(
        { action: "CreateDbInstance", having: "restoreToPointInTime", times: 1, request: { endsIn: "failed" } },
        // The run is over by then: what is to be attached is left to the next row.
        { action: "CreateVolume", by: "provider", delayMilliseconds: 12_000 },
    );
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

/** Taken, and `attaching` for longer than the provider waits; nothing is in the state of it, and the next run finds it in the cloud. */
async function volumeStuck(bench: Bench): Promise<Tried> {
    const stack = await comeTo(bench, firstRestore);
    const began = Date.now();
    const attachingMilliseconds = (attachmentTimeoutSeconds.fast + 10) * 1000;
    const stuck = cloud({ action: "AttachVolume", times: 1, request: { attachingMilliseconds } });
    const says = /timeout while waiting for state to become 'attached' \(last state: 'attaching'/;
    const problems = await failsWith(stack, stuck, bench, says);
    await stands(bench, stack, firstRestore, problems);
    return outcome(bench, began, problems);
}

/** The first begins with nothing installed; after the last one the final capture is restored. */
export const environmentRows: Row[] = [
    { name: "denied-server", what: "install: servers may not be made", seconds: 15, attempt: deniedServer },
    {
        name: "install-struck",
        what: "install: SIGKILL at three named and three random moments, each resumed by the next `up`",
        seconds: 95,
        attempt: (bench) => struck(bench, ofInstall),
    },
    {
        name: "restore-half-way",
        what: "migrate: a restore to a moment fails half-way; its server is deleted by hand, then `pulumi refresh`",
        seconds: 50,
        attempt: restoreFails,
    },
    {
        name: "volume-stuck",
        what: "migrate: a volume stays `attaching` for longer than the provider waits",
        seconds: 50,
        attempt: volumeStuck,
    },
    {
        name: "migrate-struck",
        what: "migrate: SIGKILL at three named and three random moments, each resumed by the next `up`",
        seconds: 120,
        attempt: (bench) => struck(bench, ofMigrate),
    },
];
