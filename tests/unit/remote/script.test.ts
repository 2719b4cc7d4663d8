// Programs for hosts: whatever a variable holds, a real bash reads it back as it was, and no variable's text is taken for a command.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { renderScript, scriptNames } from "../../../remote/script";

/** The program up to its call, with another end. */
function evaluate(variables: Record<string, string>, print: string): string {
    const { text } = renderScript({ script: "ready", variables });
    const lines = text.trimEnd().split("\n");
    const program = [...lines.slice(0, -1), print, ""].join("\n");
    return execFileSync("bash", ["-s"], { input: program, encoding: "utf8" });
}

/** What no shell variable can hold. */
const text = fc.string({ unit: "binary", maxLength: 40 }).filter((value) => !value.includes("\0"));
const nasty = fc.oneof(
    text,
    fc.constantFrom("$(touch /tmp/x)", "`id`", "'; rm -rf /", '"', "\\", "a\nb", "!!", "-n", "*", "~", "é", "'\"'\"'"),
);

describe("programs for hosts", () => {
    it("keep every text as it is", () => {
        fc.assert(
            fc.property(nasty, (value) => {
                assert.equal(evaluate({ VALUE: value }, `printf '%s' "$VALUE"`), value);
            }),
            { numRuns: 60 },
        );
    });

    it("bring lists of objects along as arrays", () => {
        fc.assert(
            fc.property(fc.array(fc.record({ name: nasty, path: nasty }), { maxLength: 4 }), (entries) => {
                const out = evaluate(
                    { FILES_JSON: JSON.stringify(entries) },
                    'printf "%s\\0" "$FILES_count"; for ((i = 0; i < FILES_count; i++)); do printf "%s\\0%s\\0" "${FILES_name[i]}" "${FILES_path[i]}"; done',
                );
                const expected = [String(entries.length), ...entries.flatMap(({ name, path }) => [name, path])];
                assert.deepEqual(out.split("\0").slice(0, -1), expected);
            }),
            { numRuns: 40 },
        );
    });

    it("are programs that bash understands, for every script and product", () => {
        for (const script of scriptNames) {
            for (const product of ["packageManager", "workbench", "connect"] as const) {
                execFileSync("bash", ["-n"], { input: renderScript({ script, product }).text });
            }
        }
    });

    it("have a hash that no variable changes", () => {
        const hash = (variables: Record<string, string>) => renderScript({ script: "mount", variables }).hash;
        assert.equal(hash({ SECRET: "one" }), hash({ SECRET: "two" }));
    });
});
