// Every reader of gcfg files that there is, on the same cases: the real parser, the program's and the one in shell that runs on production's
// hosts. Which fork of the parser a product has is not proved.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";
import { gcfgProblem } from "../../logic/gcfg";
import { gcfgValue } from "./reading";
import { needs } from "../needs";
import { cases, Case } from "./cases";
import { go, hasReal, real } from "./real";
import { place, spoilt, text } from "./texts";

const library = path.join(__dirname, "../../hosts/lib");

/** What the shell says of many files at once: a bash for each would take minutes. */
function inShell(folder: string, all: Omit<Case, "what">[]): { value: string; problem: string }[] {
    all.forEach(({ text: whole }, index) => fs.writeFileSync(path.join(folder, `${index}.gcfg`), whole));
    const program = `source ${library}/common.sh; source ${library}/reading.sh
        while IFS= read -r -d '' file && IFS= read -r -d '' section && IFS= read -r -d '' key && IFS= read -r -d '' name; do
            gcfg_value "$file" "$section" "$key" "$name"; printf '\\0'; gcfg_problem "$file"; printf '\\0'
        done`;
    const input = all
        .map(({ place: { section, key, name = "" } }, index) => [
            path.join(folder, `${index}.gcfg`),
            section,
            key,
            name,
        ])
        .map((words) => words.map((word) => `${word}\0`).join(""))
        .join("");
    const said = execFileSync("bash", ["-c", program], { input, encoding: "utf8" }).split("\0");
    return all.map((_, index) => ({ value: said[2 * index], problem: said[2 * index + 1].trim() }));
}

/** By the real parser: undefined where it refuses the text. */
function truth({ text: whole, place: { section, key, name = "" } }: Omit<Case, "what">): string | undefined {
    const read = real(whole);
    const fold = (word: string) => word.toLowerCase().replaceAll("\u017f", "s");
    return typeof read === "string"
        ? undefined
        : (read.find((one) => fold(one.section) === fold(section) && one.name === name && fold(one.key) === fold(key))
              ?.last ?? "");
}

describe("readers of gcfg", () => {
    let folder: string;
    before(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "gcfg-"))));
    after(() => fs.rmSync(folder, { recursive: true }));

    it("agree on every case of the table", function () {
        this.timeout(300_000);
        needs(this, hasReal(), go);
        const shell = inShell(folder, cases);
        const wrong = cases.flatMap((one, index) => {
            const expected = truth(one);
            const ours = gcfgProblem(one.text) ? undefined : (gcfgValue(one.text, one.place) ?? "");
            const theirs = shell[index].problem === "" ? shell[index].value : undefined;
            return [
                ...(ours === expected ? [] : [`${one.what}: the program says ${ours}, the parser ${expected}`]),
                ...(theirs === expected ? [] : [`${one.what}: the shell says ${theirs}, the parser ${expected}`]),
            ];
        });
        assert.deepEqual(wrong, []);
        const lines = cases.map(({ text: whole }) => gcfgProblem(whole)?.line);
        assert.deepEqual(
            shell.map(({ problem }) => (problem === "" ? undefined : Number(problem))),
            lines,
            "and on the line that can't be read",
        );
        assert.ok(lines.filter((line) => line !== undefined).length > 8);
    });

    it("agree on whatever else can be read: the program and the shell", function () {
        this.timeout(300_000);
        const random = fc
            .sample(fc.record({ text, place }), 600)
            .filter(({ text: whole }) => gcfgProblem(whole) === undefined);
        const shell = inShell(folder, random);
        random.forEach(({ text: whole, place: where }, index) => {
            const said = JSON.stringify({ whole, where });
            assert.equal(shell[index].problem, "", said);
            assert.equal(shell[index].value, gcfgValue(whole, where) ?? "", said);
        });
    });

    it("agree on what can't be read: the program and the shell", function () {
        this.timeout(300_000);
        // A shell keeps no zero byte; awk does not see whether the last line is closed, and knows no letter from another sign beyond ASCII.
        const random = fc
            .sample(fc.record({ text: spoilt, place }), 600)
            .filter(({ text: whole }) => !/[\0\u2028]/.test(whole) && !/\\\r?$/.test(whole));
        const shell = inShell(folder, random);
        const lines = random.map(({ text: whole }) => gcfgProblem(whole)?.line);
        random.forEach(({ text: whole }, index) => {
            assert.equal(shell[index].problem, String(lines[index] ?? ""), JSON.stringify(whole));
        });
        assert.ok(lines.filter((line) => line !== undefined).length > 80);
    });
});
