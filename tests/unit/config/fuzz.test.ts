// Both templates, filled in and with every key, spoilt leaf by leaf in every way that people and machines spoil things. Nothing crashes,
// every message names a place and repeats no secret; and what is accepted all the same stands in the table below, with its reason.
import assert from "node:assert/strict";
import { isDeepStrictEqual } from "node:util";
import * as fc from "fast-check";
import { z } from "zod";
import { ConfigError, parseConfig } from "../../../config/parse";
import { environmentSchema, environmentSecrets, productionSchema, productionSecrets } from "../../../config/schema";
import { bare, child, ruleOf, schemaAt } from "../../../config/schemaTree";
import { certificate, handedOver, password, secretsOf, StackTemplate, Values, wholeValues } from "./samples";

interface Mutation {
    kind: string;
    path: PropertyKey[];
    value: unknown;
}

type Verdict = "accepted" | "refused";

/** Mutations that stay a configuration: kind, place, and why that is right. A new one fails the test. */
const accepted: [RegExp, RegExp, string][] = [
    [/^(missing|emptied)$/, /^OPTIONAL /, "may be left out; what must be there by the rest is refused"],
    [/^(zero|one|next|huge \w+)$/, /^BOUNDS /, "lies within the bounds that the rule says"],
    [/^other$/, /(deletionProtection|reopen|warmUp|force)$/, "a switch has two sides"],
    [
        /^type (boolean|number)$/,
        /(staging|prod) (project|production|restore|prepare|prepare)$/,
        "the engine hands over text: true is a word there",
    ],
    [
        /^(boolean|number|exponent) text$/,
        /(settings\/.*|databases\/\d\/(name|user|unit)|databasePasswords\/.*|notice|environments\/0|token|serve\/stack|production|restore|prepare|sharedHomes\/(source|type|options))$/,
        "any word or number may be such a name or value",
    ],
    [/^(boolean|exponent) text$/, /(address|host)$/, "a host may be called so"],
    [
        /^boolean text$/,
        /(project|ssh\/user|bastion\/user|workbench\/user|binaries|masterUsername|accounts\/\d\/(name|groups\/0)|databases\/\d\/server)$/,
        "a name may be so",
    ],
    [
        /^cut$/,
        /(project|production|user|address|publicAddress|front|host|server|unit|dataDirectory|folder|mount|home|name|names\/\w+|entryPoints\/\w+|groups\/0|binaries|url|instanceType|instanceClass|version|masterUsername|quarto\/0|restore|prepare|token|stack|environments\/0|operatingSystem\/ami|settings\/.*|reason|notice|source|type|options)$/,
        "one letter less is another one of its kind; nobody can tell",
    ],
    [/^cut$/, /(signingKey|[cC]aCertificate|secrets\/.*)$/, "the last line end, or a shorter password"],
    [
        /^case$/,
        /(ssh\/user|bastion\/user|workbench\/user|accounts\/\d\/name|groups\/0|masterUsername|databases\/\d\/(name|user|unit|host)|address|home|folder|mount|stack|environments\/0|production|settings\/.*|reason|notice|source|options|secrets\/.*|Cidrs\/\d|[cC]idr)$/,
        "these may have capitals",
    ],
    [/^case$/, /staging workbench\/version$/, "Posit's versions may have letters at their end"],
    [/^blank within$/, /hostKey$/, "a comment may stand behind a public key"],
    [
        /^(blank after|newline after)$/,
        /(signingKey|[cC]aCertificate|PrivateKey|bootstrapHostKey)$/,
        "blanks behind the last line of armored text",
    ],
    [/^blank before$/, /(signingKey|[cC]aCertificate)$/, "blanks before the first line of armored text"],
    [
        /^(blank|shell|path|unicode letter|negative)/,
        /(settings\/.*|databasePasswords\/.*)$/,
        "values of settings and passwords are free text of one line",
    ],
    [
        /^(empty|cut|(boolean|number|exponent) text|blank within|negative|unicode letter|shell option|path (up|double|end))$/,
        /tags\/\w+$/,
        "a tag's value is any text of AWS's letters, or none",
    ],
    [
        /^(cut|case|(boolean|number|exponent) text|negative|shell option)$/,
        /instanceProfile$/,
        "IAM takes such names, a hyphen first too",
    ],
    [/^type text$/, /staging volumeInitializationRate$/, "the engine hands over text, whatever stands there"],
    [/^empty$/, /settings\/.*$/, "a setting may be set to nothing"],
    [/^empty$/, /sharedHomes\/options$/, "no options"],
    [/^type (list|text)/, /settings\/[\w.-]+$/, "a setting has a value, or a list of such"],
    [/^duplicate/, /settings\/R\.Executable$/, "what may stand in a list twice is the product's to say"],
    [/^(blank|shell|path|unicode letter|negative)/, /(reason|notice)$/, "sentences, which are quoted wherever they go"],
    [
        /^(blank within|shell|path|unicode letter|negative)/,
        /databases\/\d\/(name|user)$/,
        "Postgres takes any name; it goes encoded into URLs and quoted into SQL",
    ],
    [/^shell/, /databaseMasterPassword$/, "RDS takes them; passwords go by stdin"],
    [/^type text$/, /databasePasswords\/\w+$/, "a text is the main database's password (decision 22)"],
    [/^shell backslash$/, /databases\/\d\/unit$/, "systemd escapes with it"],
    [/^path end$/, /(packages\/url|sharedHomes\/(source|options))$/, "a folder"],
    [/^path double$/, /sharedHomes\/source$/, "a folder of this name on this host"],
    [/^path up$/, /sharedHomes\/options$/, "options are no paths"],
    [/^shell and$/, /packages\/url$/, "belongs to a URL's query"],
];

const freeText =
    "\u0000\u0001\u001f\u007f\u0085\u2028\u202e\ufeff\ud800é漢🙂\"'`$\\|&;<>(){}[]*?!#~%^=+-@/.,: \t\r\nabc019ABC";

/** Ways to spoil a text; the first word tells the class. */
function texts(text: string): [string, unknown][] {
    return [
        ["type null", null],
        ["type number", 5],
        ["type boolean", true],
        ["type list", [text]],
        ["type object", { text }],
        ["empty", ""],
        ["blank only", " "],
        ["blank before", ` ${text}`],
        ["blank after", `${text} `],
        ["blank within", `${text} x`],
        ["tab", `${text}\tx`],
        ["newline after", `${text}\n`],
        ["newline within", `${text}\nx`],
        ["return", `${text}\rx`],
        ["nul", `${text}\u0000`],
        ["control", `\u001b[31m${text}`],
        ["separator", `${text}\u2028x`],
        ["huge", "a".repeat(100_000)],
        ["huge tail", text + "a".repeat(5_000)],
        ["negative", "-1"],
        ["unicode letter", `${text}é`],
        ["unicode direction", `${text}\u202e`],
        ["unicode half", `${text}\ud800`],
        ["shell semicolon", `${text};id`],
        ["shell substitution", `${text}$(id)`],
        ["shell backtick", `${text}\`id\``],
        ["shell pipe", `${text}|id`],
        ["shell and", `${text}&id`],
        ["shell quote", `${text}'x`],
        ["shell double quote", `${text}"x`],
        ["shell backslash", `${text}\\x`],
        ["shell option", `-${text}`],
        ["path up", `${text}/../x`],
        ["path double", `/${text}`],
        ["path end", `${text}/`],
        ["number text", "123"],
        ["exponent text", "12e3"],
        ["boolean text", "true"],
        ["case", text.toUpperCase() === text ? text.toLowerCase() : text.toUpperCase()],
        ["cut", text.slice(0, -1)],
    ];
}

function numbers(number: number): [string, unknown][] {
    return [
        ["type null", null],
        ["type text", String(number)],
        ["type boolean", true],
        ["type list", [number]],
        ["type object", {}],
        ["zero", 0],
        ["one", 1],
        ["negative", -number - 1],
        ["fraction", number + 0.5],
        ["next", number + 1],
        ["huge port", 65_536],
        ["huge timer", 2_147_484],
        ["huge int", 2 ** 31],
        ["huge long", 2 ** 53],
        ["huge float", 1e308],
    ];
}

const switches: [string, unknown][] = [
    ["type null", null],
    ["type text", "yes"],
    ["type number", 1],
    ["type list", []],
    ["other", "other"],
];

function holders(value: object): [string, unknown][] {
    const list = Array.isArray(value);
    return [
        ["type null", null],
        ["type number", 5],
        ["type boolean", false],
        ["type text", "text"],
        [list ? "type object" : "type list", list ? { ...value } : [value]],
        ["emptied", list ? [] : {}],
        ...(list && value.length > 0
            ? ([["duplicate", [...(value as unknown[]), value[0]]]] as [string, unknown][])
            : []),
        ...(list
            ? []
            : ([
                  ["unknown key", { ...value, surplus: 1 }],
                  [
                      "unknown key __proto__",
                      JSON.parse(
                          JSON.stringify(value).replace(/^\{/, '{"__proto__":{"x":1},').replace(/,\}$/, "}"),
                      ) as object,
                  ],
                  ["unknown key constructor", { ...value, constructor: 1 }],
              ] as [string, unknown][])),
    ];
}

function mutationsOf(value: unknown, path: PropertyKey[] = []): Mutation[] {
    const own = (ways: [string, unknown][]) =>
        path.length === 0
            ? []
            : [["missing", undefined] as [string, unknown], ...ways]
                  .filter(([, mutant]) => !isDeepStrictEqual(mutant, value))
                  .map(([kind, mutant]) => ({ kind, path, value: mutant }));
    if (typeof value === "string") return own(texts(value));
    if (typeof value === "number") return own(numbers(value));
    if (typeof value === "boolean") {
        return own(switches.map(([kind, mutant]) => [kind, kind === "other" ? !value : mutant]));
    }
    return [
        ...own(holders(value as object)),
        ...Object.entries(value as object).flatMap(([key, item]) =>
            mutationsOf(item, [...path, Array.isArray(value) ? Number(key) : key]),
        ),
    ];
}

function spoilt(value: Values, { path, value: wanted }: Mutation): Values {
    const copy = structuredClone(value) as Values;
    const holder = path.slice(0, -1).reduce<unknown>(child, copy) as Record<PropertyKey, unknown>;
    const key = path[path.length - 1];
    if (wanted !== undefined) holder[key] = wanted;
    else if (Array.isArray(holder)) holder.splice(key as number, 1);
    else delete holder[key];
    return copy;
}

/** "OPTIONAL " where the schema says that it may be absent, or where one of many goes; "BOUNDS " where a number keeps its rule. */
function classOf(stack: StackTemplate, base: Values, { path, value, kind }: Mutation): string {
    const [schema, place, below] =
        path[0] === "secrets"
            ? [stack === "staging" ? environmentSecrets : productionSecrets, path.slice(1), base.secrets]
            : [stack === "staging" ? environmentSchema : productionSchema, path, base];
    const field = schemaAt(schema, place, below);
    const holder = schemaAt(schema, place.slice(0, -1), below);
    const isItem = holder && (bare(holder) instanceof z.ZodArray || bare(holder) instanceof z.ZodRecord);
    const isOptional = field !== undefined && bare(field) !== field;
    const isList = field !== undefined && bare(field) instanceof z.ZodArray;
    const bounds = field && /from (\d+) to (\d+)$/.exec(ruleOf(field));
    if (bounds && typeof value === "number" && value >= Number(bounds[1]) && value <= Number(bounds[2])) {
        return "BOUNDS ";
    }
    return isItem || isOptional || (isList && kind === "emptied") ? "OPTIONAL " : "";
}

const fragments = [password, "BEGIN OPENSSH", "b3BlbnNzaC1rZXk", "5ec7e7"];

function judge(stack: StackTemplate, values: Values, what: string): Verdict {
    const schema: z.ZodType = stack === "staging" ? environmentSchema : productionSchema;
    const secrets: z.ZodType = stack === "staging" ? environmentSecrets : productionSecrets;
    try {
        parseConfig(handedOver(values), ["secrets"], stack);
        return "accepted";
    } catch (error) {
        assert.ok(error instanceof ConfigError, `${what}: ${String((error as Error).stack)}`);
        assert.ok(error.problems.length > 0, what);
        for (const problem of error.problems) {
            assert.doesNotMatch(
                problem,
                /Invalid|Too (big|small)|expected|Unrecognized|received|undefined|\[object/,
                what,
            );
            const place = /^posit:((?:[A-Za-z][\w-]*|\.[A-Za-z][\w-]*|\[\d+\]|\["(?:[^"\\]|\\.)*"\])+): ./s.exec(
                problem,
            );
            assert.ok(place, `${what}: ${problem.slice(0, 200)}`);
            if (!problem.includes(": unknown key")) {
                const path = [...place[1].matchAll(/\[(\d+)\]|\[("(?:[^"\\]|\\.)*")\]|\.?([A-Za-z][\w-]*)/g)].map(
                    ([, index, quoted, key]): PropertyKey =>
                        index !== undefined
                            ? Number(index)
                            : quoted !== undefined
                              ? (JSON.parse(quoted) as string)
                              : key,
                );
                const known =
                    path[0] === "secrets"
                        ? path.length === 1 || schemaAt(secrets, path.slice(1), values.secrets)
                        : schemaAt(schema, path, values);
                assert.ok(known, `${what}: ${problem.slice(0, 200)} is no place of the schema`);
            }
            assert.ok(problem.length < 1_000, `${what}: ${problem.length} characters`);
        }
        const all = error.problems.join("\n");
        for (const fragment of fragments) assert.ok(!all.includes(fragment), `${what} repeats a secret`);
        return "refused";
    }
}

const database = { server: "acme-db", name: "packagemanager", user: "packagemanager" };

function bases(): [StackTemplate, Values][] {
    const prod = wholeValues("prod");
    const current = prod.current as Record<string, Values>;
    return [
        ["staging", { ...wholeValues("staging"), secrets: secretsOf.staging }],
        [
            "prod",
            {
                ...prod,
                current: { ...current, packageManager: { ...current.packageManager, databases: [database] } },
                sharedHomes: { source: "files.acme.com:/homes", type: "nfs4", options: "hard", mount: "/data/homes" },
                secrets: secretsOf.prod,
            },
        ],
    ];
}

describe("both templates, spoilt", () => {
    it("are refused, but for what is named here with its reason", function () {
        this.timeout(300_000);
        const surprises: string[] = [];
        const used = new Set<number>();
        let count = 0;
        for (const [stack, base] of bases()) {
            assert.equal(judge(stack, base, "unspoilt"), "accepted");
            for (const mutation of mutationsOf(base)) {
                count++;
                const where = `${stack} ${mutation.path.map(String).join("/")}`;
                if (judge(stack, spoilt(base, mutation), `${mutation.kind} ${where}`) === "accepted") {
                    const said = `${classOf(stack, base, mutation)}${where}`;
                    const row = accepted.findIndex(([kind, place]) => kind.test(mutation.kind) && place.test(said));
                    if (row < 0) surprises.push(`${mutation.kind}: ${where}`);
                    else used.add(row);
                }
            }
        }
        assert.ok(count > 4_000, `${count}`);
        assert.deepEqual(surprises, []);
        const idle = accepted.filter((_, row) => !used.has(row)).map(([kind, place]) => `${kind} ${place}`);
        assert.deepEqual(idle, [], "accepted by nobody");
    });

    it("never crash, whatever text stands where", function () {
        this.timeout(300_000);
        const leaves = bases().map(([stack, base]) => ({
            stack,
            base,
            paths: mutationsOf(base)
                .filter(({ kind }) => kind === "missing")
                .map(({ path }) => path),
        }));
        fc.assert(
            fc.property(
                fc.constantFrom(...leaves),
                fc.nat(),
                fc.oneof(
                    fc.array(fc.constantFrom(...freeText), { maxLength: 40 }).map((parts) => parts.join("")),
                    fc.jsonValue({ maxDepth: 2 }),
                ),
                ({ stack, base, paths }, index, value) => {
                    const path = paths[index % paths.length];
                    judge(
                        stack,
                        spoilt(base, { kind: "random", path, value }),
                        `${path.map(String).join("/")} = ${JSON.stringify(value)}`,
                    );
                },
            ),
            { numRuns: 500 },
        );
    });

    it("never crash on a secret, and never repeat it", () => {
        fc.assert(
            fc.property(
                fc.constantFrom(...bases()),
                fc.string({ minLength: 12, maxLength: 200, unit: "binary" }),
                fc.constantFrom("sshPrivateKey", "databaseMasterPassword", "bootstrapHostKey", "surplus"),
                ([stack, base], secret, key) => {
                    const values = {
                        ...base,
                        secrets: { ...(base.secrets as Values), [key]: `${certificate}${secret}` },
                    };
                    try {
                        parseConfig(handedOver(values), ["secrets"], stack);
                    } catch (error) {
                        assert.ok(error instanceof ConfigError);
                        assert.ok(!error.message.includes(secret) && !error.message.includes("BEGIN CERTIFICATE"));
                    }
                },
            ),
            { numRuns: 120 },
        );
    });
});
