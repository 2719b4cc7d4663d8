// The order of one capture: closed before anything is requested, open as soon as everything is, void when anything fails.
// Proves the order of words to the window. Does not prove that hosts obey them (tests/unit/remote/window, tests/unit/hosts/window).
import * as assert from "node:assert/strict";
import { seal } from "../../../../logic/secret";
import { CaptureRun, CaptureRunArgs, CaptureRunParts } from "../../../../remote/capture/run";
import { DatabaseProbe } from "../../../../remote/databaseProbe";
import { ClosedWindow, EndReport, LastWord, WindowArgs, WindowNotes } from "../../../../remote/window/types";
import { optionsWith, runDefaults } from "./runDefaults";

const target = { address: "10.0.0.1", user: "admin", privateKey: seal("key"), hostKey: "host" };

interface World {
    said: string[];
    parts: CaptureRunParts;
    args: CaptureRunArgs;
    /** Source → id. */
    visible: Record<string, string>;
    noted: WindowNotes[];
    log: string[];
    calledOff?: string;
    sessions: string[];
    /** Ends when the servers were quiet for long enough. */
    outlasted: Promise<void>;
    openError?: string;
}

function world(change: Partial<CaptureRunArgs> = {}): World {
    const here: World = {
        said: [],
        visible: {},
        noted: [],
        log: [],
        sessions: [],
        outlasted: Promise.resolve(),
        parts: undefined as never,
        args: undefined as never,
    };
    const report = (): EndReport => ({
        hosts: [{ product: "connect", state: here.openError ? "unknown" : "open", error: here.openError }],
    });
    const window = (args: WindowArgs): ClosedWindow => ({
        deadline: new Date(Date.now() + 60_000),
        get calledOff() {
            return here.calledOff;
        },
        close: async () => {
            here.said.push("close");
            const findings = await args.proveQuiet!();
            if (findings.length > 0) {
                here.said.push("abort");
                throw new Error(findings.join("\n"));
            }
            return { hosts: [], freezeMilliseconds: 1, deadline: new Date() };
        },
        note: async (notes) => {
            here.noted.push(notes);
            here.said.push(`note ${Object.keys(notes).join(",")}`);
        },
        end: async (word: LastWord) => {
            here.said.push(word);
            return report();
        },
    });
    const probe = async (): Promise<DatabaseProbe> => ({
        openSessions: async () => here.sessions,
        nextQuietMoment: async () => new Date(),
        outlast: async () => here.outlasted,
        close: async () => undefined,
    });
    here.parts = { window, probe };
    here.args = {
        ...runDefaults,
        databases: [
            {
                through: target,
                target: { host: "db", port: 5432, name: "connect", user: "connect", password: seal("secret") },
                users: ["connect"],
                restorable: true,
            },
        ],
        expected: ["vol-1", "vol-2"],
        requested: async () => here.visible,
        log: (line) => here.log.push(line),
        ...change,
    };
    return here;
}

const both = { "vol-1": "snap-1", "vol-2": "snap-2" };
const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe("a capture's run", () => {
    it("opens when the last snapshot is visible and the moment is noted, not before", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        here.visible = { "vol-1": "snap-1" };
        await new Promise((resolve) => setTimeout(resolve, 250));
        assert.deepEqual(here.said, ["close", "note pointInTime,databaseSessions"]);
        here.visible = both;
        await run.finished();
        assert.deepEqual(here.said, [
            "close",
            "note pointInTime,databaseSessions",
            "note pointInTime,databaseSessions,snapshots",
            "complete",
        ]);
    });

    it("notes the moment at once, and opens only when it is outlasted", async () => {
        const here = world();
        let outlast = () => undefined as void;
        here.outlasted = new Promise((resolve) => (outlast = resolve));
        here.visible = both;
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        await new Promise((resolve) => setTimeout(resolve, 250));
        assert.deepEqual(here.said, ["close", "note pointInTime,databaseSessions"]);
        outlast();
        await run.finished();
        assert.equal(here.said.at(-1), "complete");
    });

    it("is void when somebody came to a database before production opened", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        here.sessions = ["connect from 10.0.0.9 (idle)"];
        here.visible = both;
        await assert.rejects(run.finished(), /is void: database connect has a session again.*10\.0\.0\.9/);
        assert.equal(here.said.at(-1), "abort");
    });

    it("closes once, however many snapshots ask", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        here.visible = both;
        await Promise.all([run.close(), run.close(), run.close()]);
        await run.finished();
        assert.equal(here.said.filter((word) => word === "close").length, 1);
    });

    it("stays closed after a final capture", async () => {
        const here = world({ options: optionsWith({ reopen: false }) });
        const run = new CaptureRun(here.args, here.parts);
        here.visible = both;
        await run.close();
        await run.finished();
        assert.equal(here.said.pop(), "stay");
    });

    it("opens at once when a snapshot fails, and is void", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        await run.abort("vol-2: refused");
        assert.ok(here.said.includes("abort"));
        await assert.rejects(run.finished(), /void.*vol-2: refused/);
        assert.ok(!here.said.includes("complete"));
    });

    it("finds what is missing before it touches production, and says all of it", async () => {
        const here = world({ preflight: async () => ["no backups are kept"] });
        here.parts.probe = async () => {
            throw new Error("wrong password");
        };
        const run = new CaptureRun(here.args, here.parts);
        await assert.rejects(run.close(), /production was not touched:\nwrong password\nno backups are kept/);
        assert.deepEqual(here.said, []);
    });

    it("refuses without touching production when this run may not close it", async () => {
        const here = world({ refusal: "capture t1 is void already" });
        const run = new CaptureRun(here.args, here.parts);
        await assert.rejects(run.close(), /void already/);
        assert.deepEqual(here.said, []);
    });

    it("calls the capture off when a database session does not end", async () => {
        const here = world();
        here.sessions = ["connect from 10.0.0.1 (idle)"];
        const run = new CaptureRun(here.args, here.parts);
        await assert.rejects(run.close(), /still has a session/);
        assert.ok(!here.said.includes("complete"));
    });

    it("is void when a host did not open as told", async () => {
        const here = world();
        here.openError = "opened by dead-man";
        const run = new CaptureRun(here.args, here.parts);
        here.visible = both;
        await run.close();
        await assert.rejects(run.finished(), /opened by dead-man/);
    });

    it("closes nothing when everything is adopted", async () => {
        const here = world();
        await new CaptureRun(here.args, here.parts).finished();
        assert.deepEqual(here.said, []);
    });

    it("writes the snapshots that it saw to every host before it opens or stays, and only those that are expected", async () => {
        for (const reopen of [true, false]) {
            const here = world({ options: optionsWith({ reopen }) });
            here.visible = { ...both, "vol-9": "snap-9" };
            const run = new CaptureRun(here.args, here.parts);
            await run.close();
            await run.finished({ id: "snap-1", source: "vol-1" });
            assert.deepEqual(here.noted.at(-1)?.snapshots, both);
            assert.match(here.noted.at(-1)?.pointInTime ?? "", /^20/);
            assert.deepEqual(here.said.slice(-2), [
                "note pointInTime,databaseSessions,snapshots",
                reopen ? "complete" : "stay",
            ]);
        }
    });

    it("keeps the first snapshot that it saw of a source", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        here.visible = { "vol-1": "snap-1" };
        await run.close();
        await pause(300);
        here.visible = { "vol-1": "snap-late", "vol-2": "snap-2" };
        await run.finished();
        assert.deepEqual(here.noted.at(-1)?.snapshots, both);
    });

    it("fails where AWS took a second snapshot after it lost the first answer, and says which one counts", async () => {
        const here = world({ options: optionsWith({ reopen: false }) });
        here.visible = both;
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        await assert.rejects(
            run.finished({ id: "snap-4", source: "vol-2" }),
            /is complete, but .*second snapshot of vol-2 \(snap-4\).* snap-2 counts.*next `pulumi up` adopts it/,
        );
        await run.finished({ id: "snap-2", source: "vol-2" });
        assert.equal(here.said.at(-1), "stay");
    });

    it("takes a look-up that fails for nothing seen yet, says so once, and goes on", async () => {
        const here = world();
        let looks = 0;
        here.args.requested = async () => {
            if (++looks < 5) throw new Error("RequestLimitExceeded");
            return both;
        };
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        await run.finished();
        assert.equal(here.said.at(-1), "complete");
        assert.equal(here.log.filter((line) => line.includes("RequestLimitExceeded")).length, 1);
    });

    it("opens soon where the cloud may not be asked any longer, and goes on where it refused once", async () => {
        const refusals = [1, Infinity];
        const ends = await Promise.all(
            refusals.map(async (times) => {
                let left = times;
                const here = world({ hopeless: (error) => /AccessDenied/.test(String(error)) });
                here.args.requested = async () => {
                    if (left-- > 0) throw new Error("AccessDenied");
                    return both;
                };
                const run = new CaptureRun(here.args, here.parts);
                await run.close();
                const began = Date.now();
                await run.finished().catch((error: Error) => here.log.push(error.message));
                assert.ok(Date.now() - began < 3000);
                return [here.said.at(-1), here.log.at(-1)];
            }),
        );
        assert.equal(ends[0][0], "complete");
        assert.equal(ends[1][0], "abort");
        assert.match(ends[1][1] ?? "", /void: AccessDenied/);
    });

    it("waits for no proof and for no answer longer than the window lasts", async () => {
        const never = new Promise<never>(() => undefined);
        const hangs: ((here: World) => void)[] = [
            (here) => (here.parts.probe = async () => ({ ...(await probeOf()), openSessions: () => never })),
            (here) => (here.parts.probe = async () => ({ ...(await probeOf()), nextQuietMoment: () => never })),
            (here) => (here.parts.probe = async () => ({ ...(await probeOf()), outlast: () => never })),
            (here) => (here.args.requested = () => never),
        ];
        const probeOf = world().parts.probe.bind(undefined, target, { host: "", port: 5432, name: "", user: "" });
        await Promise.all(
            hangs.map(async (hang) => {
                const here = world();
                here.visible = both;
                hang(here);
                const run = new CaptureRun(here.args, here.parts);
                setTimeout(() => (here.calledOff = "not done after 6 s"), 300);
                const ended = run.close().then(() => run.finished());
                await assert.rejects(ended, /not done after 6 s/);
                assert.ok(!here.said.includes("complete"));
            }),
        );
    });

    it("asks everything else first, and the maintenance window last", async () => {
        const asked: string[] = [];
        const here = world({
            preflight: async () => {
                asked.push("preflight");
                return [];
            },
            checks: [
                async () => {
                    asked.push("window");
                    return ["its maintenance window is over"];
                },
            ],
        });
        const run = new CaptureRun(here.args, here.parts);
        await assert.rejects(run.close(), /production was not touched:\nits maintenance window is over/);
        assert.deepEqual(asked, ["preflight", "window"]);
        assert.deepEqual(here.said, []);
    });
});
