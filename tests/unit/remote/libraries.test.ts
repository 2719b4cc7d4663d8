// Programs for hosts hold all that they use: bash finds a missing function or variable only when it gets there, which for some is the day
// on which nothing else works. Does not prove that a variable has the right value.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { productIds } from "../../../products/ids";
import { renderScript, ScriptName, scriptNames } from "../../../remote/script";

interface Program {
    /** Bodies, as bash prints them. */
    functions: Map<string, string>;
    /** Of the program itself: what callers give is not there. */
    variables: Set<string>;
}

/** What callers give and scripts use before `main`. */
const atOnce = { VOLUME_ID: "vol-1", START_SECONDS: "300" };

function load(script: ScriptName, product: (typeof productIds)[number]): Program {
    const { text } = renderScript({ script, product, variables: atOnce });
    const withoutCall = text.trimEnd().split("\n").slice(0, -1).join("\n");
    const out = execFileSync("bash", ["-s"], {
        input: `before=" $(compgen -v | tr '\\n' ' ') "
${withoutCall}
for name in $(compgen -v); do case $before in *" $name "*) ;; *) printf '%s ' "$name" ;; esac; done
for name in $(compgen -A function); do printf '\\0%s\\0%s' "$name" "$(declare -f "$name")"; done
`,
        encoding: "utf8",
    }).split("\0");
    const functions = new Map<string, string>();
    for (let i = 1; i + 1 < out.length; i += 2) functions.set(out[i], out[i + 1]);
    return { functions, variables: new Set(out[0].trim().split(" ")) };
}

/** Words that could be a function's name: of one word in the place of a command only, as such a word may be plain English. */
function called(body: string): Set<string> {
    const inner = body.slice(body.indexOf("{") + 1);
    const compound = inner.match(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b(?!=)/g) ?? [];
    const commands = inner.matchAll(
        /(?:^|[;&|({!]|\b(?:then|do|else|if|while|until)\b)\s*([a-z][a-z0-9]*)(?=[\s;)])/gm,
    );
    return new Set([...compound, ...[...commands].map(([, word]) => word)]);
}

function reached({ functions }: Program, onCall: (name: string, by: string) => void): Map<string, string> {
    const seen = new Map<string, string>();
    const visit = (name: string) => {
        const body = functions.get(name)!;
        seen.set(name, body);
        for (const word of called(body)) {
            if (!functions.has(word)) onCall(word, name);
            else if (!seen.has(word)) visit(word);
        }
    };
    visit("main");
    return seen;
}

const used = (body: string) => [...body.matchAll(/\$\{?[#!]?([A-Z][A-Z0-9_]*)/g)].map(([, name]) => name);

/** "function (in caller)", "$CONSTANT (in function)" for each that only another script would have. */
function missing(program: Program, allFunctions: Set<string>, allVariables: Set<string>): string[] {
    const found = new Set<string>();
    const bodies = reached(program, (word, by) => {
        if (allFunctions.has(word)) found.add(`${word} (in ${by})`);
    });
    const assigned = new Set(
        [...bodies.values()].flatMap((body) => [...body.matchAll(/\b([A-Z][A-Z0-9_]*)\+?=/g)].map(([, name]) => name)),
    );
    for (const [by, body] of bodies) {
        used(body)
            .filter((name) => allVariables.has(name) && !program.variables.has(name) && !assigned.has(name))
            .forEach((name) => found.add(`$${name} (in ${by})`));
    }
    return [...found];
}

/** Of the script itself, libraries apart. */
function constants(script: ScriptName): string[] {
    const text = fs.readFileSync(path.join(__dirname, `../../../hosts/${script}.sh`), "utf8");
    return [...text.matchAll(/^([A-Z][A-Z0-9_]*)=/gm)].map(([, name]) => name);
}

describe("programs for hosts", function () {
    this.timeout(60_000);
    const programs = new Map<ScriptName, Program[]>();
    let functions: Set<string>;
    let variables: Set<string>;
    before(() => {
        scriptNames.forEach((script) =>
            programs.set(
                script,
                productIds.map((product) => load(script, product)),
            ),
        );
        const all = [...programs.values()].flat();
        functions = new Set(all.flatMap((program) => [...program.functions.keys()]));
        // A constant of one script may be what callers give to another.
        const own = new Set(scriptNames.flatMap(constants));
        variables = new Set(all.flatMap((program) => [...program.variables]).filter((name) => !own.has(name)));
    });

    for (const script of scriptNames) {
        it(`hold every function and constant that they reach: ${script}`, () => {
            const found = programs.get(script)!.flatMap((program) => missing(program, functions, variables));
            assert.deepEqual([...new Set(found)], []);
        });
    }
});
