// Every leaf of both schemas, spoilt in each way: what is said names the leaf, says the rule, shows an example, is never the schema
// library's own text; and the example, put in place, makes the message go away.
import assert from "node:assert/strict";
import { z } from "zod";
import { showPath } from "../../../config/explain";
import { ConfigError, parseConfig } from "../../../config/parse";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets } from "../../../config/schema";
import { kinds } from "../../../databases";
import { bare, exampleOf, ruleOf, shownExample, wordsOf } from "../../../config/schemaTree";
import { alike, databaseOf, entryPointsOf, leavesOf, patternsOf, withValue, type Leaf } from "./leaves";
import {
    certificate,
    handedOver,
    inExistingNetwork,
    secretsOf,
    signingKey,
    StackTemplate,
    Values,
    wholeValues,
} from "./samples";

/** Of texts of many lines the message says how they begin; here are whole ones. */
const ownSamples: Record<string, string> = {
    signingKey,
    caCertificate: certificate,
    databaseCaCertificate: certificate,
    sshPrivateKey: secretsOf.staging.sshPrivateKey as string,
    bootstrapHostKey: secretsOf.staging.bootstrapHostKey as string,
    databaseMasterPassword: "0123456789abcdef",
};

const defaultTexts = /Invalid|Too (big|small)|expected|Unrecognized/;

function problems(values: Values, stack: StackTemplate): string[] {
    try {
        parseConfig(handedOver(values), ["secrets"], stack);
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String((error as Error).stack));
        return error.problems;
    }
}

const sqlite = (values: Values) =>
    withValue(values, ["current", "packageManager", "databases"], [databaseOf("sqlite")]);
const rds = (values: Values) =>
    withValue(
        values,
        ["current", "packageManager", "databases"],
        [{ role: "main", kind: "rds", server: "acme-db", name: "p", user: "p" }],
    );

const homes = { source: "files.acme.com:/homes", type: "nfs4", options: "hard", mount: "/data/homes" };
const production = rds({ ...wholeValues("prod"), sharedHomes: homes });

/** Together they have every leaf there is. */
const bases: [StackTemplate, z.ZodType, Values][] = [
    ["staging", environmentSchema, wholeValues("staging")],
    ["staging", environmentSchema, withValue(wholeValues("staging"), ["phase"], "install")],
    ["staging", environmentSchema, inExistingNetwork(wholeValues("staging"))],
    ["prod", productionSchema, production],
    ["prod", productionSchema, sqlite(production)],
    ["prod", productionSchema, { ...production, serve: "current", current: { stack: "older" } }],
    ["prod", productionSchema, { ...production, entryPoints: entryPointsOf("external", production.entryPoints) }],
    ...(["workbench", "connect"] as const).flatMap((product): [StackTemplate, z.ZodType, Values][] =>
        kinds.map((kind) => [
            "prod",
            productionSchema,
            withValue(production, ["current", product, "databases"], [databaseOf(kind)]),
        ]),
    ),
    ...kinds.map((kind): [StackTemplate, z.ZodType, Values] => [
        "prod",
        productionSchema,
        withValue(production, ["current", "packageManager", "databases"], [databaseOf(kind)]),
    ]),
];

const wrongValues: unknown[] = [
    undefined,
    null,
    7,
    1.5,
    -1,
    1e12,
    true,
    [],
    ["x"],
    {},
    { x: 1 },
    "",
    " ",
    "a\nb",
    "\u0000",
    "…",
];

describe("messages of the configuration", () => {
    const seen = new Map<string, [StackTemplate, Values, Leaf]>();
    for (const [stack, schema, value] of bases) {
        for (const leaf of leavesOf(schema, value)) {
            const key = `${stack} ${leaf.pattern}`;
            if (!seen.has(key)) seen.set(key, [stack, value, leaf]);
        }
    }

    it("are looked at for every leaf", () => {
        const all = [
            ...patternsOf(environmentSchema).map((pattern) => `staging ${pattern}`),
            ...patternsOf(productionSchema).map((pattern) => `prod ${pattern}`),
        ];
        // A product's fields are the same three times; one of the three may leave its optional ones out.
        const missed = [...new Set(all.map(alike))].filter((wanted) => ![...seen.keys()].map(alike).includes(wanted));
        assert.deepEqual(missed, []);
    });

    it("say the rule of the leaf and an example, in no words of the library, and go away with the example", () => {
        const tried = new Set<string>();
        for (const [, [stack, base, leaf]] of seen) {
            const at = showPath(leaf.path);
            const name = String(leaf.path[leaf.path.length - 1]);
            const example = ownSamples[name] ?? exampleOf(leaf.schema);
            assert.ok(example !== undefined, `${at} has no example`);
            const shown = shownExample(leaf.schema);
            for (const wrong of wrongValues) {
                const said = problems({ ...withValue(base, leaf.path, wrong), secrets: secretsOf[stack] }, stack);
                const about = said.filter((line) => line.startsWith(`${at}: `));
                for (const line of said) assert.doesNotMatch(line, defaultTexts, `${at} = ${JSON.stringify(wrong)}`);
                for (const line of about) {
                    tried.add(at);
                    if (shown !== undefined && !line.includes("still the template's") && !isBetween(line)) {
                        assert.ok(line.includes(shown), `${line}: shows no example`);
                    }
                    assert.ok(line.length < 700, line);
                }
            }
            const mended = problems({ ...withValue(base, leaf.path, example), secrets: secretsOf[stack] }, stack);
            const left = mended.filter((line) => line.startsWith(`${at}: `) && !isBetween(line));
            assert.deepEqual(left, [], `${at} = ${JSON.stringify(example)}`);
        }
        const silent = [...seen.values()].map(([, , leaf]) => showPath(leaf.path)).filter((at) => !tried.has(at));
        assert.deepEqual(
            [...new Set(silent)],
            ["posit:role"].filter((at) => silent.includes(at)),
        );
    });

    /** Said between settings: another leaf's example can be as wrong there. */
    function isBetween(line: string): boolean {
        return /too;|stands there twice|lies within|overlaps|does not lie|length from|will not be there|is this very|together with|would open|dataVolumes|lies on none|is needed|without posit:entryPoints|needs (the|a)|comes from|must name|is for repositories|is the same|already/.test(
            line,
        );
    }

    it("of secrets say how to set them, never what they are", () => {
        for (const [stack, schema] of [
            ["staging", environmentSecrets],
            ["prod", productionSecrets],
        ] as const) {
            for (const { path } of leavesOf(schema, secretsOf[stack])) {
                const at = showPath(["secrets", ...path]);
                for (const wrong of [undefined, null, 7, {}, [], "", "hunter2\nhunter3", "hunter2 @/\u0000"]) {
                    const secrets = withValue(secretsOf[stack], path, wrong);
                    const said = problems({ ...wholeValues(stack), secrets }, stack);
                    for (const line of said) {
                        assert.doesNotMatch(line, defaultTexts, `${at} = ${JSON.stringify(wrong)}`);
                        assert.ok(!/hunter|correct-horse|PRIVATE KEY/.test(line), line);
                    }
                    const about = said.filter((line) => line.startsWith(`${at}: `));
                    if (wrong !== undefined) assert.equal(about.length, 1, `${at} = ${JSON.stringify(wrong)}`);
                    for (const line of about) assert.ok(line.includes(`pulumi config set --secret --path ${at}`), line);
                }
            }
        }
    });

    it("are there for everything that is no leaf, too", () => {
        const said = [
            ...problems({ ...wholeValues("staging"), network: 5, accounts: "x", names: null, connect: [] }, "staging"),
            ...problems({ ...wholeValues("prod"), current: 5, serve: 7, captures: {}, entryPoints: "none" }, "prod"),
        ];
        for (const key of ["network", "accounts", "names", "connect", "current", "serve", "captures", "entryPoints"]) {
            assert.equal(
                said.filter(
                    (line) =>
                        line.startsWith(`posit:${key}: must be `) ||
                        line.startsWith(`posit:${key}: is empty; must be `),
                ).length,
                1,
                `${key} in\n${said.join("\n")}`,
            );
        }
        for (const line of said) assert.doesNotMatch(line, defaultTexts);
    });

    it("ask for quotes where YAML reads a text as something else", () => {
        const values = withValue(wholeValues("staging"), ["database", "engineVersion"], 15.1);
        assert.match(
            problems({ ...values, secrets: secretsOf.staging }, "staging").join(),
            /engineVersion: .*not a number \(put it in quotes\); for example "15"/,
        );
    });

    it("have a rule for every leaf, and a description of what it is for", () => {
        for (const [, [, , leaf]] of seen) {
            assert.match(ruleOf(leaf.schema), /^must /);
        }
        const walk = (schema: z.ZodType, path: string): string[] => {
            const here = bare(schema);
            const shape = here instanceof z.ZodObject ? (here.shape as Record<string, z.ZodType>) : {};
            const items = here instanceof z.ZodArray ? walk(here.element as z.ZodType, `${path}[]`) : [];
            const options =
                here instanceof z.ZodUnion ? (here.options as z.ZodType[]).flatMap((option) => walk(option, path)) : [];
            const fields = Object.entries(shape).flatMap(([key, field]) => [
                ...(wordsOf(field).description ? [] : [`${path}.${key}`]),
                ...walk(field, `${path}.${key}`),
            ]);
            return [...fields, ...items, ...options];
        };
        const silent = [environmentSchema, productionSchema].flatMap((schema) => walk(schema, ""));
        assert.deepEqual(
            silent.filter((path) => !/\.(packageManager|workbench|connect)$/.test(path)),
            [],
        );
    });
});
