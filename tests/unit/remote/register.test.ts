// Host scripts against their register (remote/scripts.ts): what a head declares, what the script and its libraries read, what the register
// has and what callers pass are one; and a program holds all that it reaches, which bash finds out only when it gets there, for some on the
// day on which nothing else works. Does not prove that a variable has the right value.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { kinds } from "../../../databases";
import { osFamilies } from "../../../logic/operatingSystems";
import { productIds } from "../../../products/ids";
import { columnOf, entryOf, everywhere, forOnce, ScriptEntry, ScriptName, scriptNames } from "../../../remote/scripts";
import { filesOf, programFiles, textOf } from "../../structure/repository";
import { declaredIn, declaresElsewhere, inWords, registered } from "./heads";
import { definedIn, load, neverNamed, outsideFunctions, Program, reached, readIn, setIn } from "./programs";
import { sampleProgram } from "./samples";

const hosts = path.join(__dirname, "../../../hosts");
const sourceOf = (file: string) => fs.readFileSync(path.join(hosts, `${file}.sh`), "utf8");
/** Of its rooms too, as "window/marker". */
const namesIn = (folder: string, recursive = false) =>
    (fs.readdirSync(path.join(hosts, folder), { recursive }) as string[])
        .filter((name) => name.endsWith(".sh"))
        .map((name) => name.replace(/\.sh$/, ""));

/** Of bash, of a host's /etc/os-release, and of tests. */
const fromElsewhere = (name: string) =>
    /^(BASH\w*|EUID|FUNCNAME|HOME|HOSTNAME|LINENO|PATH|PPID|SECONDS|HOST_ROOT|ID|VERSION_CODENAME|VERSION_ID)$/.test(
        name,
    );

/** NAME, or of one with columns each NAME_column and NAME_count. */
function shellNames({ variables = {} }: Pick<ScriptEntry, "variables">): string[] {
    return Object.entries(variables).flatMap(([name, variable]) =>
        variable.kind === "text"
            ? [name]
            : [
                  ...variable.columns.map((column) => `${name}_${columnOf(column).key}`),
                  ...(variable.kind === "fields" ? [] : [`${name}_count`]),
              ],
    );
}

/** What the bodies that `main` reaches read and nobody but a caller can have set. */
function readFromCallers(program: Program, given: Set<string>): Set<string> {
    const text = [...reached(program).values()].join("\n");
    const assigned = setIn(text);
    return new Set(
        [...readIn(text)].filter(
            (name) => given.has(name) || !(program.variables.has(name) || assigned.has(name) || fromElsewhere(name)),
        ),
    );
}

/** "function (in caller)", "$CONSTANT (in function)" for each that only another script would have. */
function missing(program: Program, allFunctions: Set<string>, allVariables: Set<string>): string[] {
    const found = new Set<string>();
    const bodies = reached(program, (word, by) => {
        if (allFunctions.has(word)) found.add(`${word} (in ${by})`);
    });
    const assigned = new Set([...bodies.values()].flatMap((body) => [...setIn(body)]));
    for (const [by, body] of bodies) {
        [...readIn(body)]
            .filter((name) => allVariables.has(name) && !program.variables.has(name) && !assigned.has(name))
            .forEach((name) => found.add(`$${name} (in ${by})`));
    }
    return [...found];
}

/** Names that are not there at all where a caller leaves them out. */
function mayBeUnset({ variables = {} }: ScriptEntry): string[] {
    return Object.entries(variables).flatMap(([name, variable]) => [
        ...(variable.optional ? [name] : []),
        ...(variable.kind === "fields" ? variable.columns.map(columnOf) : [])
            .filter(({ optional }) => optional)
            .map(({ key }) => `${name}_${key}`),
    ]);
}

/** Reads without anything in its place, which would end a script there. */
function unguarded(text: string, name: string): string[] {
    return [...text.matchAll(new RegExp(`\\$\\{?${name}\\b(?!:?[-+])[^\\n]*`, "g"))].map(([line]) => line);
}

/** Functions that nobody calls by their whole name → who does, and how. A row that is not needed fails. */
const calledOtherwise: [name: RegExp, why: string][] = [
    [
        new RegExp(`^(${osFamilies.join("|")})_`),
        "a word of hosts/lib/os.sh, which the host's family does in its own way",
    ],
    [new RegExp(`^(${kinds.join("|")})_`), "a word of hosts/lib/databases.sh, which each kind does in its own way"],
    [/^(run|forget)_once$/, "remote/script.ts puts it around `main`"],
];

/** A library, with what each family or kind does of it (remote/script.ts renders them in front). */
function sourcesOf(library: string): string[] {
    const own: Record<string, string[]> = {
        os: osFamilies.map((family) => `os/${family}`),
        databases: kinds.map((kind) => `databases/${kind}`),
    };
    return [...(own[library] ?? []), `lib/${library}`].map(sourceOf);
}

/** Whether what `main` reaches calls a function of these sources, or reads what they set. */
function isUsed(sources: string[], bodies: ReadonlyMap<string, string>): boolean {
    const text = [...bodies].flatMap(([name, body]) => (name === "its top level" ? [] : [body])).join("\n");
    const read = readIn(text);
    return sources.some(
        (source) =>
            definedIn(source).some((name) => bodies.has(name)) ||
            [...setIn(outsideFunctions(source))].some((name) => read.has(name)),
    );
}

describe("host scripts and their register", function () {
    this.timeout(60_000);
    const programs = new Map<ScriptName, Program[]>();
    let functions: Set<string>;
    let variables: Set<string>;
    before(() => {
        for (const script of scriptNames) {
            const products = entryOf(script).of === "product" ? productIds : productIds.slice(0, 1);
            programs.set(
                script,
                products.map((product) => load(script, product)),
            );
        }
        const all = [...programs.values()].flat();
        functions = new Set(all.flatMap((program) => [...program.functions.keys()]));
        // A constant of one script may be what callers give to another.
        const own = new Set(scriptNames.flatMap((script) => [...setIn(outsideFunctions(sourceOf(script)))]));
        variables = new Set(all.flatMap((program) => [...program.variables]).filter((name) => !own.has(name)));
    });

    it("are the same: no script, library or carried program is left over, and each script has a caller", () => {
        assert.deepEqual(namesIn(".").sort(), [...scriptNames].sort());
        const of = (list: (entry: ScriptEntry) => readonly string[]) => [
            ...new Set(scriptNames.map(entryOf).flatMap(list)),
        ];
        assert.deepEqual(
            of(({ libraries = [] }) => [...everywhere, forOnce, ...libraries]).sort(),
            namesIn("lib", true).sort(),
        );
        assert.deepEqual(
            of(({ carried = {} }) => Object.values(carried)),
            namesIn("carried").map((name) => `${name}.sh`),
        );
        const code = programFiles(".ts").map(textOf).join("\n");
        assert.deepEqual(
            scriptNames.filter((script) => !code.includes(`script: "${script}"`)),
            [],
        );
    });

    it("have no function that no script reaches", () => {
        const used = new Set([...programs.values()].flat().flatMap((program) => [...reached(program).keys()]));
        const sources = filesOf(".sh", "hosts").map((file) => ({ file, text: textOf(file) }));
        const defined = sources.flatMap(({ file, text }) => definedIn(text).map((name) => ({ file, name })));
        assert.ok(defined.length > 250, String(defined.length));
        const otherwise = neverNamed(
            defined.map(({ name }) => name),
            sources.map(({ text }) => text),
        );
        const byRenderer = ({ name }: { name: string }) => /^(run|forget)_once$/.test(name);
        assert.deepEqual(
            defined
                .filter((one) => !used.has(one.name) && !byRenderer(one))
                .map(({ file, name }) => `${file}: ${name}`),
            [],
            "take it out",
        );
        assert.deepEqual(
            otherwise.filter((name) => !calledOtherwise.some(([pattern]) => pattern.test(name))),
            [],
            "nobody names it: take it out, or write here who calls it and how",
        );
        assert.deepEqual(
            calledOtherwise.filter(([pattern]) => !otherwise.some((name) => pattern.test(name))),
            [],
        );
    });

    it("are told no fact of a product that none of them reads", () => {
        const head = sampleProgram("state", "connect").split("\n").slice(2);
        const end = head.findIndex((line) => !/^[A-Z_]+=/.test(line));
        const facts = head.slice(0, end).map((line) => line.split("=")[0]);
        const read = new Set(
            [...programs.values()].flat().flatMap((one) => [...readIn([...reached(one).values()].join("\n"))]),
        );
        assert.ok(facts.length > 10);
        assert.deepEqual(
            facts.filter((fact) => !read.has(fact)),
            [],
        );
    });

    for (const script of scriptNames) {
        it(`say the same of ${script}: its head and its entry`, () => {
            const source = sourceOf(script);
            assert.deepEqual(declaredIn(source), registered(entryOf(script)));
            assert.equal(
                declaresElsewhere(source),
                false,
                "Variables: and Actions: begin a line and end with a full stop",
            );
        });

        it(`say what is used: ${script} reads all that it is given, of each column, and nothing else`, () => {
            const entry = entryOf(script);
            const given = new Set([...shellNames(entry), ...Object.keys(entry.carried ?? {})]);
            const used = new Set(programs.get(script)!.flatMap((program) => [...readFromCallers(program, given)]));
            assert.deepEqual([...used].sort(), [...given].sort());
        });

        it(`say what may be absent: ${script} reads that with something in its place`, () => {
            const text = programs
                .get(script)!
                .flatMap((program) => [...reached(program).values()])
                .join("\n");
            assert.deepEqual(
                mayBeUnset(entryOf(script)).flatMap((name) => unguarded(text, name)),
                [],
            );
        });

        it(`list no library that they don't use: ${script}`, () => {
            const idle = (entryOf(script).libraries ?? []).filter(
                (library) => !programs.get(script)!.some((program) => isUsed(sourcesOf(library), reached(program))),
            );
            assert.deepEqual(idle, [], "take it out of remote/scripts.ts");
        });

        it(`hold every function and constant that they reach: ${script}`, () => {
            const found = programs.get(script)!.flatMap((program) => missing(program, functions, variables));
            assert.deepEqual([...new Set(found)], []);
        });
    }

    for (const library of namesIn("lib", true)) {
        it(`say what the library ${library} reads of that, in the same words`, () => {
            const source = sourceOf(`lib/${library}`);
            const read = readIn(source);
            const users = scriptNames.map(entryOf).filter((entry) => entry.libraries?.includes(library));
            for (const user of users) {
                const used = Object.entries(user.variables ?? {}).filter(([, variable]) => variable !== undefined);
                const expected = used
                    .filter(([name, variable]) =>
                        shellNames({ variables: { [name]: variable } }).some((one) => read.has(one)),
                    )
                    .map(([name, variable]) => inWords(name, variable));
                assert.deepEqual(declaredIn(source).variables, expected.sort());
            }
            assert.equal(declaresElsewhere(source), false);
        });
    }
});
