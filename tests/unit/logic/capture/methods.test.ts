// Which way each database is captured, as a table.
import { strict as assert } from "node:assert";
import { CaptureConfig } from "../../../../config/schema";
import { DatabaseConfig } from "../../../../databases";
import { chooseMethods, serverMethodOf } from "../../../../logic/capture/methods";

const role = "main" as const;
const named = { role, name: "d", user: "d" };
const rds = (server: string): DatabaseConfig[] => [{ ...named, kind: "rds", server }];
const databases = (change: Partial<Record<"packageManager" | "workbench" | "connect", DatabaseConfig[]>> = {}) => ({
    packageManager: rds("one"),
    workbench: rds("one"),
    connect: rds("one"),
    ...change,
});

describe("how a database is captured", () => {
    const cases: [CaptureConfig["database"], Record<string, number>, Record<string, string>][] = [
        ["auto", { one: 7 }, { one: "pointInTime" }],
        ["auto", { one: 0 }, { one: "snapshot" }],
        ["auto", { one: 7, two: 0 }, { one: "snapshot", two: "snapshot" }],
        ["snapshot", { one: 7 }, { one: "snapshot" }],
        // The preflight refuses that; it is never silently something else.
        ["pointInTime", { one: 0 }, { one: "pointInTime" }],
    ];
    for (const [database, retention, expected] of cases) {
        it(`${database}, days of backups ${JSON.stringify(retention)}`, () => {
            const servers = Object.fromEntries(
                Object.entries(retention).map(([server, days]) => [server, { backupRetentionPeriod: days }]),
            );
            const choices = chooseMethods({ database }, databases(), servers);
            assert.deepEqual(Object.fromEntries(choices.map(({ of, method }) => [of, method])), expected);
            assert.ok(choices.every(({ why }) => why.length > 10));
            assert.equal(serverMethodOf(choices), Object.values(expected)[0]);
        });
    }

    it("takes what is on no server with the host's volumes", () => {
        const choices = chooseMethods(
            { database: "auto" },
            databases({
                packageManager: [{ role, kind: "sqlite" }],
                workbench: [{ ...named, kind: "local", unit: "postgresql", dataDirectory: "/d" }],
                connect: [{ ...named, kind: "external", host: "db", port: 5432 }],
            }),
            {},
        );
        assert.deepEqual(
            choices.map(({ of, method }) => [of, method]),
            [
                ["Package Manager", "sqlite"],
                ["Workbench", "folder"],
                ["Connect", "dump"],
            ],
        );
    });
});
