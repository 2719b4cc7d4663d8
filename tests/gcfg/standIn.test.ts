// The stand-in products' reader of gcfg files, on the cases of all the others: one that is kinder than the real parser, or another, would hide
// from the rehearsal what a product refuses or reads otherwise.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as path from "node:path";
import * as fc from "fast-check";
import { gcfgProblem } from "../../logic/gcfg";
import { gcfgValue, gcfgValues } from "./reading";
import { needs } from "../needs";
import { cases, Case } from "./cases";
import { go, hasReal, real } from "./real";
import { place, spoilt, text } from "./texts";

const common = path.join(__dirname, "../../lab/products/common");
const python = "/usr/bin/python3";

type Read = { line: number } | { last: string | null; list: string[] };

/** What it says of many texts at once: a Python for each would take minutes. */
function inStandIn(all: Omit<Case, "what">[]): Read[] {
    const program = `
import io, json, sys
sys.path.insert(0, ${JSON.stringify(common)})
from posit_common import gcfg, settings
answers = []
for one in json.load(sys.stdin):
    try:
        found = settings.Settings()
        settings.add_gcfg(found, one["text"], "file", None)
        place = (one["section"], one["key"])
        answers.append({"last": found.get(*place, default=None, sub=one["name"]), "list": found.all(*place, sub=one["name"])})
    except gcfg.GcfgError as error:
        answers.append({"line": error.line})
json.dump(answers, sys.stdout)
`;
    const input = JSON.stringify(
        all.map(({ text: whole, place: { name = "", ...rest } }) => ({ text: whole, name, ...rest })),
    );
    const said = execFileSync(python, ["-B", "-c", program], { input, encoding: "utf8", maxBuffer: 1 << 26 });
    return JSON.parse(said) as Read[];
}

function byProgram({ text: whole, place: where }: Omit<Case, "what">): Read {
    const problem = gcfgProblem(whole);
    return problem
        ? { line: problem.line }
        : {
              last: gcfgValue(whole, where) ?? null,
              list: gcfgValues(whole, where.section, where.key, where.name),
          };
}

describe("the stand-in products' reader of gcfg", function () {
    this.timeout(300_000);

    it("reads every case of the table as the program does", () => {
        const wrong = inStandIn(cases).flatMap((read, index) => {
            const expected = byProgram(cases[index]);
            return JSON.stringify(read) === JSON.stringify(expected)
                ? []
                : [`${cases[index].what}: ${JSON.stringify(read)} in the place of ${JSON.stringify(expected)}`];
        });
        assert.deepEqual(wrong, []);
    });

    it("reads every case of the table as the real parser does", function () {
        needs(this, hasReal(), go);
        const fold = (word: string) => word.toLowerCase().replaceAll("\u017f", "s");
        inStandIn(cases).forEach((read, index) => {
            const {
                what,
                text: whole,
                place: { section, key, name = "" },
            } = cases[index];
            const said = real(whole);
            if (typeof said === "string") {
                assert.ok("line" in read, `${what}: it is read, and the parser says ${said}`);
                return;
            }
            const found = said.find(
                (one) => fold(one.section) === fold(section) && one.name === name && fold(one.key) === fold(key),
            );
            assert.ok("last" in read, what);
            assert.deepEqual([read.last ?? "", read.list], [found?.last ?? "", found?.list ?? []], what);
        });
    });

    for (const [what, texts] of [
        ["whatever else can be read", text],
        ["what can't be read", spoilt],
    ] as const) {
        it(`agrees with the program on ${what}`, () => {
            const random = fc.sample(fc.record({ text: texts, place }), 600);
            inStandIn(random).forEach((read, index) =>
                assert.deepEqual(read, byProgram(random[index]), JSON.stringify(random[index])),
            );
        });
    }
});
