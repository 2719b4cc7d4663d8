// The order of one capture: closed before anything is requested, open as soon as everything is, void when anything fails.
// Proves the order of words to the window. Does not prove that hosts obey them (tests/unit/remote/window.test.ts, tests/hosts).
import { runDefaults } from "./runDefaults";
import * as assert from "node:assert/strict";
import { CaptureRun, CaptureRunArgs, CaptureRunParts } from "../../../remote/captureRun";
import { DatabaseProbe } from "../../../remote/databaseProbe";
import { ClosedWindow, LastWord, OpenReport, WindowArgs } from "../../../remote/window";

const target = { address: "10.0.0.1", user: "admin", privateKey: "key", hostKey: "host" };

interface World {
    said: string[];
    parts: CaptureRunParts;
    args: CaptureRunArgs;
    visible: string[];
    sessions: string[];
    /** Ends when the servers were quiet for long enough. */
    outlasted: Promise<void>;
    openError?: string;
}

function world(change: Partial<CaptureRunArgs> = {}): World {
    const here: World = {
        said: [],
        visible: [],
        sessions: [],
        outlasted: Promise.resolve(),
        parts: undefined as never,
        args: undefined as never,
    };
    const report = (): OpenReport => ({
        hosts: [{ product: "connect", state: here.openError ? "unknown" : "open", error: here.openError }],
    });
    const open = (args: WindowArgs): ClosedWindow => ({
        deadline: new Date(Date.now() + 60_000),
        calledOff: undefined,
        close: async () => {
            here.said.push("close");
            const findings = await args.proveQuiet!();
            if (findings.length > 0) {
                here.said.push("abort");
                throw new Error(findings.join("\n"));
            }
            return { hosts: [], freezeMilliseconds: 1, deadline: new Date() };
        },
        note: async (notes) => void here.said.push(`note ${Object.keys(notes).join(",")}`),
        openAgain: async (word: LastWord) => {
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
    here.parts = { open, probe };
    here.args = {
        ...runDefaults,
        databases: [
            {
                through: target,
                target: { host: "db", database: "connect", user: "connect", password: "secret" },
                roles: ["connect"],
                restorable: true,
            },
        ],
        expected: ["vol-1", "vol-2"],
        requested: async () => here.visible,
        ...change,
    };
    return here;
}

describe("a capture's run", () => {
    it("opens when the last snapshot is visible and the moment is noted, not before", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        await run.close();
        here.visible = ["vol-1"];
        await new Promise((resolve) => setTimeout(resolve, 250));
        assert.deepEqual(here.said, ["close", "note pointInTime,databaseSessions"]);
        here.visible = ["vol-1", "vol-2"];
        await run.finished();
        assert.deepEqual(here.said, ["close", "note pointInTime,databaseSessions", "complete"]);
    });

    it("notes the moment at once, and opens only when it is outlasted", async () => {
        const here = world();
        let outlast = () => undefined as void;
        here.outlasted = new Promise((resolve) => (outlast = resolve));
        here.visible = ["vol-1", "vol-2"];
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
        here.visible = ["vol-1", "vol-2"];
        await assert.rejects(run.finished(), /is void: database connect has a session again.*10\.0\.0\.9/);
        assert.equal(here.said.at(-1), "abort");
    });

    it("closes once, however many snapshots ask", async () => {
        const here = world();
        const run = new CaptureRun(here.args, here.parts);
        here.visible = ["vol-1", "vol-2"];
        await Promise.all([run.close(), run.close(), run.close()]);
        await run.finished();
        assert.equal(here.said.filter((word) => word === "close").length, 1);
    });

    it("stays closed after a final capture", async () => {
        const here = world({ reopen: false });
        const run = new CaptureRun(here.args, here.parts);
        here.visible = ["vol-1", "vol-2"];
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
        here.visible = ["vol-1", "vol-2"];
        await run.close();
        await assert.rejects(run.finished(), /opened by dead-man/);
    });

    it("closes nothing when everything is adopted", async () => {
        const here = world();
        await new CaptureRun(here.args, here.parts).finished();
        assert.deepEqual(here.said, []);
    });
});
