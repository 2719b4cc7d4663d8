// The list of faults as data: what it must cover, in which time, and how an interrupted one goes on. Nothing is broken here.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { parts } from "../../../../lab/all";
import { signalIfThere, treeOf } from "../../../../lab/faults/strikes/breakages";
import { finalFaults } from "../../../../lab/faults/rows/finals";
import { withoutMoves } from "../../../../lab/faults/bench/forgetting";
import { captureFaults } from "../../../../lab/faults/rows/opening";
import { lostFaults } from "../../../../lab/faults/rows/lost";
import { allRows, chooseRows, estimateSeconds } from "../../../../lab/faults/main";
import { chance } from "../../../../lab/faults/rows/moves";
import { readResults, treeId, writeResults } from "../../../../lab/faults/results";
import { stayFaults } from "../../../../lab/faults/rows/stay";
import { moveSteps } from "../../../../lab/faults/strikes/steps";
import { sources } from "../../../../lab/legacy/sources";
import type { Fault } from "../../../../lab/faults/bench/trial";

const subset = "final,serve,revert,back,stay,lost";
const captures: Fault[] = [...captureFaults, ...finalFaults, ...lostFaults, ...stayFaults];
const isFinal = ({ capture }: Fault): boolean => capture?.reopen === false;

describe("the list of faults", () => {
    it("names each row once, and all of a kind by the beginning of their names", () => {
        const names = allRows.map(({ name }) => name);
        assert.deepEqual([...new Set(names)], names);
        for (const fault of captures) {
            if (isFinal(fault)) assert.match(fault.name, /^(final|lost|stay)/, fault.name);
        }
        for (const { name } of chooseRows(subset)) assert.match(name, /^(final|serve|revert|back|stay|lost)/);
    });

    it("takes an hour and a half on two cores, and an hour for what is about final captures and moves", () => {
        assert.ok(estimateSeconds(allRows) <= 90 * 60, `${estimateSeconds(allRows) / 60} min`);
        assert.ok(estimateSeconds(chooseRows(subset)) <= 60 * 60, `${estimateSeconds(chooseRows(subset)) / 60} min`);
    });

    it("strikes at each moment at least twice, with and without reopen", () => {
        const moments = [
            "before the freeze",
            "after the first freeze",
            "after the last freeze",
            "while snapshots are requested",
            "after the requests, before the thaw",
        ];
        for (const moment of moments) {
            for (const final of [true, false]) {
                const struck = captures.filter((fault) => fault.strike?.at === moment && isFinal(fault) === final);
                assert.ok(struck.length >= 2, `${moment}, reopen: ${!final}: ${struck.map(({ name }) => name).join()}`);
            }
        }
    });

    it("tries each kind of strike with and without reopen", () => {
        const kinds = ["sigkill-", "sigint-", "sigterm-", "cut-", "still-", "reboot", "not-quiet", "database-session"];
        for (const kind of [...kinds, "snapshot-refused", "slow-requests", "script-killed", "script-stands-still"]) {
            for (const final of [true, false]) {
                const found = captures.filter((fault) => fault.name.includes(kind) && isFinal(fault) === final);
                assert.ok(found.length > 0, `${kind} with reopen: ${!final}`);
            }
        }
    });

    it("never takes a final capture for complete that was struck before it stayed", () => {
        for (const fault of finalFaults.filter(({ strike }) => strike !== undefined)) {
            const signalled = /^final-sig(int|term)/.test(fault.name); // the engine may end in order
            const early = fault.strike?.at === "before the freeze";
            assert.deepEqual(
                fault.fate.filter((fate) => fate === "complete"),
                signalled ? ["complete"] : [],
                fault.name,
            );
            assert.ok(early || fault.fate.includes("void"));
        }
    });

    it("strikes moves in both directions at every step and at four random seconds", () => {
        const names = allRows.map(({ name }) => name);
        for (const step of moveSteps) {
            for (const way of ["serve", "revert", "back"])
                assert.ok(names.includes(`${way}-${step}`), `${way}-${step}`);
        }
        const random = names.filter((name) => name.includes("-random-"));
        assert.equal(random.filter((name) => name.startsWith("back")).length, 4);
        assert.equal(random.filter((name) => !name.startsWith("back")).length, 4);
    });

    it("refuses a name that fits nothing, with all that there are", () => {
        assert.throws(() => chooseRows("nonsense"), /no fault "nonsense".*sigkill-before-freeze.*serve-begun/s);
        assert.throws(() => chooseRows(","), /no fault/);
    });
});

describe("a state whose names were never moved", () => {
    it("has no command that moved a host, keeps records and all else, and says nothing of the other side", () => {
        const command =
            "urn:pulumi:prod::posit::posit:index:EntryPoints$command:remote:Command::entry-points-connect-i-1";
        const record = {
            urn: "urn:pulumi:prod::posit::posit:index:EntryPoints$aws:route53/record:Record::entry-points-connect",
            type: "aws:route53/record:Record",
            dependencies: [command, "other"],
            propertyDependencies: { records: [command], ttl: null },
        };
        const elsewhere = {
            urn: "urn:pulumi:prod::posit::command:remote:Command::inventory",
            type: "command:remote:Command",
        };
        const serving = { side: "listed", retired: "org/posit/staging", direction: "back" };
        const stack = { urn: "urn:x", type: "pulumi:pulumi:Stack", outputs: { contract: { serving, region: "r" } } };
        const resources = [stack, { urn: command, type: "command:remote:Command" }, record, elsewhere];
        const found = withoutMoves({ deployment: { resources } }).deployment.resources;
        assert.deepEqual(found, [
            { ...stack, outputs: { contract: { serving: { side: "listed" }, region: "r" } } },
            { ...record, dependencies: ["other"], propertyDependencies: { records: [], ttl: null } },
            elsewhere,
        ]);
    });
});

describe("a process tree", () => {
    it("is a process and everything that it has started", async () => {
        const parent = spawn("bash", ["-c", "bash -c 'sleep 30; :' & wait"], { stdio: "ignore" });
        try {
            const pid = parent.pid ?? 0;
            for (let tries = 0; tries < 100 && treeOf(pid).length < 3; tries++) {
                await new Promise((resolve) => setTimeout(resolve, 50));
            }
            assert.equal(treeOf(pid).length, 3);
            assert.equal(treeOf(pid)[0], pid);
        } finally {
            // A parent that has lost its child may have ended by itself.
            for (const pid of treeOf(parent.pid ?? 0)) signalIfThere(pid, "SIGKILL");
        }
    });
});

describe("everything in one go", () => {
    it("rehearses each shape, destroyed and built anew, the mistakes, and all faults, each part once", () => {
        const names = parts.map(({ name }) => name);
        assert.deepEqual([...new Set(names)], names);
        for (const shape of Object.keys(sources)) {
            const of = parts.filter(
                ({ command, env }) =>
                    command === "rehearse" &&
                    !(env.FROM || env.EXTERNAL || env.EXISTING) &&
                    (env.SOURCES ?? "plain") === shape,
            );
            assert.deepEqual(
                of.map(({ env }) => env.DESTROY),
                ["1"],
                shape,
            );
        }
        assert.ok(parts.some(({ env }) => env.MISTAKES === "1"));
        assert.ok(parts.some(({ env }) => env.EXTERNAL === "1"));
        assert.ok(parts.some(({ env }) => env.EXISTING === "1"));
        const takenOver = parts.filter(({ env }) => env.FROM);
        assert.deepEqual(
            takenOver.map(({ env }) => env.SOURCES),
            ["plain", "mixed"],
        );
        assert.deepEqual(parts.at(-1), { name: "all faults", command: "faults", env: { FAULT: "" } });
        assert.ok(parts.some(({ command }) => command === "lab-test"));
        parts.forEach(({ command, env, name }, index) => {
            if (command === "rehearse") assert.equal(parts[index + 1].command === "states", !env.FROM, name);
        });
    });
});

describe("chance", () => {
    it("is decided by the seed, between 0 and 1, and differs from row to row", () => {
        fc.assert(
            fc.property(fc.nat(), fc.nat(20), (seed, index) => {
                const drawn = chance(seed, index);
                assert.ok(drawn >= 0 && drawn < 1);
                assert.equal(chance(seed, index), drawn);
            }),
        );
        assert.equal(new Set([1, 2, 3, 4, 5, 6, 7, 8].map((index) => chance(42, index))).size, 8);
    });
});

describe("results on disk", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "faults-"));
    const rows = [
        {
            fault: "one",
            what: "",
            closedBeyondSeconds: 0,
            outcome: "void" as const,
            dataIntact: true,
            passed: true,
            problems: [],
            seconds: 1,
        },
    ];
    after(() => fs.rmSync(folder, { recursive: true }));

    it("go on for the same tree, and say why not for another", () => {
        assert.match(String(readResults(folder, "a")), /no results/);
        writeResults(folder, { tree: "a", seed: 7, rows });
        assert.deepEqual(readResults(folder, "a"), { tree: "a", seed: 7, rows });
        assert.match(String(readResults(folder, "b")), /stale.*another tree \(a\)/);
        assert.match(String(readResults(folder, undefined)), /git does not tell/);
    });

    it("know a tree by its files, new ones too, and whatever commit they stand in; prose does not count", () => {
        const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "ignore" });
        assert.equal(treeId(os.tmpdir()), undefined);
        git("init");
        fs.writeFileSync(path.join(folder, ".gitignore"), "faults.json\n");
        git("add", ".gitignore");
        git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-m", "one");
        const clean = treeId(folder);
        assert.equal(treeId(folder), clean);
        fs.writeFileSync(path.join(folder, "new.ts"), "1");
        const added = treeId(folder);
        fs.writeFileSync(path.join(folder, "new.ts"), "2");
        const changed = treeId(folder);
        assert.equal(new Set([clean, added, changed]).size, 3);
        git("add", "new.ts");
        git("-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-m", "two");
        fs.writeFileSync(path.join(folder, "figures.md"), "0.4 s");
        assert.equal(treeId(folder), changed);
    });
});
