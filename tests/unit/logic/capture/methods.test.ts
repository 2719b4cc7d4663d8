// Which way each database is captured, as a table.
import { strict as assert } from "node:assert";
import { CaptureConfig } from "../../../../config/schema";
import { DatabaseConfig, ServerFacts } from "../../../../databases";
import type { DryRun } from "../../../../logic/capture/cutover";
import {
    ChosenCapture,
    chooseMethods,
    dumpedServers,
    dumpFindings,
    mayDump,
    serverMethodOf,
} from "../../../../logic/capture/methods";

const role = "main" as const;
const named = { role, name: "d", user: "d" };
const rds = (server: string): DatabaseConfig[] => [{ ...named, kind: "rds", server }];
const opens = { reopen: true, maxClosedSeconds: 300 };
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
            const choices = chooseMethods({ ...opens, database }, databases(), servers);
            assert.deepEqual(Object.fromEntries(choices.map(({ of, method }) => [of, method])), expected);
            assert.ok(choices.every(({ why }) => why.length > 10));
            assert.equal(serverMethodOf(choices), Object.values(expected)[0]);
        });
    }

    it("takes what is on no server with the host's volumes", () => {
        const choices = chooseMethods(
            { ...opens, database: "auto" },
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

describe("how a database is captured for a cutover", () => {
    const final = { reopen: false, maxClosedSeconds: 300, database: "auto" as const };
    const GB = 1e9;
    const run = (gigabytes: number): DryRun => ({
        databaseBytes: gigabytes * GB,
        dumpBytes: (gigabytes * GB) / 3,
        seconds: (gigabytes * GB) / 61e6,
    });
    const large = { backupRetentionPeriod: 7, dbInstanceClass: "db.m6g.large", storageEncrypted: true };
    const weak = { ...large, dbInstanceClass: "db.t4g.medium" };
    const choose = (
        servers: Record<string, ServerFacts>,
        dryRuns: Record<string, DryRun>,
        change: Partial<ChosenCapture> = {},
        rehearsed = Object.keys(servers),
    ) =>
        chooseMethods({ ...final, ...change }, databases(), servers, { dryRuns, rehearsed }).filter(
            ({ of }) => of in servers,
        );

    const cases: [string, ServerFacts, DryRun | undefined, number, string, RegExp][] = [
        [
            "a small database",
            large,
            run(1),
            300,
            "dump",
            /some 6 min .*17 s for the dump.*; snapshot: 13 min; pointInTime: 23 min$/,
        ],
        [
            "a big one",
            large,
            run(8),
            300,
            "snapshot",
            /3 min for RDS's snapshot, 12 min for its restore.*; dump: 14 min/,
        ],
        ["a weak server", weak, run(4), 300, "dump", /3 min to load it/],
        ["a weak server's big one", weak, run(6), 300, "snapshot", /dump: 14 min/],
        [
            "one that nobody could dump",
            large,
            { ...run(1), problem: "pg_dump is missing" },
            300,
            "snapshot",
            /dump: pg_dump is missing/,
        ],
        ["one that nobody tried", large, undefined, 300, "snapshot", /dump: nobody tried/],
        [
            "a window too short for a snapshot",
            large,
            run(8),
            200,
            "pointInTime",
            /dump: a dry run took 2 min.*maxClosedSeconds: 263.*snapshot: it wants maxClosedSeconds: 240/,
        ],
        [
            "a server without backups",
            { ...large, backupRetentionPeriod: 0 },
            undefined,
            300,
            "snapshot",
            /pointInTime: it keeps no backups/,
        ],
        [
            "a server that is not encrypted",
            { ...large, storageEncrypted: false },
            run(20),
            900,
            "dump",
            /snapshot: it is not encrypted/,
        ],
        [
            "a server that is not encrypted and can't be dumped",
            { ...large, storageEncrypted: false },
            undefined,
            300,
            "pointInTime",
            /no way is without trouble/,
        ],
    ];
    for (const [what, facts, dryRun, maxClosedSeconds, method, why] of cases) {
        it(`of ${what}`, () => {
            const [choice] = choose({ one: facts }, dryRun ? { one: dryRun } : {}, { maxClosedSeconds });
            assert.equal(choice.method, method, choice.why);
            assert.match(choice.why, why);
            assert.equal(choice.dumped ?? false, method === "dump");
            assert.equal(choice.size?.bytes, method === "dump" ? dryRun?.databaseBytes : undefined);
        });
    }

    it("counts no new server where it stands, which may make a dump the soonest way", () => {
        const servers = { one: large };
        const dryRuns = { one: run(8) };
        const [without] = choose(servers, dryRuns);
        const [prepared] = choose(servers, dryRuns, { prepared: true });
        assert.equal(without.method, "snapshot");
        assert.equal(prepared.method, "dump");
        assert.ok(!/for a new server/.test(prepared.why), prepared.why);
        assert.match(choose({ one: large }, { one: run(1) })[0].why, /for a new server/);
    });

    it("of several servers lets the last one serve soonest, and takes alike what is not dumped", () => {
        const servers = { one: large, two: large };
        const both = choose(servers, { one: run(1), two: run(8) });
        assert.deepEqual(
            both.map(({ method }) => method),
            ["dump", "snapshot"],
        );
        assert.deepEqual(dumpedServers(both), ["one"]);
        assert.equal(serverMethodOf(both), "snapshot");
        const noBackups = choose({ ...servers, two: { ...large, backupRetentionPeriod: 0 } }, {});
        assert.deepEqual(
            noBackups.map(({ method }) => method),
            ["snapshot", "snapshot"],
        );
    });

    it("is no dump that nobody has rehearsed, and says what that would save", () => {
        const [choice] = choose({ one: large }, { one: run(1) }, {}, []);
        assert.equal(choice.method, "snapshot");
        assert.match(
            choice.why,
            /; dump: no environment has restored a dump of it yet; a dump would be 7 min sooner: rehearse it with database: dump/,
        );
        // Nobody is sent to rehearse what would take longer.
        assert.doesNotMatch(choose({ one: large }, { one: run(8) }, {}, [])[0].why, /sooner/);
    });

    const settings: [string, Partial<ServerFacts>, RegExp][] = [
        ["a parameter group of its own", { dbParameterGroups: ["acme-pg15"] }, /parameter group acme-pg15/],
        ["a second zone", { multiAz: true }, /a second zone \(Multi-AZ\)/],
        ["storage that was bought", { storageType: "io2", iops: 5000 }, /storage io2 with 5000 IOPS/],
        ["storage that grows", { maxAllocatedStorage: 500 }, /storage that grows to 500 GiB/],
        ["logs", { enabledCloudwatchLogsExports: ["postgresql"] }, /logs in CloudWatch \(postgresql\)/],
        ["minor versions that stay", { autoMinorVersionUpgrade: false }, /minor versions that stay/],
    ];
    for (const [what, change, words] of settings) {
        it(`is no dump of a server that has ${what}, unless people say so, who are told what is left behind`, () => {
            const facts = { ...large, ...change };
            const [choice] = choose({ one: facts }, { one: run(1) });
            assert.equal(choice.method, "snapshot");
            assert.match(choice.why, /dump: it would leave behind what a restored server has: /);
            assert.match(choice.why, words);
            const said = chooseMethods({ ...final, database: "dump" }, databases(), { one: facts });
            assert.equal(said[0].method, "dump");
            assert.match(said[0].why, /^the capture says database: dump; the new server will not have its /);
            assert.match(said[0].why, words);
        });
    }

    it("is a dump of a server with what every new one has", () => {
        const plain = { dbParameterGroups: ["default.postgres15"], multiAz: false, storageType: "gp3", iops: 3000 };
        const [choice] = choose({ one: { ...large, ...plain } }, { one: run(1) });
        assert.equal(choice.method, "dump", choice.why);
    });

    it("is no dump that leaves rights out, and says how old a dry run is", () => {
        const loses = ["rights of bi"];
        const [choice] = choose({ one: large }, { one: { ...run(1), loses } });
        assert.match(choice.why, /leave behind .*rights of bi/);
        const dryRuns = { one: { ...run(1), loses } };
        const [said] = chooseMethods({ ...final, database: "dump" }, databases(), { one: large }, { dryRuns });
        assert.match(said.why, /what is loaded leaves out rights of bi: make that again by hand/);
        assert.match(
            choose({ one: large }, { one: { ...run(1), age: 7200 } })[0].why,
            /; the dump to nowhere is 2 h old$/,
        );
    });

    it("is what the capture says, with the reason why it can't be", () => {
        const capture = { ...final, database: "dump" as const };
        const choices = chooseMethods(capture, databases(), { one: large }, { dryRuns: { one: run(20) } });
        assert.deepEqual([choices[0].method, dumpedServers(choices)], ["dump", ["one"]]);
        assert.match(
            dumpFindings(capture, choices, { one: run(20) })[0],
            /server one can't be dumped: a dry run took 5 min/,
        );
        assert.match(dumpFindings(capture, choices, {})[0], /nobody tried/);
        assert.deepEqual(dumpFindings(capture, choices, { one: run(1) }), []);
        assert.deepEqual(
            chooseMethods(
                { ...final, database: "pointInTime" },
                databases(),
                { one: large },
                { dryRuns: { one: run(1) } },
            ).map(({ method }) => method),
            ["pointInTime"],
        );
    });

    it("asks for a dry run where a dump may be the way", () => {
        const asks = (database: CaptureConfig["database"], reopen: boolean) => mayDump({ database, reopen });
        assert.deepEqual([asks("auto", false), asks("dump", false), asks("dump", true)], [true, true, true]);
        assert.deepEqual(
            [asks("auto", true), asks("snapshot", false), asks("pointInTime", false)],
            [false, false, false],
        );
    });
});
