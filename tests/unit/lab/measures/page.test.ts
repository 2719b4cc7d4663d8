// docs/performance.md has its tables from what was measured, and no figure of its own beside them. Does not prove that they are of today.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { sorted } from "../../../../lab/figures";
import { type FigureTable, withTables } from "../../../../lab/measures/page";
import type { Measured } from "../../../../lab/measures/results";
import { figureTables } from "../../../../lab/measures/tables";
import { sampleReport } from "../rehearse/report/sampleReport";

const page = path.join(__dirname, "../../../../docs/performance.md");

const phase = { stop: 0.2, proveQuiet: 0.1, request: 2, start: 0.3 };
const phases = { packageManager: phase, workbench: phase, connect: { ...phase, request: 2.7, secondSync: 0.0214 } };
const production = {
    ...{ size: 5, sources: "plain" as const },
    volumes: { packageManager: 1, workbench: 2, connect: 1 },
};
const size: Measured = {
    ...{ kind: "size", ...production, phases },
    closed: { packageManager: 2.61, workbench: 2.6, connect: 3.34 },
    byHand: {
        plain: { closed: { connect: 20.04 }, dump: { connect: 10 } },
        careful: { closed: { connect: 6 }, dump: { connect: 5 }, loaded: { connect: 12.5 } },
    },
};
const windows: Measured = { kind: "windows", ...production, windows: [phases, phases, phases] };
const beyond: Measured = {
    ...{ kind: "beyond", size: 0.2 },
    rows: [
        { volumes: 3, timing: "fast", throttled: false, windows: [phases] },
        { volumes: 12, timing: "aws", throttled: true, windows: [{ connect: { ...phase, request: 9 } }] },
    ],
};
const rowsOf = (name: string, tables: FigureTable[]) => tables.find((table) => table.name === name)?.rows ?? [];

describe("the page of figures", () => {
    it("has a place for every table, and is as make figures leaves it", async () => {
        const before = fs.readFileSync(page, "utf8");
        const written = withTables(before, figureTables([], []));
        assert.equal(await format(written, { ...(await resolveConfig(page)), parser: "markdown" }), before);
    });

    it("has no figure of a measurement outside its tables", () => {
        const prose = fs
            .readFileSync(page, "utf8")
            .split("\n")
            .filter((line) => !line.startsWith("|"))
            .join("\n")
            .replaceAll(/`[^`]*`|\([^)]*\.md\)/g, "");
        assert.deepEqual(prose.match(/\d+([.,]\d+)? ?(s|ms|min|h|seconds?|minutes?|times|GiB|MB|%)\b/g) ?? [], []);
    });

    it("keeps rows that were not measured, replaces those that were, and adds what is new", () => {
        const text = [
            "<!-- figures: x -->",
            "",
            "| GiB | way | a |",
            "| --- | --- | --- |",
            "| 1 | one | 1.0 s |",
            "| 2 | one | 2.0 s |",
            "",
            "<!-- end of figures -->",
            "",
            "<!-- figures: y -->",
            "<!-- end of figures -->",
        ].join("\n");
        const keys = [
            { title: "GiB", key: true },
            { title: "way", key: true },
        ];
        const rows = [
            ["2", "one", "2.5 s"],
            ["2", "other", "9.0 s"],
        ];
        const tables = [
            { name: "x", columns: [...keys, { title: "a" }], rows },
            { name: "y", columns: keys, rows: [] },
        ];
        const written = withTables(text, tables);
        assert.ok(written.includes("| 1 | one | 1.0 s |\n| 2 | one | 2.5 s |\n| 2 | other | 9.0 s |"), written);
        assert.ok(written.includes("| ---: | --- | ---: |"), written);
        assert.match(written, /figures: y -->\n\nNot measured yet\.\n\n<!-- end/);
        assert.equal(withTables(written, tables), written);
    });

    it("says which place is missing, and which nothing fills", () => {
        assert.throws(
            () => withTables("<!-- figures: y -->\n<!-- end of figures -->", [{ name: "x", columns: [], rows: [] }]),
            /has no place for x[^]*has a place for y/,
        );
    });
});

describe("what was measured", () => {
    it("becomes rows of the closed window, by hand and by us", () => {
        const tables = figureTables([size], []);
        assert.deepEqual(rowsOf("closed", tables)[2], ["5", "1", "Connect", "3.3 s", "20.0 s", "6.0 s", "12.5 s"]);
        assert.deepEqual(rowsOf("closed", tables)[1], ["5", "2", "Workbench", "2.6 s", "", "", ""]);
        assert.deepEqual(rowsOf("parts", tables)[2].slice(3), ["3.3 s", "0.20", "0.10", "2.70", "0.30", "2.8 s"]);
    });

    it("becomes medians, and what is beyond stop and start with its goal", () => {
        const tables = figureTables([windows, beyond], []);
        assert.deepEqual(rowsOf("windows", tables)[2], [
            ...["3", "5", "Connect", "0.20 (0.20)", "0.10 (0.10)", "0.021 (0.021)", "", "2.70 (2.70)", "0.30 (0.30)"],
        ]);
        assert.deepEqual(rowsOf("beyond", tables), [
            ["3", "quick", "1", "1.8 s", "1.8 s", "3.0 s", "held"],
            ["12", "AWS's timing, calls held back", "1", "9.1 s", "9.1 s", "4.0 s", "not held in 1 of 1"],
        ]);
    });

    it("becomes cutover, engine and other sources, of rehearsals that passed", () => {
        const report = sampleReport();
        const tables = figureTables([], [report, { ...report, sources: "mixed" }]);
        assert.deepEqual(rowsOf("cutover", tables), [["0.5", "61.5 s", "40.1 s"]]);
        assert.deepEqual(rowsOf("engine", tables)[0], ["inventory", "11.5 s", "5.5 s", "4.2 s"]);
        assert.deepEqual(rowsOf("other-sources", tables), [
            ["Connect", "dumped from its server", "1.9 s", "0.20", "0.30", "1.10", "0.30"],
        ]);
        const failed = figureTables([], [{ ...report, verdict: "failed" }]);
        assert.deepEqual(
            failed.filter(({ rows }) => rows.length > 0),
            [],
        );
    });

    it("is known by its own words, whatever its file is called", () => {
        const found = sorted([
            ["a", beyond],
            ["b", sampleReport()],
            ["c", { tree: "x", seed: 1, rows: [] }],
        ]);
        assert.deepEqual([found.measures.length, found.reports.length, found.faults.length], [1, 1, 1]);
        assert.throws(() => sorted([["rehearsal/all/results.json", { parts: [] }]]), /results\.json is no result of/);
    });
});
