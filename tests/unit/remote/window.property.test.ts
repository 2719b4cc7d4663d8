// The closed window against a model of its hosts: whatever hosts, volumes, sources and failing steps, production ends open (or all of it
// stays closed on purpose), and a capture counts only when nothing went wrong. Real SSH, real timing. Not the hosts' own scripts
// (tests/unit/hosts, the rehearsal).
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { ProductId, productIds } from "../../../products";
import { CaptureRun, CaptureRunArgs } from "../../../remote/captureRun";
import { runDefaults } from "./runDefaults";
import { Failure, ModelHost, modelHost } from "./modelHost";

/** Long enough for requests, short enough to wait for a dead-man. */
const maxClosedSeconds = 3;

/** How long the cloud takes to accept a snapshot; a host may go meanwhile. */
const requestMilliseconds = 200;

interface Scene {
    products: ProductId[];
    /** How many of each host. */
    volumes: number;
    dumps: ProductId[];
    reopen: boolean;
    failure?: Failure & { on: ProductId };
    /** Of the snapshot with that number, counted over all hosts. */
    refused?: number;
}

// Where a host may fall silent the program's own time limits must be shorter than a test's.
const failure = fc.oneof(
    fc.record({
        step: fc.constantFrom("arm", "drain", "stop", "quiet", "hold", "dump", "open"),
        how: fc.constantFrom("error", "gone"),
    }),
    fc.record({ step: fc.constantFrom("stop", "quiet", "dump", "open"), how: fc.constant("silent") }),
) as fc.Arbitrary<Failure>;

const scene: fc.Arbitrary<Scene> = fc
    .record({
        products: fc.subarray([...productIds], { minLength: 1 }),
        volumes: fc.integer({ min: 1, max: 4 }),
        dumps: fc.subarray([...productIds]),
        reopen: fc.boolean(),
        failure: fc.option(fc.tuple(failure, fc.constantFrom(...productIds)), { nil: undefined }),
        refused: fc.option(fc.integer({ min: 0, max: 11 }), { nil: undefined, freq: 3 }),
    })
    .map(({ failure: failing, ...rest }) => ({
        ...rest,
        failure: failing && { ...failing[0], on: failing[1] },
    }));

interface Outcome {
    happened: string[];
    hosts: ModelHost[];
    error?: Error;
    /** Every snapshot that was requested while something was not frozen. */
    torn: string[];
}

async function play({ products, volumes, dumps, reopen, failure: failing, refused }: Scene): Promise<Outcome> {
    const happened: string[] = [];
    const hosts = await Promise.all(
        products.map((product) =>
            modelHost(
                product,
                {
                    failure: failing?.on === product ? failing : undefined,
                    dump: dumps.includes(product),
                    maxClosedSeconds,
                },
                (what) => happened.push(what),
            ),
        ),
    );
    const expected = products.flatMap((product) =>
        Array.from({ length: volumes }, (_, index) => `${product}-${index}`),
    );
    const visible: string[] = [];
    const torn: string[] = [];
    const run = runOf(hosts, {
        reopen,
        expected,
        requested: async () => Object.fromEntries(visible.map((volume) => [volume, `snap-${volume}`])),
    });
    // As the engine does it: every snapshot's hook closes, then it is requested; a refusal runs the error hook.
    const snapshots = expected.map(async (volume, index) => {
        await run.close();
        await new Promise((resolve) => setTimeout(resolve, requestMilliseconds));
        const allFrozen = hosts.every((host) => host.state() === "frozen");
        if (index === refused) {
            await run.abort(`${volume}: SnapshotLimitExceeded`);
            throw new Error("refused");
        }
        if (!allFrozen) torn.push(volume);
        visible.push(volume);
        await run.finished();
    });
    const results = await Promise.allSettled(snapshots);
    const failed = results.find((result) => result.status === "rejected");
    return { happened, hosts, torn, error: failed?.reason as Error | undefined };
}

function runOf(
    hosts: ModelHost[],
    change: Pick<CaptureRunArgs, "expected" | "requested"> & Partial<CaptureRunArgs>,
): CaptureRun {
    return new CaptureRun({
        ...runDefaults,
        hosts: hosts.map(({ host }) => host),
        maxClosedSeconds,
        notePointInTime: false,
        ...change,
    });
}

/** Whether the scene's failure can strike at all. */
function strikes({ products, dumps, failure: failing, refused, volumes }: Scene): boolean {
    const host =
        failing !== undefined &&
        products.includes(failing.on) &&
        (failing.step !== "dump" || dumps.includes(failing.on));
    return host || (refused !== undefined && refused < products.length * volumes);
}

describe("the closed window, whatever happens", function () {
    it("opens all hosts at once when one of them opens by itself", async () => {
        const happened: { what: string; at: number }[] = [];
        const note = (what: string) => happened.push({ what, at: Date.now() });
        const hosts = await Promise.all(
            productIds.map((product) =>
                modelHost(
                    product,
                    {
                        failure: product === "workbench" ? { step: "hold", how: "gone" } : undefined,
                        dump: false,
                        maxClosedSeconds,
                    },
                    note,
                ),
            ),
        );
        const run = runOf(hosts, { expected: ["never"], requested: async () => ({}) });
        await run.close();
        await assert.rejects(run.finished(), /workbench/);
        hosts.forEach((host) => host.stop());
        const opened = happened.filter(({ what }) => / open by /.test(what));
        assert.equal(opened.length, 3);
        const late = opened[2].at - opened[0].at;
        assert.ok(late < 1000, `the last host opened ${late} ms after the first`);
    });

    it("never leaves a host closed, never calls a torn capture complete, and closes in order", async () => {
        // Side by side, since most of the time goes to waiting for dead-men.
        await fc.assert(
            fc.asyncProperty(fc.array(scene, { minLength: 8, maxLength: 8 }), async (scenes) => {
                await Promise.all(
                    scenes.map(async (given) => {
                        const outcome = await play(given);
                        outcome.hosts.forEach((host) => host.stop());
                        check(given, outcome);
                    }),
                );
            }),
            { numRuns: 5, endOnFailure: true },
        );
    });
});

function check(given: Scene, { happened, hosts, error, torn }: Outcome): void {
    const states = hosts.map((host) => host.state());
    const story = JSON.stringify({ given, happened, states, error: error?.message });
    const failed = strikes(given);
    assert.equal(error !== undefined, failed, `the capture is ${error ? "void" : "complete"}: ${story}`);
    if (!failed && !given.reopen) {
        assert.ok(
            states.every((state) => state === "staying"),
            story,
        );
    } else {
        assert.ok(
            states.every((state) => state === "open"),
            story,
        );
    }
    if (!failed && given.reopen) {
        assert.ok(
            hosts.every((host) => host.openedBy() === "complete"),
            story,
        );
        const starting = happened.filter((line) => line.endsWith("starting")).map((line) => line.split(" ")[0]);
        assert.deepEqual(
            starting,
            productIds.filter((product) => given.products.includes(product)),
            story,
        );
    }
    // A request after a host has opened by itself is possible, and then the capture is void.
    if (torn.length > 0) assert.ok(error, story);
    const firstClosing = happened.findIndex((line) => line.endsWith("closing"));
    if (firstClosing >= 0) {
        const before = happened.slice(0, firstClosing);
        assert.equal(before.filter((line) => line.endsWith("armed")).length, given.products.length, story);
        assert.equal(before.filter((line) => line.endsWith("drained")).length, given.products.length, story);
    }
}
