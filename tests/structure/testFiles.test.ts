// No test stands that no command runs, and none is kept from running without a reason. Does not see a list of cases that a condition shortens.
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { filesOf, root, textOf } from "./repository";
import { commandsOf, matches, readTestFile, runSpecs } from "./testFiles";

/** File and way → why. A row that keeps nothing any longer fails. */
const reasons: [string, string, string][] = [
    [
        "tests/needs.ts",
        "context.skip",
        "the one place that skips, with a reason each time; with CI set it fails instead",
    ],
];

const mochaConfigs = [".mocharc.json", ".mocharc.lab.json", ".mocharc.conformance.json"];

const files = Object.fromEntries(filesOf(".ts").map((file) => [file, readTestFile(textOf(file))]));
/** Not by their names: a file that is called otherwise holds tests all the same. */
const withTests = Object.keys(files).filter((file) => files[file].tells > 0);
const specs = runSpecs(commandsOf(textOf("Makefile"), textOf("package.json")), textOf);
const isRun = (file: string) => specs.some((spec) => matches(spec, file));

describe("tests", () => {
    it("are run: each file of them by some Makefile target or npm script", () => {
        assert.ok(withTests.length > 60 && specs.length > 3);
        const forgotten = withTests.filter((file) => !file.startsWith("tests/lab/") && !isRun(file));
        assert.deepEqual(forgotten, [], "no command runs these: name them so that .mocharc.json's spec has them");
    });

    it("of the rehearsal are run: some Makefile target or npm script runs tests/lab", () => {
        const lab = withTests.filter((file) => file.startsWith("tests/lab/"));
        assert.ok(lab.length > 0);
        assert.deepEqual(
            lab.filter((file) => !isRun(file)),
            [],
        );
    });

    it("are there for every spec of mocha's configurations", () => {
        for (const config of mochaConfigs) {
            const { spec } = JSON.parse(textOf(config)) as { spec: string[] };
            for (const glob of spec)
                assert.ok(
                    withTests.some((file) => matches(glob, file)),
                    `${config}: ${glob} has none`,
                );
        }
    });

    it("all run: none is skipped, and none runs alone, but with a reason", () => {
        const kept = Object.entries(files).flatMap(([file, { kept: ways }]) => ways.map((way) => ({ file, ...way })));
        const told = (file: string, how: string) => reasons.some(([where, what]) => where === file && what === how);
        const wild = kept
            .filter(({ file, how }) => !told(file, how))
            .map(({ file, line, how }) => `${file}:${line} ${how}`);
        assert.deepEqual(
            wild,
            [],
            "skip by needs(this, …) of tests/needs.ts, which says why; or give a reason in this test",
        );
        const idle = reasons.filter(([where, what]) => !kept.some(({ file, how }) => file === where && how === what));
        assert.deepEqual(idle, [], "these reasons are used by nobody");
    });

    it("that are skipped all the same are told at the end, and with CI set they fail", () => {
        for (const config of mochaConfigs) {
            assert.equal((JSON.parse(textOf(config)) as { reporter: string }).reporter, "./tests/reporter.ts", config);
        }
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "skipping-"));
        const file = path.join(folder, "x.test.js");
        const needs = JSON.stringify(path.join(root, "tests/needs"));
        fs.writeFileSync(
            file,
            `const { needs } = require(${needs});
            describe("a", () => { before(function () { needs(this, false, "rain"); }); it("b", () => {}); it("c", () => {}); });
            it("d", function () { needs(this, true, "snow"); needs(this, false, "sun"); });
            it("e");`,
        );
        const run = (env: Record<string, string>) => {
            const words = [
                "--no-config",
                "--require",
                "ts-node/register/transpile-only",
                "--reporter",
                "./tests/reporter.ts",
            ];
            const { status, stdout } = spawnSync(
                process.execPath,
                ["node_modules/mocha/bin/mocha.js", ...words, file],
                {
                    cwd: root,
                    encoding: "utf8",
                    env: { ...process.env, CI: "", ...env },
                },
            );
            return { status, stdout };
        };
        try {
            const here = run({});
            assert.equal(here.status, 0);
            const said = here.stdout.trim().split("\n").pop() ?? "";
            for (const part of ["2 tests for want of rain", "1 test for want of sun", "1 test for want of no reason"]) {
                assert.ok(said.startsWith("Not proved here: ") && said.includes(part), said);
            }
            const inCi = run({ CI: "true" });
            assert.equal(inCi.status, 3, inCi.stdout);
            assert.match(inCi.stdout, /needs rain; with CI set nothing may be skipped/);
            assert.match(inCi.stdout, /With CI set that is a failure\.\n$/);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    }).timeout(60_000);
});

describe("the guard of tests", () => {
    it("finds every way to keep a test from running", () => {
        const text = `describe.skip("a", () => { it.only("b", () => {}); xit("c", () => {}); it("d"); });
            context.only("e", () => {});
            before(function () { this.skip(); });
            it("f", () => {}); it.skip(title, () => {}); if (root) it("g", () => {}); ci || describe("h", () => {}); other.skip(); skip(); array.only;`;
        const { tells, kept } = readTestFile(text);
        assert.deepEqual(
            kept.map(({ line, how }) => `${line} ${how}`),
            [
                "1 describe.skip",
                "1 it.only",
                "1 xit",
                "1 it without a body",
                "2 context.only",
                "3 this.skip",
                "4 it.skip",
                "4 it under a condition",
                "4 describe under a condition",
            ],
        );
        assert.equal(tells, 8);
        assert.equal(readTestFile('import { it as x } from "y"; const describe2 = 1;').tells, 0);
    });

    it("knows what a command runs: its own words, its configuration's, the usual one's", () => {
        const configs: Record<string, string> = { ".mocharc.json": '{"spec":["a/*"]}', "x.json": '{"spec":"b/*"}' };
        const of = (...commands: string[]) => runSpecs(commands, (file) => configs[file]);
        assert.deepEqual(of("npx mocha", "\tcd x && mocha"), ["a/*", "a/*"]);
        assert.deepEqual(of("npx mocha --config x.json"), ["b/*"]);
        assert.deepEqual(of("V=1 mocha --no-config --exit tests/c.test.ts 'tests/d/*.ts'"), [
            "tests/c.test.ts",
            "tests/d/*.ts",
        ]);
        assert.deepEqual(of("echo hello", "npx eslint .", "cat .mocharc.json"), []);
        assert.deepEqual(commandsOf("a: b\n\tnpx x\n", '{"scripts":{"t":"mocha"}}'), ["\tnpx x", "mocha"]);
    });

    it("matches as mocha does", () => {
        assert.ok(matches("tests/unit/**/*.test.ts", "tests/unit/a.test.ts"));
        assert.ok(matches("tests/unit/**/*.test.ts", "tests/unit/a/b/c.test.ts"));
        assert.ok(!matches("tests/unit/**/*.test.ts", "tests/unity/a.test.ts"));
        assert.ok(!matches("tests/unit/*.test.ts", "tests/unit/a/b.test.ts"));
        assert.ok(!matches("tests/a.test.ts", "tests/aXtest.ts"));
    });
});
