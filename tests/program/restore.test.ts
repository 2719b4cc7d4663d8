// The environment as the program asks for it once it restores a capture. Proves order, names and what is kept; not that AWS or a host accept it.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { build, commands, find } from "./built";
import { reachable, Recording, Registration } from "./recorder";
import { environmentConfig, manifest, password } from "./world";

describe("an environment in phase migrate", () => {
    let built: Recording;
    before(async () => (built = await build("2026-11-21a")));

    it("quarantines and repairs each product after its volumes are mounted and before it starts", () => {
        for (const product of ["package-manager", "workbench", "connect"]) {
            const started = reachable(built, find(built, `${product}-product-start`));
            const repaired = find(built, `${product}-product-repair`);
            assert.ok(
                started.has(repaired.urn) && started.has(find(built, `${product}-product-quarantine`).urn),
                product,
            );
            assert.ok(
                reachable(built, repaired).has(find(built, `${product}-product-quarantine`).urn),
                `${product}: quarantine first`,
            );
            for (const mount of commands(built).filter(
                (r) => r.name.startsWith(`${product}-product`) && r.name.endsWith("-mount"),
            )) {
                assert.ok(reachable(built, repaired).has(mount.urn), mount.name);
            }
        }
    });

    it("makes volumes from the capture's snapshots, named by its token, and keeps them for ever", () => {
        const volumes = built.registrations.filter((r) => r.type === "aws:ebs/volume:Volume");
        assert.equal(volumes.length, 4);
        for (const volume of volumes) {
            assert.match(String(volume.inputs.snapshotId), /^snap-2026-11-21a/);
            assert.ok(volume.name.endsWith("-2026-11-21a"), volume.name);
            assert.equal(volume.retainOnDelete, true);
        }
    });

    const volumesOf = ({ registrations }: Recording) => registrations.filter((r) => r.type === "aws:ebs/volume:Volume");
    const speedOf = ({ inputs: { type, iops, throughput, volumeInitializationRate } }: Registration) => ({
        ...{ type, iops, throughput, volumeInitializationRate },
    });

    it("makes volumes as fast as their sources were, and as before where an older version took the capture", async () => {
        const [first, ...others] = manifest("2026-11-21a").volumes;
        const volumes = [{ ...first, speed: { type: "io2", iops: 9000 } }, ...others];
        const made = volumesOf(await build("2026-11-21a", { volumes }));
        const nothing = { iops: undefined, throughput: undefined, volumeInitializationRate: undefined };
        const plain = { ...nothing, type: "gp3" };
        for (const volume of made) {
            const fast = volume.name.startsWith("package-manager");
            assert.deepEqual(speedOf(volume), fast ? { ...nothing, type: "io2", iops: 9000 } : plain, volume.name);
        }
        assert.deepEqual(volumesOf(built).map(speedOf), Array(4).fill(plain));
    });

    it("fetches restored volumes at the configured rate, blank ones at none, and leaves those that stand", async () => {
        const volumes = manifest("2026-11-21a").volumes.filter(({ mount }) => mount !== "/home");
        const made = volumesOf(await build("2026-11-21a", { volumes }, {}, { volumeInitializationRate: 200 }));
        assert.deepEqual(
            made.map((one) => [one.inputs.snapshotId !== undefined, speedOf(one).volumeInitializationRate]).sort(),
            [[false, undefined], ...Array(3).fill([true, 200])],
        );
        const restored = made.filter(({ inputs }) => inputs.snapshotId !== undefined);
        assert.ok(restored.every(({ ignoreChanges }) => ignoreChanges.includes("volumeInitializationRate")));
    });

    it("gives a host the instance profile that is named, and none where `none` says so", async () => {
        const profiles = (recording: Recording) =>
            ["connect", "workbench"].map((name) => find(recording, `${name}-instance`).inputs.iamInstanceProfile);
        const { connect, workbench } = environmentConfig;
        const more = {
            connect: { ...connect, instanceProfile: "posit-connect" },
            workbench: { ...workbench, instanceProfile: "none" },
        };
        assert.deepEqual(profiles(await build(undefined, {}, {}, more)), ["posit-connect", undefined]);
        assert.deepEqual(profiles(built), [undefined, undefined]);
    });

    it("keeps the blank volume beside a restored one too: in phase migrate it holds what people write", async () => {
        const volumes = manifest("2026-11-21a").volumes.filter(({ mount }) => mount !== "/home");
        const blank = (recording: Recording) => find(recording, "workbench-product-home-blank");
        assert.equal(blank(await build("2026-11-21a", { volumes })).retainOnDelete, true);
        assert.equal(blank(await build()).retainOnDelete, false);
    });

    it("protects hosts, volumes and servers as the configuration says, and nothing else", async () => {
        const kept = ["aws:ec2/instance:Instance", "aws:ebs/volume:Volume", "aws:rds/instance:Instance"];
        const isProtected = ({ registrations }: Recording) => registrations.filter(({ protect }) => protect);
        assert.deepEqual(isProtected(built), []);
        const { registrations } = await build("2026-11-21a", {}, {}, { deletionProtection: true });
        assert.deepEqual(
            registrations.filter(({ protect }) => protect).map(({ name }) => name),
            registrations.filter(({ type }) => kept.includes(type)).map(({ name }) => name),
        );
    });

    it("leaves the automated backups of a restored server, and those of one that never held anybody's data go", async () => {
        const server = ({ registrations }: Recording) =>
            registrations.find(({ type }) => type === "aws:rds/instance:Instance")?.inputs.deleteAutomatedBackups;
        assert.equal(server(built), false);
        assert.equal(server(await build()), undefined);
    });

    it("restores the database server to the captured moment and leaves a final snapshot when it goes", () => {
        const server = built.registrations.find((r) => r.type === "aws:rds/instance:Instance");
        assert.deepEqual(server?.inputs.restoreToPointInTime, {
            sourceDbInstanceIdentifier: "legacy-db",
            restoreTime: "2026-11-21T10:00:00.000Z",
        });
        assert.equal(server?.inputs.skipFinalSnapshot, false);
        assert.ok(
            built.registrations.every((r) => !r.type.startsWith("postgresql:")),
            "roles and databases came with the copy",
        );
    });

    it("asks nothing of a restored server that it takes from its source, and never replaces it for that", async () => {
        const withKey = await build("2026-11-21a", {}, {}, { kmsKeyId: "arn:aws:kms:us-east-1:123456789012:key/new" });
        const server = withKey.registrations.find((r) => r.type === "aws:rds/instance:Instance")!;
        const asked = Object.keys(server.inputs).filter((key) => server.inputs[key] !== undefined);
        const fromSource = [
            "storageEncrypted",
            "kmsKeyId",
            "availabilityZone",
            "engineVersion",
            "username",
            "allocatedStorage",
            "storageType",
            "iops",
            "parameterGroupName",
            "maxAllocatedStorage",
            "performanceInsightsEnabled",
            "iamDatabaseAuthenticationEnabled",
            "enabledCloudwatchLogsExports",
        ];
        assert.deepEqual(
            fromSource.filter((key) => asked.includes(key)),
            [],
        );
        assert.deepEqual(
            fromSource.filter((key) => !server.ignoreChanges.includes(key)),
            [],
        );
        // What is asked for stays the program's to change.
        assert.deepEqual(asked.filter((key) => server.ignoreChanges.includes(key)).sort(), [
            "backupRetentionPeriod",
            "finalSnapshotIdentifier",
            "restoreToPointInTime",
        ]);
    });

    it("tells a restore what it would not take from its source, once: a second run has nothing to change", async () => {
        const [database] = manifest("2026-11-21a").databases;
        const settings = {
            ...{ multiAz: true, parameterGroup: "acme-pg15", maxAllocatedStorage: 500, backupRetention: 14 },
            ...{ storageType: "io2", iops: 5000, port: 5433, logs: ["postgresql"], autoMinorVersionUpgrade: false },
        };
        for (const [method, days] of [
            ["pointInTime", 14],
            // The provider sets what it was told after this restore, and a server that is captured so keeps no backups mostly.
            ["snapshot", environmentConfig.database.backupRetentionDays],
        ] as const) {
            const source = { ...database, method, settings, snapshotIdentifier: "snap-db" };
            const recorded = await build("2026-11-21a", { databases: [source] });
            const server = recorded.registrations.find((r) => r.type === "aws:rds/instance:Instance")!;
            const { inputs, ignoreChanges } = server;
            assert.deepEqual(
                [
                    inputs.multiAz,
                    inputs.parameterGroupName,
                    inputs.maxAllocatedStorage,
                    inputs.storageType,
                    inputs.iops,
                ],
                [true, "acme-pg15", 500, "io2", 5000],
            );
            assert.deepEqual(
                [inputs.port, inputs.enabledCloudwatchLogsExports, inputs.autoMinorVersionUpgrade],
                [5432, ["postgresql"], false],
            );
            assert.equal(inputs.backupRetentionPeriod, days);
            assert.equal(ignoreChanges.includes("backupRetentionPeriod"), method === "pointInTime");
            const told = Object.keys(inputs).filter((key) =>
                ["multiAz", "parameterGroupName", "port", "iops"].includes(key),
            );
            assert.ok(told.every((key) => ignoreChanges.includes(key)));
        }
    });

    it("tells hosts what the server keeps of a password, and not the password", () => {
        const owners = commands(built).find(({ name }) => name.startsWith("databases-owners"))!;
        const text = JSON.stringify(owners.inputs.stdin);
        assert.ok(text.includes("SCRAM-SHA-256$4096:"));
        // The master's own, with which the host signs in, is the same word in this world.
        assert.equal(text.split(password).length - 1, 1);
    });

    it("switches volumes in an order that AWS allows", () => {
        const attachments = built.registrations.filter((r) => r.type === "aws:ec2/volumeAttachment:VolumeAttachment");
        assert.ok(attachments.every((attachment) => attachment.deleteBeforeReplace && !attachment.inputs.forceDetach));
        for (const mount of commands(built).filter((r) => r.name.endsWith("-mount"))) {
            assert.match(String(mount.inputs.delete), / unmount$/);
            assert.ok(mount.deleteBeforeReplace, mount.name);
        }
    });

    it("moves to a newer capture without renaming what stays", async () => {
        const newer = await build("2026-12-01b");
        const names = (recording: Recording) => recording.registrations.map((r) => r.name).sort();
        const gone = names(built).filter((name) => !names(newer).includes(name));
        assert.ok(gone.length > 0 && gone.every((name) => name.includes("2026-11-21a")), gone.join(", "));
    });
});

describe("an environment with production's shared homes", () => {
    const homes = { source: "files.example.com:/homes", type: "nfs4", options: "", mount: "/home" };
    let built: Recording;
    before(async () => {
        const volumes = manifest("aaa").volumes.filter(({ mount }) => mount !== "/home");
        built = await build("aaa", { volumes, sharedHomes: homes });
    });

    it("mounts them instead of a volume, before Workbench is installed", () => {
        const mount = find(built, "workbench-product-shared-homes");
        assert.ok(reachable(built, find(built, "workbench-product-install")).has(mount.urn));
        assert.match(String(mount.inputs.delete), / unmount$/);
        const volumes = built.registrations.filter((r) => r.type === "aws:ebs/volume:Volume");
        assert.deepEqual(volumes.map(({ inputs }) => (inputs.tags as Record<string, string>)["posit:mount"]).sort(), [
            "/var/lib/rstudio-connect",
            "/var/lib/rstudio-pm",
            "/var/lib/rstudio-server",
        ]);
    });
});

describe("an environment whose capture brought databases on volumes", () => {
    let built: Recording;
    const volume = (product: "packageManager" | "workbench" | "connect", mount: string, index: number) => ({
        product,
        mount,
        snapshotId: `snap-a-${index}`,
        volumeId: `vol-${index}`,
        size: 20,
    });
    before(async () => {
        built = await build("aaa", {
            volumes: [
                { ...volume("packageManager", "/var/lib/rstudio-pm", 0), folder: "/var/lib/rstudio-pm" },
                volume("workbench", "/home", 1),
                volume("workbench", "/var/lib/rstudio-server", 2),
                volume("workbench", "/var/lib/postgresql", 3),
                volume("connect", "/var/lib/rstudio-connect/bundles", 4),
                volume("connect", "/var/lib/rstudio-connect", 5),
            ],
            databases: [],
            volumeDatabases: [
                { product: "packageManager", role: "main", method: "sqlite" },
                {
                    product: "workbench",
                    method: "folder",
                    name: "rstudio",
                    role: "main",
                    user: "rstudio",
                    path: "/var/lib/postgresql/main",
                    engineVersion: "15",
                },
                {
                    product: "connect",
                    method: "dump",
                    name: "connect",
                    role: "main",
                    user: "connect",
                    path: "/var/lib/rstudio-connect/x.dump",
                    engineVersion: "15",
                },
            ],
        });
    });

    it("has one fresh server for them, whose end leaves a snapshot, and none for SQLite", () => {
        const servers = built.registrations.filter((r) => r.type === "aws:rds/instance:Instance");
        assert.deepEqual(
            servers.map(({ name, inputs }) => [name, inputs.skipFinalSnapshot]),
            [["databases-server-aaa-instance", false]],
        );
        const databases = built.registrations.filter((r) => r.type === "postgresql:index/database:Database");
        assert.deepEqual(databases.map(({ inputs }) => inputs.name).sort(), ["connect", "rstudio"]);
    });

    it("loads each after its volumes are mounted and its database is there, quarantined, before repair and start", () => {
        for (const [product, mounts] of [
            ["workbench", ["home", "var-lib-rstudio-server", "var-lib-postgresql"]],
            ["connect", ["var-lib-rstudio-connect", "var-lib-rstudio-connect-bundles"]],
        ] as const) {
            const load = find(built, `${product}-product-load-database`);
            const before = reachable(built, load);
            for (const mount of mounts) {
                assert.ok(before.has(find(built, `${product}-product-${mount}-mount`).urn), `${product}: ${mount}`);
            }
            assert.ok(before.has(find(built, `${product}-product-quarantine`).urn));
            assert.ok(
                [...before].some((urn) => urn.includes(`databases-${product}-aaa`)),
                `${product}: its database`,
            );
            assert.ok(reachable(built, find(built, `${product}-product-repair`)).has(load.urn));
            assert.ok(reachable(built, find(built, `${product}-product-start`)).has(load.urn));
        }
        assert.ok(!built.registrations.some(({ name }) => name === "package-manager-product-load-database"));
    });

    it("mounts a volume below another after that one", () => {
        const inner = find(built, "connect-product-var-lib-rstudio-connect-bundles-mount");
        const outer = find(built, "connect-product-var-lib-rstudio-connect-mount");
        assert.ok(reachable(built, inner).has(outer.urn));
        assert.ok(!reachable(built, outer).has(inner.urn));
    });
});

describe("an environment whose servers' CA is known", () => {
    it("verifies a fresh server in full, with a file that is the same for everybody", async () => {
        const caCertificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
        const database = { ...environmentConfig.database, caCertificate };
        const built = await build(undefined, {}, {}, { database });
        const provider = built.registrations.find((r) => r.type === "pulumi:providers:postgresql")!;
        assert.equal(provider.inputs.sslmode, "verify-full");
        const file = String(provider.inputs.sslrootcert);
        assert.ok(!path.isAbsolute(file));
        assert.equal(fs.readFileSync(file, "utf8"), `${caCertificate}\n`);
    });

    it("makes databases that sort and match as RDS's own, and replaces none that stands", async () => {
        const built = await build();
        const databases = built.registrations.filter((r) => r.type === "postgresql:index/database:Database");
        assert.equal(databases.length, 3);
        for (const { inputs, ignoreChanges } of databases) {
            assert.deepEqual(
                [inputs.lcCollate, inputs.lcCtype, inputs.encoding],
                ["en_US.UTF-8", "en_US.UTF-8", "UTF8"],
            );
            assert.deepEqual(ignoreChanges, ["lcCollate", "lcCtype", "encoding", "template"]);
        }
        const all = built.registrations.filter((r) => r.type.startsWith("postgresql:"));
        assert.ok(all.length === 6 && all.every((r) => r.retainOnDelete), "none is ever dropped");
    });

    it("makes databases that sort as those that they are loaded from", async () => {
        const entry = { product: "connect", role: "main", method: "dump", name: "connect", user: "connect" } as const;
        const locale = { encoding: "UTF8", collate: "de_DE.utf8", ctype: "C", provider: "c", locale: "" };
        const [dumped] = [{ ...entry, path: "/x.dump", engineVersion: "15", locale }];
        const built = await build("aaa", { databases: [], volumeDatabases: [dumped] });
        const { inputs } = built.registrations.find((r) => r.type === "postgresql:index/database:Database")!;
        assert.deepEqual([inputs.lcCollate, inputs.lcCtype, inputs.encoding], ["de_DE.UTF-8", "C", "UTF8"]);
    });
});

describe("an environment with groups of production", () => {
    it("makes those with production's numbers that somebody here is in, and members of them", async () => {
        const accounts = [
            { name: "alice", uid: 2001, gid: 2001, groups: ["analysts", "sudo", "alice"] },
            { name: "bob", uid: 2002, gid: 2002 },
        ];
        const built = await build(undefined, {}, {}, { accounts });
        const text = String(
            (find(built, "workbench-product-accounts").inputs.stdin as { value?: string }).value ??
                find(built, "workbench-product-accounts").inputs.stdin,
        );
        assert.ok(text.includes("MEMBERSHIPS_account=('alice' 'alice' 'alice')"), text.slice(0, 600));
        assert.ok(text.includes("MEMBERSHIPS_group=('analysts' 'sudo' 'alice')"));
        assert.ok(!text.includes("ACCOUNTS_groups"));
    });
});

describe("an environment whose capture grants its products more time", () => {
    it("waits for them as long, when they are started and when they are checked", async () => {
        const program = ({ inputs: { stdin } }: { inputs: Record<string, unknown> }) =>
            String((stdin as { value?: string }).value ?? stdin);
        for (const [startSeconds, seconds] of [
            [{ aaa: 900, bbb: 60 }, "900"],
            [{ bbb: 60 }, "300"],
            [undefined, "300"],
        ] as const) {
            const built = await build("aaa", {}, {}, {}, { startSeconds });
            for (const product of ["package-manager", "workbench", "connect"]) {
                for (const step of ["start", "check"]) {
                    const text = program(find(built, `${product}-product-${step}`));
                    assert.match(text, new RegExp(`^START_SECONDS='${seconds}'$`, "m"));
                }
            }
        }
    });
});
