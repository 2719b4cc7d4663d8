// Faults of the new environment's own runs: it is installed and restored under them, and the moves that follow stand on what came of it. Each row
// goes on where the one before it came to; nothing of production is closed by any of them.
import { callCloud } from "../../cloud/client";
import { attachmentTimeoutSeconds } from "../../cloud/timing";
import { step } from "../../progress";
import { pulumi } from "../../project";
import { firstRestore, install } from "../../rehearse/commits";
import type { Stack } from "../../rehearse/stack";
import type { Bench } from "../bench/bench";
import { comeTo } from "../bench/environment";
import { tryUp } from "../bench/trial";
import type { Row, Tried } from "../row";
import { type Breakage, cloud } from "../strikes/breakages";
import { outcome, stands } from "./building";
import { lastWords } from "./moves";
import { ofInstall, ofMigrate, struck } from "./struckRuns";

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
    const problems = await failsWith(
        stack,
        noServers,
        bench,
        /UnauthorizedOperation[^]*ec2:RunInstances|AccessDenied[^]*rds:CreateDBInstance/,
    );
    return outcome(bench, began, problems);
}

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
        what: "install: SIGKILL at five named and three random moments, each resumed by the next `up`",
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
