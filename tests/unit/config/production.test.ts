// The production side's configuration: where data is must be said in full, or a capture would miss it.
import assert from "node:assert/strict";
import { ConfigError, parseConfig } from "../../../config/parse";
import { ProductionConfig } from "../../../config/schema";
import { perProduct, ProductId, products, productIds } from "../../../products";
import { operatorKey } from "./samples";

const volumeOf = (product: ProductId) => `vol-0a1b2c3d4e5f6789${productIds.indexOf(product)}`;

const host = (product: (typeof productIds)[number]) => ({
    instanceId: `i-0a1b2c3d4e5f6789${productIds.indexOf(product)}`,
    address: `10.1.0.1${productIds.indexOf(product)}`,
    hostKey: operatorKey.public,
    dataVolumes: products[product].dataMounts.map((mount) => ({
        volumeId: volumeOf(product),
        mount,
        folder: mount,
    })) as object[],
    databases: [{ server: "db", name: product, user: product }] as object[],
});

function parse(
    change: Partial<Record<(typeof productIds)[number], object>> = {},
    passwords: object = all,
    more: Record<string, string> = {},
): string[] {
    const current = perProduct((product) => ({ ...host(product), ...change[product] }));
    const values = {
        role: "production",
        project: "acme",
        current: JSON.stringify(current),
        ...more,
        secrets: JSON.stringify({ sshPrivateKey: operatorKey.private, databasePasswords: passwords }),
    };
    try {
        parsed = parseConfig(values, ["secrets"], "prod") as ProductionConfig;
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String(error));
        return error.problems;
    }
}

const all = { packageManager: "p", workbench: "p", connect: "p" };
let parsed: ProductionConfig;

describe("production's sources", () => {
    it("are RDS and whole volumes where nothing else is said", () => {
        assert.deepEqual(parse(), []);
        assert.ok(!("stack" in parsed.current) && parsed.current.connect.databases[0].kind === "rds");
    });

    it("may be of any kind, and need no password where nobody is asked", () => {
        const local = { kind: "local", unit: "pg", dataDirectory: "/home/pg/15", name: "w", user: "w" };
        const change = { packageManager: { databases: [{ kind: "sqlite" }] }, workbench: { databases: [local] } };
        assert.deepEqual(parse(change, { connect: "p" }), []);
    });

    it("need no volume for homes that are shared", () => {
        const change = { workbench: { dataVolumes: [volume("/var/lib/rstudio-server", "workbench")] } };
        assert.deepEqual(parse(change, all, { sharedHomes: JSON.stringify({ source: "files:/homes" }) }), []);
        assert.equal(parsed.sharedHomes?.mount, "/home");
    });

    const volume = (mount: string, product: ProductId = "connect") => ({
        volumeId: volumeOf(product),
        mount,
        folder: mount,
    });
    const cases: [string, Parameters<typeof parse>, RegExp][] = [
        [
            "a data folder without a volume",
            [{ workbench: { dataVolumes: [volume("/home", "workbench")] } }],
            /^posit:current\.workbench\.dataVolumes: nothing says which volume holds \/var\/lib\/rstudio-server/,
        ],
        [
            "a system's own folder",
            [{ connect: { dataVolumes: [volume("/var/lib/rstudio-connect"), volume("/var/lib")] } }],
            /^posit:current\.connect\.dataVolumes\[1\]\.mount: \/var\/lib belongs to the operating system/,
        ],
        [
            "a folder twice",
            [{ connect: { dataVolumes: [volume("/var/lib/rstudio-connect"), volume("/var/lib/rstudio-connect")] } }],
            /stands there twice/,
        ],
        [
            "homes that are shared and on a volume",
            [{}, all, { sharedHomes: JSON.stringify({ source: "files:/homes" }) }],
            /^posit:current\.workbench\.dataVolumes: \/home is in posit:sharedHomes too/,
        ],
        [
            "one volume on two hosts",
            [{ connect: { dataVolumes: [volume("/var/lib/rstudio-connect", "packageManager")] } }],
            /^posit:current: vol-0a1b2c3d4e5f67890 stands with packageManager and connect/,
        ],
        [
            "a database directory on no captured volume",
            [
                {
                    connect: {
                        databases: [{ kind: "local", unit: "pg", dataDirectory: "/srv/pg", name: "c", user: "c" }],
                    },
                },
            ],
            /^posit:current\.connect\.databases\[0\]\.dataDirectory: \/srv\/pg lies on none of dataVolumes/,
        ],
        [
            "a server that must be asked without a password",
            [{}, { packageManager: "p", workbench: "p" }],
            /databasePasswords\.connect\.main: is needed/,
        ],
        [
            "an unknown kind",
            [{ connect: { databases: [{ kind: "mysql", server: "db", name: "c", user: "c" }] } }],
            /posit:current\.connect\.databases\[0\]/,
        ],
    ];
    for (const [what, args, expected] of cases) {
        it(`refuse ${what}`, () => assert.match(parse(...args).join("\n"), expected));
    }
});
