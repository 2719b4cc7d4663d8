// docs/reliability.md tells of each fault what it is, in a table; figures come from results. Does not prove that the figures are of today.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { withFigures } from "../../../../lab/faults/figures";
import { describedRows } from "../../../../lab/faults/main";
import type { FaultRow } from "../../../../lab/faults/row";

const page = path.join(__dirname, "../../../../docs/reliability.md");
const result: Omit<FaultRow, "fault" | "passed" | "closedBeyondSeconds"> = {
    what: "",
    outcome: "void",
    dataIntact: true,
    problems: [],
    seconds: 30,
};

describe("the page of faults", () => {
    const rows = [
        { name: "cut", what: "a cable", fault: { closedBeyond: 15, fate: ["void" as const, "none" as const] } },
        { name: "serve-begun", what: "a move" },
    ];
    const text =
        "| `cut` | old words | 1.0 s | 3 s | x |\n\n| `serve-begun` | a move | | new |\n\n| `elsewhere` | there |\n";
    const tried = (fault: string, passed: boolean): FaultRow => ({
        ...result,
        fault,
        passed,
        closedBeyondSeconds: 2.04,
    });

    it("says what each fault is, and its limit, as the bench has it (make figures)", async () => {
        const before = fs.readFileSync(page, "utf8");
        const after = await format(withFigures(before, describedRows, []), {
            ...(await resolveConfig(page)),
            parser: "markdown",
        });
        assert.equal(after, before);
    });

    it("takes the figures of rows that passed, and keeps the others", () => {
        const written = withFigures(text, rows, [tried("cut", true), tried("serve-begun", false)]);
        assert.match(written, /\| `cut` \| a cable \| 2\.0 s \| 15 s \| void or none \|/);
        assert.match(written, /\| `serve-begun` \| a move \|\s+\| new \|/);
    });

    it("names every line that is missing and every one too many", () => {
        const others = [rows[1], { name: "not-there", what: "" }];
        assert.throws(() => withFigures(text, others, []), /lacks a line for not-there[^]*has a line for cut/);
    });
});
