// Who may import whom: every import of the program, the rehearsal and the tests against the drawing in docs/architecture.md, which decides.
// Does not see what goes through Pulumi's outputs, child processes or a path that is put together at run time from configuration.
import assert from "node:assert/strict";
import { readDrawing } from "./drawing";
import { circles, violations } from "./holding";
import { Reference, referencesOf, Sources } from "./references";
import { filesOf, textOf } from "./repository";

const sources = Object.fromEntries(filesOf(".ts").map((file) => [file, textOf(file)]));
const { references, riddles } = referencesOf(sources);
const drawing = readDrawing(textOf("docs/architecture.md"));

/** Circles of types alone, which run as if there were none; a new one is refused, and one that is gone goes from here. */
const standingCircles = [
    // A product's arguments say what productData.ts makes of them.
    ["components/product.ts", "components/productData.ts"],
    // The question that the plan answers is the plan's; its commands are a part of it.
    ["logic/serving.ts", "logic/servingCommands.ts"],
];

describe("the rooms", () => {
    it("import each other as docs/architecture.md draws it, and nothing is drawn that is not there", () => {
        assert.ok(references.length > 1_000 && drawing.arrows.length > 20 && drawing.withoutPulumi.length > 5);
        assert.deepEqual(violations(drawing, references, riddles), []);
    });

    it("have no two files that need each other", () => {
        assert.deepEqual(circles(references, { types: false }), []);
    });

    it("have no two files in the program whose types need each other, but for those that stand", () => {
        const own = references.filter(({ file }) => !/^(lab|tests)\//.test(file));
        assert.deepEqual(circles(own, { types: true }), standingCircles);
    });
});

// The guards above pass on a good tree; these show that they fail on a bad one.
describe("the guard of the rooms", () => {
    const page = (lines: string, table = "") => `## Rooms, and who may import whom

\`\`\`mermaid
flowchart TD
    ${lines.split("\n").join("\n    ")}
\`\`\`

${table}
`;
    const judged = (lines: string, files: Sources, table = "") => {
        const read = referencesOf(files);
        return violations(readDrawing(page(lines, table)), read.references, read.riddles);
    };
    const upper = "upper --> lower";
    const within = 'inner["lower/inner/"] --> lower';
    const rows: [string, string, Sources, RegExp[]][] = [
        [
            "an arrow that is drawn and taken",
            upper,
            { "upper/a.ts": 'import { b } from "../lower/b";', "lower/b.ts": "" },
            [],
        ],
        [
            "the same way back",
            upper,
            { "upper/a.ts": 'import { b } from "../lower/b";', "lower/b.ts": '\nimport { a } from "../upper/a";' },
            [/^lower\/b\.ts:2 imports upper\/a\.ts, which is not drawn in docs\/architecture\.md: move /],
        ],
        [
            "an export, a call of import and of require, a type within a type",
            `${upper}\nlower -- types --> upper`,
            {
                "upper/a.ts": 'import "../lower/b";',
                "lower/b.ts":
                    'export * from "../upper/a";\nvoid import("../upper/a");\nrequire("../upper/a");\ntype X = import("../upper/a").X;',
            },
            [/b\.ts:1 imports .*types alone may go that way/, /b\.ts:2 /, /b\.ts:3 /],
        ],
        [
            "types by an import of values",
            "upper -- types --> lower",
            { "upper/a.ts": 'import type { B } from "../lower/b";\nimport { C } from "../lower/b";', "lower/b.ts": "" },
            [/^upper\/a\.ts:2 imports lower\/b\.ts, .*write `import type`/],
        ],
        [
            "an arrow for imports that only types take",
            upper,
            { "upper/a.ts": 'import { type B } from "../lower/b";', "lower/b.ts": "" },
            [/nothing goes the way of the arrow upper --> lower .*draw `-- types -->`/],
        ],
        [
            "an arrow that nobody takes",
            "upper -- types --> lower",
            { "upper/a.ts": "" },
            [/arrow upper -- types --> lower/],
        ],
        [
            "a room that is not drawn",
            upper,
            { "upper/a.ts": 'import "../lower/b";', "lower/b.ts": "", "cellar/c.ts": 'import "../lower/b";' },
            [/^cellar\/ \(cellar\/c\.ts\) is no room/],
        ],
        [
            "another file than the one that is drawn",
            'upper --> one["lower/one.ts"]\nlower --> upper',
            {
                "upper/a.ts": 'import "../lower/one";\nimport "../lower/b";',
                "lower/one.ts": "",
                "lower/b.ts": 'import "../upper/a";',
            },
            [/^upper\/a\.ts:2 imports lower\/b\.ts/],
        ],
        [
            "files that are read",
            'upper -. reads .-> scripts["hosts/*.sh"]',
            {
                "upper/a.ts":
                    'path.join(__dirname, "..", "hosts", name);\nconst x = `${__dirname}/../hosts/lib/x.sh`;\npath.join(__dirname, "../docs");',
            },
            [/^upper\/a\.ts:3 reads docs, which is not drawn/],
        ],
        [
            "what only a run tells",
            upper,
            { "upper/a.ts": 'import "../lower/b";\nrequire(name);\nlook(__dirname);', "lower/b.ts": "" },
            [/^upper\/a\.ts:2 imports what only a run/, /^upper\/a\.ts:3 reads files whose place/],
        ],
        [
            "rooms within a room, which others see as one",
            `${within}\nupper --> lower`,
            {
                "upper/a.ts": 'import "../lower/inner/b";',
                "lower/inner/b.ts": 'import "../c";\nimport "./d";',
                "lower/inner/d.ts": "",
                "lower/c.ts": "",
            },
            [],
        ],
        [
            "the way back between rooms within a room, and from one to its neighbour",
            `${within}\nother["lower/other/"] --> lower`,
            {
                "lower/inner/b.ts": 'import "../c";',
                "lower/other/d.ts": 'import "../c";\nimport "../inner/b";',
                "lower/c.ts": 'import "./inner/b";',
            },
            [/^lower\/other\/d\.ts:2 imports lower\/inner\/b\.ts/, /^lower\/c\.ts:1 imports lower\/inner\/b\.ts/],
        ],
        [
            "those that may anything",
            `${upper}\nlab --> any["any of these"]`,
            {
                "upper/a.ts": 'import "../lower/b";',
                "lower/b.ts": 'import "../lab/c";',
                "lab/c.ts": 'import "../lower/b";\nrequire(name);',
            },
            [/^lower\/b\.ts:1 imports lab\/c\.ts/],
        ],
    ];
    for (const [what, lines, files, expected] of rows) {
        it(`${expected.length === 0 ? "lets through" : "finds"} ${what}`, () => {
            const found = judged(lines, files);
            assert.equal(found.length, expected.length, found.join("\n"));
            expected.forEach((wanted, index) => assert.match(found[index], wanted));
        });
    }

    it("finds Pulumi where the table has none", () => {
        const table = "| room | what | Pulumi |\n| --- | --- | --- |\n| `lower/` | x | no |\n| `upper/` | x | yes |";
        const files = {
            "upper/a.ts": 'import "@pulumi/aws"; import "../lower/b";',
            "lower/b.ts": 'import "@pulumi/aws";',
        };
        assert.deepEqual(
            judged(upper, files, table).map((line) => line.split(",")[0]),
            ["lower/b.ts:1 imports @pulumi/aws"],
        );
    });

    it("finds circles of two and of three, and one of types only where it is asked for", () => {
        const of = (types: boolean, ...edges: [string, string, Reference["kind"]?][]) =>
            circles(
                edges.map(([file, to, kind = "value"]) => ({ file, to, kind, line: 1 })),
                { types },
            );
        assert.deepEqual(of(false, ["b", "a"], ["a", "b"], ["c", "a"]), [["a", "b"]]);
        assert.deepEqual(of(false, ["a", "b"], ["b", "c"], ["c", "a"], ["x", "y"], ["y", "x"]), [
            ["a", "b", "c"],
            ["x", "y"],
        ]);
        assert.deepEqual(of(false, ["a", "b"], ["b", "a", "type"]), []);
        assert.deepEqual(of(true, ["a", "b"], ["b", "a", "type"]), [["a", "b"]]);
    });

    it("does not pass over what it can't read in the drawing", () => {
        for (const line of ["a ==> b", "a --- b", "a -- values --> b", "subgraph x", "a[one[two]] --> b"]) {
            assert.throws(() => readDrawing(page(line)), /that its test does not know/, line);
        }
        assert.throws(() => readDrawing(page('a --> b\nb["x.ts"] --> a')), /two meanings of b/);
        assert.throws(() => readDrawing("## Rooms\n"), /has no "## Rooms, and who may import whom"/);
    });
});
