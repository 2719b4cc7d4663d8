// Captures that dump databases on RDS: when a dry run is asked for, what follows from it, and what is known again later. Hosts behind real SSH answer
// as a test says, the cloud is played. Does not prove that a host dumps (tests/unit/hosts) nor that the forecast comes true.
import assert from "node:assert/strict";
import type { CaptureConfig } from "../../../config/schema";
import type { CaptureManifest } from "../../../contract/production";
import { buildManifest } from "../../../logic/capture/manifest";
import { changedSettings } from "../../../logic/capture/state";
import { seal } from "../../../logic/secret";
import { byProduct } from "../../../products";
import { captureArgs } from "../../../stacks/capture/registered";
import { freeLoad } from "../freeLoad";
import { at, everyHost, final, ids, PlayedProduction, stayed } from "./playedProduction";

describe("captures that dump databases on RDS", () => {
    const here = new PlayedProduction();
    const small = { role: "main", databaseBytes: 1e9, dumpBytes: 3e8, milliseconds: 15_000 };
    before(async () => {
        await here.start();
        const { connect } = here.side.hosts;
        const named = { role: "main" as const, name: "runs", user: "connect" };
        const databases = [{ ...named, kind: "rds" as const, server: "legacy-db" }];
        here.side = {
            ...here.side,
            hosts: { ...here.side.hosts, connect: { ...connect, databases } },
            databasePasswords: { connect: { main: seal("correct horse") } },
        };
    });
    after(() => here.stop());

    function production(answer: object | Error): void {
        here.untouched();
        here.servers["legacy-db"] = {
            ...{ backupRetentionPeriod: 7, engine: "postgres", engineVersion: "15.8", storageEncrypted: true },
            ...{ dbInstanceClass: "db.m6g.large", address: "legacy-db.rds.example.com", port: 5433 },
        };
        here.dryRun = answer;
        here.restored = ["tk0"];
    }

    /** A rehearsal that dumped it. */
    const rehearsal: CaptureManifest = {
        ...final,
        token: "tk0",
        final: false,
        volumeDatabases: [
            {
                ...{ product: "connect", role: "main", method: "dump", name: "runs", user: "connect" },
                ...{ path: "/d/tk0.dump", engineVersion: "15", server: "legacy-db" },
            },
        ],
    };

    const plan = async (change: Partial<CaptureConfig>, last?: Record<string, CaptureManifest>) =>
        (await here.up([{ token: "tk1", reopen: false, ...change }], { tk0: rehearsal, ...last })).planned[0];

    it("try it first, with what the host needs to reach the server, and say what is predicted", async () => {
        production({ databases: [small], free: 1e12 });
        const planned = await plan({});
        assert.equal(here.tried.length, 1, "only the product that has one there");
        for (const told of [
            /^DATABASES_host=\('legacy-db\.rds\.example\.com'\)$/m,
            /^DATABASES_port=\('5433'\)$/m,
            /^DATABASES_user=\('connect'\)$/m,
            /^DATABASES_password=\('correct horse'\)$/m,
            /^FOLDER='\/var\/lib\/rstudio-connect'$/m,
        ]) {
            assert.match(here.tried[0], told);
        }
        const said = here.said.join("\n");
        assert.match(said, /dumps the databases on RDS to nowhere, for 120 s at most/);
        assert.match(said, /legacy-db by dump: the new side waits some 6 min.*; snapshot: 13 min; pointInTime: 23 min/);
        assert.ok(!said.includes("correct horse"));
        // From here on it is a database elsewhere, and no server is captured.
        assert.deepEqual(planned.side.hosts.connect.databases, [
            {
                ...{ role: "main", name: "runs", user: "connect", kind: "external", server: "legacy-db" },
                ...{ host: "legacy-db.rds.example.com", port: 5433 },
            },
        ]);
        assert.deepEqual(planned.closing.servers, []);
        const [dumped] = planned.closing.hosts.flatMap(({ databases = [] }) => databases);
        assert.deepEqual([dumped.dumped, dumped.path], [true, "/var/lib/rstudio-connect/.posit-capture/tk1.dump"]);
        assert.equal(dumped.room, 3.6e8, "the window asks for the room that the dry run measured");
        assert.deepEqual(
            planned.closing.databases.map(({ restorable }) => restorable),
            [false],
        );
    });

    it("count no new server where an environment has one for this token, and propose it where none has", async () => {
        const proposal = /capture tk1: a cutover some \d min shorter .*posit:prepare: tk1 in the environment's stack/;
        const stands = /capture tk1: the server for its dumps stands in acme\/posit\/staging \(posit:prepare\)/;
        const run = async (prepared: string | undefined, change: Partial<CaptureConfig> = {}) => {
            production({ databases: [small], free: 1e12 });
            const environments = [{ name: "acme/posit/staging", prepared }, { name: "acme/posit/other" }];
            await here.up([{ token: "tk1", reopen: false, ...change }], { tk0: rehearsal }, { environments });
            return here.said.join("\n");
        };
        for (const prepared of [undefined, "tk2"]) {
            const said = await run(prepared);
            assert.match(said, /legacy-db by dump: .*for a new server/);
            assert.match(said, proposal);
            assert.ok(!stands.test(said));
        }
        const said = await run("tk1");
        assert.match(said, /legacy-db by dump: /);
        assert.ok(!/for a new server/.test(said));
        assert.match(said, stands);
        assert.ok(!proposal.test(said));
        // Nobody waits for the restore of one that opens again.
        assert.ok(!/posit:prepare/.test(await run(undefined, { reopen: true })));
    });

    it("are for a rehearsal to bring first: of that very server, complete, and restored by an environment", async () => {
        for (const [restored, change] of [
            [[], {}],
            [["tk0"], { state: "void" as const, reasons: ["x"] }],
            [["tk0"], { volumeDatabases: [{ ...rehearsal.volumeDatabases[0], server: "another-db" }] }],
            [["tk0"], { volumeDatabases: [] }],
        ] as [string[], Partial<CaptureManifest>][]) {
            production({ databases: [small], free: 1e12 });
            here.restored = restored;
            const { methods } = await plan({}, { tk0: { ...rehearsal, ...change } });
            const choice = methods.find(({ of }) => of === "legacy-db");
            assert.equal(choice?.method, "snapshot");
            assert.match(choice?.why ?? "", /a dump would be 7 min sooner: rehearse it with database: dump/);
        }
        production({ databases: [small], free: 1e12 });
        const { methods } = await plan({}, { tk0: { ...rehearsal, state: "void", lost: true } });
        assert.equal(methods.find(({ of }) => of === "legacy-db")?.method, "dump");
    });

    it("are not tried where nobody could load them, whoever wants them", async () => {
        production({ databases: [small], free: 1e12 });
        here.load = { ...freeLoad, extensions: ["pg_stat_statements"] };
        const why = /connect could not load a dump of runs, because of extension pg_stat_statements/;
        const choice = (await plan({})).methods.find(({ of }) => of === "legacy-db");
        assert.equal(choice?.method, "snapshot");
        assert.match(choice?.why ?? "", why);
        assert.match((await plan({ database: "dump" })).closing.findings.join(), why);
        assert.deepEqual(here.tried, []);
    });

    it("are not asked for where production opens again, where another way is named, and while they wait", async () => {
        production({ databases: [small], free: 1e12 });
        await plan({ reopen: true });
        await plan({ database: "snapshot" });
        await plan({ notBefore: "2999-01-01T00:00:00Z" });
        assert.deepEqual(here.tried, []);
    });

    for (const [what, answer, why] of [
        ["nobody can dump", new Error("sudo: no"), /dump: .*sudo: no/],
        [
            "its host knows of no pg_dump",
            { databases: [{ role: "main", problem: "pg_dump is missing" }], free: 1 },
            /dump: pg_dump is missing/,
        ],
        [
            "the volume has no room",
            { databases: [small], free: 3.5e8 },
            /dump: the product's volume has 334 MiB free, and the dump needs 344 MiB there/,
        ],
        ["its host says nothing of it", { databases: [], free: 1e12 }, /dump: its host said nothing of it/],
    ] as const) {
        it(`take another way where ${what}`, async () => {
            production(answer);
            const planned = await plan({});
            const choice = planned.methods.find(({ of }) => of === "legacy-db");
            assert.equal(choice?.method, "snapshot");
            assert.match(choice?.why ?? "", why);
            assert.equal(planned.serverMethod, "snapshot");
            assert.equal(planned.closing.servers.length, 1);
        });
    }

    it("touch nothing where a dump is wanted and can't be had in time", async () => {
        production({ databases: [{ ...small, milliseconds: 100_000 }], free: 1e12 });
        const planned = await plan({ database: "dump", maxClosedSeconds: 120 });
        assert.deepEqual(planned.closing.findings.length, 1);
        assert.match(
            planned.closing.findings[0],
            /legacy-db can't be dumped: a dry run took 2 min.*maxClosedSeconds: 200 at least/,
        );
    });

    it("touch nothing where a server's snapshot took longer than production may be closed", async () => {
        production(new Error("no"));
        here.serverWarmUps = { "legacy-db": 151 };
        const planned = await plan({ database: "snapshot" });
        await assert.rejects(
            here.close(planned),
            /production was not touched:\n(.*\n)*a snapshot of database server legacy-db took 151 s.*set maxClosedSeconds: 302 at least/,
        );
    });

    it("are known again by what hosts noted, and by the manifest, whatever would be chosen today", async () => {
        production(new Error("no"));
        const noted = {
            role: "main" as const,
            method: "dump",
            path: "/var/lib/rstudio-connect/.posit-capture/tk1.dump",
        };
        const marker = { ...stayed, databases: [{ ...noted, engineVersion: "15", bytes: 1e9 }] };
        here.hosts = everyHost((product) => ({
            marker: product === "connect" ? marker : stayed,
            side: "staying",
            token: "tk1",
        }));
        here.snapshots = Object.entries(ids).map(([volume, id]) => ({ id, volume, states: ["completed"] }));
        const adopted = await plan({});
        assert.equal(adopted.decision.kind, "adopt");
        assert.deepEqual(here.tried, []);
        const { sources, serverMethod, descriptions } = captureArgs(adopted, { project: "acme" } as never, "us-east-1");
        const manifest = buildManifest({
            ...{
                token: "tk1",
                region: "us-east-1",
                serverMethod,
                descriptions,
                speeds: {},
                servers: [],
                versions: {},
                inventoryDigest: "",
            },
            snapshots: sources.flatMap(({ product, volumes }) =>
                volumes.map(({ volumeId, mount }) => ({ product, mount, volumeId, size: 1, snapshotId: "" })),
            ),
            databases: sources.flatMap(({ product, databases }) =>
                databases.map((database) => ({ product, database })),
            ),
            markers: byProduct(here.hosts).map(([product, { marker: own }]) => ({ ...own, product })),
        });
        assert.deepEqual([manifest.state, manifest.reasons, manifest.databases], ["complete", [], []]);
        const [entry] = manifest.volumeDatabases.filter(({ product }) => product === "connect");
        assert.deepEqual(entry, {
            ...{ product: "connect", role: "main", method: "dump", name: "runs", user: "connect", path: noted.path },
            ...{ engineVersion: "15", bytes: 1e9, server: "legacy-db" },
        });
        const recorded = { tk1: { ...manifest, takenAt: at(0) } };
        assert.equal((await plan({}, recorded)).decision.kind, "adopt");
        const another = { ...adopted.capture, database: "snapshot" as const };
        assert.match(changedSettings(another, recorded.tk1).join(), /was used for a capture with database: dump/);
        assert.deepEqual(changedSettings({ ...another, database: "dump" }, recorded.tk1), []);
    });
});
