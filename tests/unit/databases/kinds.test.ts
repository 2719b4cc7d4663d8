// What every kind of database promises, kind by kind: none is left out, whichever there are. Does not prove that Postgres, RDS or a host do what is
// said of them (tests/unit/hosts, SOURCES=mixed).
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import {
    CarriedDatabase,
    carriedOf,
    carriedSchema,
    DatabaseConfig,
    databaseExamples,
    databaseFindings,
    isAsked,
    kinds,
    loadedOf,
    onHost,
    onVolumes,
    placeOf,
    publishedSchema,
    serverDatabases,
    serverOf,
    sessionsOf,
    settingsSchema,
    staying,
    unitsOf,
    unitsToldBy,
} from "../../../databases";
import { register } from "../../../databases/kinds";
import { seal } from "../../../logic/secret";
import { renderScript } from "../../../remote/script";
import { exampleOf } from "../../../config/schemaTree";

/** By the schema's own examples, with all that has a default. */
const configOf = (kind: (typeof kinds)[number]): DatabaseConfig =>
    settingsSchema.parse({ ...(exampleOf(register[kind].settings) as object), kind });

const inWindow = { token: "t1", folder: "/data", password: seal("p"), ca: "PEM" };
const noted = (method: string) => ({ role: "main" as const, method, path: "/data/x", engineVersion: "15" });

describe("each kind of database", () => {
    for (const kind of kinds) {
        describe(kind, () => {
            const database = configOf(kind);
            const carried = onVolumes(database);

            it("has settings, its product's own data being meant, and an example for who wrote something else", () => {
                assert.equal(database.kind, kind);
                assert.equal(database.role, "main");
                assert.ok(databaseExamples.includes(register[kind].example));
                assert.ok(!settingsSchema.safeParse({ ...database, surplus: 1 }).success);
            });

            it("says where it is, alike for two that are one", () => {
                const shouted = JSON.parse(
                    JSON.stringify(database).replace(/"host":"[^"]*"/, (found) =>
                        found.replace(/:.*/, (host) => host.toUpperCase()),
                    ),
                ) as typeof database;
                assert.equal(placeOf(database), placeOf(shouted));
                assert.equal(
                    placeOf(database) === "",
                    !isAsked(database),
                    "what is asked over the network can be two hosts'",
                );
            });

            it("finds nothing wrong in its example where everything is captured", () => {
                const around = { at: "posit:x", volumesAt: "posit:y" };
                assert.deepEqual(databaseFindings(database, { ...around, isCaptured: () => true }), []);
                for (const { at, says } of databaseFindings(database, { ...around, isCaptured: () => false })) {
                    assert.match(at, /^posit:x/);
                    assert.ok(says.length > 10);
                }
            });

            it("is asked over the network, or ends with its product", () => {
                const asked = sessionsOf(database);
                if (asked) {
                    assert.ok(asked.host !== "" && asked.user !== "" && asked.name !== "");
                    assert.equal(asked.restorable, serverOf(database) !== undefined, "a moment is of a managed server");
                } else {
                    assert.equal(serverOf(database), undefined, "nobody would know whether it is quiet");
                }
            });

            it("has its unit told alike by a parsed and by an unparsed configuration", () => {
                assert.deepEqual(unitsToldBy([database, undefined, "x", { kind: "none" }]), unitsOf([database]));
            });

            it("tells hosts only what they can do something about, in a program that renders", () => {
                const told = onHost(database, inWindow);
                if (told) {
                    assert.deepEqual([told.kind, told.role], [kind, "main"]);
                    assert.ok(path.posix.isAbsolute(told.path));
                    assert.ok(carried, "what hosts have to do with comes along on their volumes");
                    assert.equal(told.dumped, told.server !== undefined);
                }
            });

            it("gets into a capture with its server or with a volume, for a reason", () => {
                assert.equal(serverOf(database) === undefined, carried !== undefined);
                assert.equal(serverDatabases([{ product: "connect", database }]).length, carried ? 0 : 1);
                assert.ok(carried === undefined || carried.why.length > 10);
            });

            it("has an entry in the manifest that can be read again; without its host's note only if there is none", () => {
                const { entry, missing } = carriedOf("connect", database, carried ? [noted(carried.method)] : []);
                assert.equal(entry !== undefined, carried !== undefined);
                assert.equal(missing, undefined);
                if (entry === undefined) return;
                assert.deepEqual(carriedSchema.parse(JSON.parse(JSON.stringify(entry))), entry);
                assert.deepEqual([entry.product, entry.role, entry.method], ["connect", "main", carried?.method]);
                const without = carriedOf("connect", database, [noted("another")]);
                assert.equal(without.entry === undefined, onHost(database, inWindow) !== undefined);
                assert.equal(without.missing !== undefined, without.entry === undefined);
            });

            it("is restored to a server, or stays with its product, never both", () => {
                const { entry } = carriedOf("connect", database, carried ? [noted(carried.method)] : []);
                const capture = { volumeDatabases: entry ? [entry] : [] };
                const stays = staying("connect", "main", { capture });
                assert.equal(stays === undefined, register[kind].restore.makes !== "nothing");
                const loaded = loadedOf(capture.volumeDatabases);
                assert.equal(loaded.length, register[kind].restore.makes === "loadedServer" ? 1 : 0);
                assert.ok(loaded.every((one) => one.kind === kind && one.majorVersion === 15));
                if (stays) {
                    const { published } = register[kind];
                    assert.ok(published?.safeParse(stays).success && publishedSchema.safeParse(stays).success);
                    assert.deepEqual(staying("connect", "main", { inventory: told(database) })?.kind, kind);
                } else {
                    assert.equal(staying("connect", "main", { inventory: told(database) }), undefined);
                }
            });

            it("has every word on hosts, and means the same provider there", () => {
                assert.deepEqual(wordsOf(kind), [...hostWords].sort());
                assert.equal(bash(kind, `${kind}_provider`), register[database.kind].provider);
            });
        });
    }

    it("is rendered for its host by its row", () => {
        const rows = kinds.flatMap((kind) => onHost(configOf(kind), inWindow) ?? []);
        assert.ok(rows.length > 1);
        const program = renderScript({
            script: "inventory",
            product: "connect",
            variables: { DATABASES: rows.map(({ role, kind }) => ({ role, kind })), SHARED_HOMES: "", VOLUMES: [] },
        });
        for (const kind of kinds) assert.match(program, new RegExp(`^${kind}_provider\\(\\)`, "m"));
    });
});

const told = (database: DatabaseConfig) => ({
    databases: [{ role: "main" as const, provider: register[database.kind].provider }],
});

const hosts = path.join(__dirname, "../../../hosts");
/** As hosts/lib/databases.sh lists them. */
const hostWords = ["provider", "reach", "findings", "closed", "dump", "is_there", "load", "take_away"];

function bash(kind: string, call: string): string {
    return execFileSync("bash", ["-c", `. "$1/databases/$2.sh"; ${call}`, "bash", hosts, kind], { encoding: "utf8" });
}

/** Functions that begin with the kind's word. */
function wordsOf(kind: string): string[] {
    return bash(kind, `compgen -A function ${kind}_`)
        .split("\n")
        .filter(Boolean)
        .map((name) => name.slice(kind.length + 1))
        .sort();
}

describe("the words of hosts/lib/databases.sh", () => {
    it("are those that its head explains and scripts call", () => {
        const text = fs.readFileSync(path.join(hosts, "lib/databases.sh"), "utf8");
        for (const word of hostWords) assert.match(text, new RegExp(`^#.*\\b${word}\\b`, "m"));
        const all = ["window.sh", "inventory.sh", "load-database.sh", "lib/window/closedDatabases.sh"].map((file) =>
            fs.readFileSync(path.join(hosts, file), "utf8"),
        );
        const called = [...all.join("\n").matchAll(/database_word "[^"]+" ([a-z_]+)/g)].map(([, word]) => word);
        assert.deepEqual([...new Set(called)].sort(), [...hostWords].sort());
    });
});

describe("a product's second database", () => {
    // As if products had one.
    const usage = "usage" as "main";
    const external = { kind: "external", host: "db", port: 5432, name: "n", user: "u" } as const;

    it("is dumped beside the first, under a name of its own", () => {
        const [first, second] = (["main", usage] as const).map((role) => onHost({ ...external, role }, inWindow)?.path);
        assert.equal(first, "/data/.posit-capture/t1.dump");
        assert.equal(second, "/data/.posit-capture/t1-usage.dump");
    });

    it("is told from the first in hosts' notes and in manifests", () => {
        const notes = (["main", usage] as const).map((role) => ({ ...noted("dump"), role, path: `/data/${role}` }));
        const entries = (["main", usage] as const).map(
            (role) => carriedOf("connect", { ...external, role }, notes).entry,
        );
        assert.deepEqual(
            entries.map((entry) => entry && "path" in entry && entry.path),
            ["/data/main", "/data/usage"],
        );
        assert.match(carriedOf("connect", { ...external, role: usage }, [notes[0]]).missing ?? "", /did not note/);
        const stays: CarriedDatabase = { product: "connect", role: usage, method: "sqlite" };
        const capture = { volumeDatabases: [stays] };
        assert.equal(staying("connect", "main", { capture }), undefined);
    });
});
