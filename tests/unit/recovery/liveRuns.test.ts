// Which runs `make recover` leaves alone and which it ends, with real processes: an engine by name that listens, what stands for its language
// host, and a program that is started as the SDK's runner is. Does not prove that Pulumi's own processes look so (make faults).
import assert from "node:assert/strict";
import { ChildProcess, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Refusal } from "../../../logic/refusal";
import { recover } from "../../../recovery/recover";
import { flag, runsOf } from "../../../recovery/runs";

const folder = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "live-runs-")));
const elsewhere = fs.realpathSync(fs.mkdtempSync(path.join(os.tmpdir(), "live-runs-elsewhere-")));
const stack = "prod-of-live-runs";
const runner = path.join(folder, "node_modules/@pulumi/pulumi/cmd/run");
const started: ChildProcess[] = [];
const pids: number[] = [];

interface Started {
    engine: ChildProcess;
    host?: number;
    program?: number;
}

/** An engine with those words, and unless told otherwise its language host and program, as the real ones hang together. */
async function run(
    words: string[],
    options: { program?: string[]; cwd?: string; env?: Record<string, string>; argv0?: string } = {},
): Promise<Started> {
    const host = `
        const child = require("child_process").spawn(process.execPath, JSON.parse(process.argv[1]), { stdio: "inherit" });
        console.log("host " + process.pid); setInterval(() => undefined, 1000);`;
    const engine = `
        const server = require("net").createServer().listen(0, "127.0.0.1", () => {
            const program = ${JSON.stringify(options.program ?? null)};
            if (!program) return console.log("engine alone");
            const engine = "127.0.0.1:" + server.address().port;
            const args = [${JSON.stringify(runner)}, "--monitor", engine, "--engine", engine, ...program, "."];
            require("child_process").spawn(process.execPath, ["-e", ${JSON.stringify(host)}, JSON.stringify(args)], { stdio: "inherit" });
        });`;
    const child = spawn(process.execPath, ["-e", engine, "--", ...words], {
        argv0: options.argv0 ?? "/usr/local/bin/pulumi",
        cwd: options.cwd ?? folder,
        env: { ...process.env, ...options.env },
        stdio: ["ignore", "pipe", "inherit"],
    });
    started.push(child);
    let said = "";
    child.stdout.on("data", (data: Buffer) => (said += data.toString()));
    const wanted = options.program ? /host \d+[^]*program \d+|program \d+[^]*host \d+/ : /engine alone/;
    for (let tries = 0; !wanted.test(said); tries += 1) {
        assert.ok(tries < 200, `the processes did not start: ${said}`);
        await pause(50);
    }
    const pidOf = (what: string) => Number(new RegExp(`${what} (\\d+)`).exec(said)?.[1]);
    const found = options.program ? { host: pidOf("host"), program: pidOf("program") } : {};
    pids.push(...Object.values(found));
    return { engine: child, ...found };
}

const ofStack = (name = stack, project = "posit") => ["--project", project, "--stack", name];

function alive(pid: number | undefined): boolean {
    try {
        const stat = fs.readFileSync(`/proc/${pid}/stat`, "utf8");
        return !/\) Z /.test(stat);
    } catch {
        return false;
    }
}

async function recovered(): Promise<{ touched: string[]; said: string; refusal?: string }> {
    const touched: string[] = [];
    const said: string[] = [];
    const options = {
        stack,
        project: folder,
        log: (line: string) => said.push(line),
        thaw: async () => (touched.push("thaw"), 0 as const),
        pulumi: async ([word]: string[]) => (touched.push(word), JSON.stringify({ deployment: {} })),
    };
    const refusal = await recover(options).then(
        () => undefined,
        (error: Error) => {
            assert.ok(error instanceof Refusal, error.stack);
            return error.message;
        },
    );
    return { touched, said: said.join("\n"), refusal };
}

describe("recovering, by what runs here", () => {
    before(() => {
        for (const place of [folder, elsewhere]) fs.writeFileSync(path.join(place, "Pulumi.yaml"), "name: posit\n");
        fs.mkdirSync(runner, { recursive: true });
        fs.writeFileSync(
            path.join(runner, "index.js"),
            `if (process.argv.includes("deaf")) process.on("SIGTERM", () => undefined);
         console.log("program " + process.pid); setInterval(() => undefined, 1000);`,
        );
    });

    afterEach(() => {
        for (const child of started.splice(0)) child.kill("SIGKILL");
        for (const pid of pids.splice(0)) {
            try {
                process.kill(pid, "SIGKILL");
            } catch {
                // It is gone, as it should.
            }
        }
    });

    describe("a run that still goes on", () => {
        const ways: [string, string[], Record<string, string>?][] = [
            ["pulumi up with a selected stack", ["up", "--yes"]],
            ["pulumi --stack NAME up", ["--stack", stack, "up"]],
            ["pulumi up --stack=NAME", ["up", `--stack=${stack}`]],
            ["pulumi up -s organization/project/NAME", ["up", "-s", `acme/posit/${stack}`]],
            ["pulumi up -sNAME", ["up", `-s${stack}`]],
            ["pulumi refresh with PULUMI_STACK", ["refresh"], { PULUMI_STACK: stack }],
            ["pulumi destroy", ["--non-interactive", "destroy", "-s", stack]],
            ["what a program calls", ["up", "--exec-kind", "auto.local", "--stack", stack, "--skip-preview"]],
        ];
        for (const [name, words, env] of ways) {
            it(`is seen without a program, and nothing is touched: ${name}`, async () => {
                const { engine } = await run(words, { env });
                const { touched, refusal } = await recovered();
                assert.match(refusal ?? "nothing was refused", new RegExp(`process ${engine.pid}\\b`));
                assert.deepEqual(touched, []);
            });
        }

        it("is seen by its program, whatever the engine is called by", async () => {
            const { engine, program } = await run(["something"], {
                program: ofStack(),
                argv0: "/opt/engine/started-otherwise",
            });
            const { touched, refusal } = await recovered();
            assert.match(refusal ?? "nothing was refused", new RegExp(`process ${program}: its engine answers`));
            assert.deepEqual(touched, []);
            assert.ok(alive(engine.pid) && alive(program));
        });

        it("is seen where it was told to stand still", async () => {
            const { engine, program } = await run(["up"], { program: ofStack() });
            engine.kill("SIGSTOP");
            const { touched, refusal } = await recovered();
            assert.match(
                refusal ?? "nothing was refused",
                new RegExp(`process ${engine.pid}: its program is process ${program}`),
            );
            assert.deepEqual(touched, []);
        });

        it("is seen in another checkout that has the same state", async () => {
            const other = [...ofStack(), "--root-directory", elsewhere, "--pwd", elsewhere];
            await run(["up"], { program: other, cwd: elsewhere });
            assert.match((await recovered()).refusal ?? "nothing was refused", /still goes on here/);
        });

        it("is not seen where it is another stack's, another project's, or on another backend", async () => {
            const at = (backend: string) => ({ cwd: elsewhere, env: { PULUMI_BACKEND_URL: backend } });
            const others = [
                await run(["up"], { program: ofStack("staging-of-live-runs") }),
                await run(["up", "--stack", "staging-of-live-runs"]),
                await run(["up"], { program: ofStack(stack, "another"), cwd: elsewhere }),
                await run(["up"], { program: ofStack(), ...at("file:///nowhere") }),
                await run(["stack", "output", "--stack", stack]),
            ];
            const { touched, refusal } = await recovered();
            assert.equal(refusal, undefined);
            assert.deepEqual(touched, ["thaw", "stack", "cancel"]);
            assert.ok(
                others.every(({ engine, program }) => alive(engine.pid) && (program === undefined || alive(program))),
            );
        });
    });

    describe("what a dead run left", () => {
        it("is ended before production is opened, though another process adopted it", async () => {
            const { engine, host, program } = await run(["up", "--stack", stack], { program: ofStack() });
            engine.kill("SIGKILL");
            await pause(200);
            assert.ok(alive(host) && alive(program), "its parent lives: what adopts orphans need not be process 1");
            const { touched, said, refusal } = await recovered();
            assert.equal(refusal, undefined);
            assert.ok(!alive(program));
            assert.match(said, new RegExp(`process ${program} of the dead run was ended`));
            assert.deepEqual(touched, ["thaw", "stack", "cancel"]);
        });

        it("is ended even where it does not hear", async () => {
            const { engine, program } = await run(["up"], { program: [...ofStack(), "deaf"] });
            engine.kill("SIGKILL");
            await pause(200);
            await recovered();
            assert.ok(!alive(program));
        });

        it("is ended even where it stands still", async () => {
            const { engine, program } = await run(["up"], { program: ofStack() });
            engine.kill("SIGKILL");
            process.kill(program!, "SIGSTOP");
            await pause(200);
            await recovered();
            assert.ok(!alive(program));
        });
    });

    describe("a program without its engine", () => {
        const argv = ["node", runner, "--engine", "127.0.0.1:9", ...ofStack()];
        const program = { pid: 4_000_000, parent: 1, argv, folder };
        const wanted = { stack, folder, project: "posit", backend: "" };

        it("is left over only when it is known that nobody answers", async () => {
            for (const [there, live] of [
                [false, false],
                [true, true],
                [undefined, true],
            ] as const) {
                const runs = await runsOf(wanted, [program], async () => there);
                assert.deepEqual(
                    runs.map((each) => each.live),
                    [live],
                );
            }
        });

        it("is no engine's that only looks like its parent", async () => {
            const adopter = { pid: 1, parent: 0, argv: ["/usr/lib/systemd/systemd", "--user", "pulumi", "up"], folder };
            const runs = await runsOf(wanted, [adopter, program], async () => false);
            assert.deepEqual(
                runs.map((each) => each.live),
                [false],
            );
        });
    });

    describe("a flag", () => {
        it("is read in every spelling", () => {
            for (const argv of [["-s", "x"], ["-sx"], ["-s=x"]]) assert.equal(flag(argv, "-s"), "x");
            for (const argv of [["--stack", "x"], ["--stack=x"]]) assert.equal(flag(argv, "--stack"), "x");
            assert.equal(flag(["--stack-file", "x", "--skip-preview"], "--stack"), undefined);
            assert.equal(flag(["--skip-preview"], "-s"), undefined);
        });
    });
});
