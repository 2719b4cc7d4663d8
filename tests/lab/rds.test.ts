// The cloud's databases for real: TLS, roles and security groups as on RDS, snapshots taken while clients write, restores to
// an exact row, and servers that outlive the daemon. Needs root; about two minutes once the images are built.
import * as assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { DbInstance, Request } from "../../lab/cloud/api";
import { eventually, refused } from "./assertions";
import { leadToCompany } from "./routes";
import { createTestLab } from "./testLab";
import type { TestLab } from "./testLab";

const tags = { Project: "test" };
const password = "first-password-1";
const owner = { user: "app", password: "app-password-1", database: "app" };

describe("the databases of the one-machine cloud", function () {
    this.timeout(300_000);
    let lab: TestLab;
    let groupId: string;
    let common: Pick<
        Request<"CreateDbInstance">,
        "instanceClass" | "vpcSecurityGroupIds" | "subnetGroupName" | "properties" | "tags"
    >;

    before(async () => {
        lab = createTestLab();
        await lab.lifecycle("start");
        const { vpcId } = await lab.call("CreateVpc", { cidrBlock: "10.10.0.0/16", tags });
        const subnets = await Promise.all(
            ["a", "b"].map((zone, index) =>
                lab.call("CreateSubnet", {
                    vpcId,
                    cidrBlock: `10.10.${index + 1}.0/24`,
                    availabilityZone: `us-east-1${zone}`,
                    tags,
                }),
            ),
        );
        const subnetIds = subnets.map((subnet) => subnet.subnetId);
        await leadToCompany(lab, vpcId, subnetIds);
        await lab.call("CreateThing", {
            type: "aws:rds/subnetGroup:SubnetGroup",
            properties: { name: "databases", subnetIds },
        });
        const group = { groupName: "databases", description: "databases", vpcId, tags };
        ({ groupId } = await lab.call("CreateSecurityGroup", group));
        await allow("10.0.0.0/24");
        common = {
            instanceClass: "db.t3.medium",
            vpcSecurityGroupIds: [groupId],
            subnetGroupName: "databases",
            properties: {},
            tags,
        };
    });

    after(async () => {
        await lab.lifecycle("remove");
        fs.rmSync(lab.folder, { recursive: true, force: true });
    });

    const allow = (cidr: string): Promise<{ ruleId: string }> =>
        lab.call("AuthorizeRule", {
            groupId,
            direction: "ingress",
            protocol: "tcp",
            fromPort: 5432,
            toPort: 5432,
            cidr,
            tags,
        });

    /** As a client in the operator's network, which verifies the server's name and certificate. */
    async function sql(
        identifier: string,
        text: string,
        as: Partial<typeof owner> & { namespace?: string; options?: string } = {},
    ): Promise<string> {
        const { address, caCertificate } = await lab.call("DescribeDbInstance", { identifier });
        const ca = path.join(lab.folder, "ca.pem");
        fs.writeFileSync(ca, caCertificate);
        const options = as.options ?? `sslmode=verify-full sslrootcert=${ca}`;
        const target = `host=${address} user=${as.user ?? "postgres"} dbname=${as.database ?? "postgres"} ${options}`;
        const command = ["psql", "-XAtq", "-v", "ON_ERROR_STOP=1", `${target} connect_timeout=3`];
        const env = [`PGPASSWORD=${as.password ?? password}`, "PGTZ=UTC"];
        return (await lab.within(as.namespace ?? "op", ["env", ...env, ...command], text)).trim();
    }

    async function available(identifier: string): Promise<DbInstance> {
        return eventually(async () => {
            const instance = await lab.call("DescribeDbInstance", { identifier });
            assert.equal(instance.status, "available", instance.failure);
            return instance;
        }, 60);
    }

    async function restore(
        identifier: string,
        from: Pick<Request<"CreateDbInstance">, "snapshotIdentifier" | "restoreToPointInTime" | "password">,
    ): Promise<DbInstance> {
        const asked = { storageEncrypted: true, kmsKeyId: "another", backupRetentionPeriod: 30 };
        await lab.call("CreateDbInstance", { ...common, ...asked, identifier, ...from });
        return available(identifier);
    }

    const remove = (identifier: string): Promise<unknown> =>
        lab.call("DeleteDbInstance", { identifier, skipFinalSnapshot: true });

    /** Waits until a moment is restorable, as one must with RDS. */
    const restorable = (identifier: string, moment: Date): Promise<void> =>
        eventually(async () => {
            const { latestRestorableTime } = await lab.call("DescribeDbInstance", { identifier });
            assert.ok(new Date(latestRestorableTime ?? 0) >= moment, `${latestRestorableTime}`);
        }, 30);

    it("makes a server that is creating at first, then available", async () => {
        const request = { ...common, identifier: "source", username: "postgres", password, backupRetentionPeriod: 7 };
        const created = await lab.call("CreateDbInstance", request);
        assert.equal(created.status, "creating");
        await refused(lab.call("CreateDbInstance", request), "DBInstanceAlreadyExists");
        await refused(
            lab.call("CreateDbSnapshot", { snapshotIdentifier: "early", dbInstanceIdentifier: "source", tags }),
            "InvalidDBInstanceState",
        );
        const { engineVersion, latestRestorableTime } = await available("source");
        assert.match(await sql("source", "SHOW server_version"), new RegExp(`^${engineVersion}`));
        assert.equal(latestRestorableTime, undefined); // the backups have only just begun
    });

    it("lets clients in by TLS only, under the name in its certificate", async () => {
        const encrypted = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
        assert.equal(await sql("source", encrypted), "t");
        await assert.rejects(sql("source", "SELECT 1", { options: "sslmode=disable" }), /no encryption/);
        const { address } = await lab.call("DescribeDbInstance", { identifier: "source" });
        const privateIp = (await lab.within("op", ["getent", "hosts", address])).split(" ")[0];
        const byAddress = `sslmode=verify-full sslrootcert=${path.join(lab.folder, "ca.pem")} host=${privateIp}`;
        await assert.rejects(sql("source", "SELECT 1", { options: byAddress }), /does not match host name/);
        await assert.rejects(sql("source", "SELECT 1", { password: "wrong" }), /password authentication failed/);
    });

    it("has a master user who makes roles and databases but is no superuser", async () => {
        const rights = "SELECT rolcreaterole, rolcreatedb, rolsuper FROM pg_roles WHERE rolname = current_user";
        assert.equal(await sql("source", rights), "t|t|f");
        await sql("source", `CREATE ROLE app LOGIN PASSWORD '${owner.password}'; GRANT app TO CURRENT_USER;`);
        await sql("source", "CREATE DATABASE app OWNER app");
        await sql("source", "CREATE TABLE entries (id serial PRIMARY KEY, at timestamptz, before timestamptz)", owner);
        await assert.rejects(sql("source", "SELECT pg_read_file('/etc/passwd')"), /permission denied/);
        await assert.rejects(sql("source", "ALTER SYSTEM SET fsync = off"), /permission denied/);
        await assert.rejects(sql("source", "SELECT 1", { database: "rdsadmin" }), /rejects connection/);
    });

    it("is reached only as its security groups say", async () => {
        const asUser = { namespace: "us" };
        await assert.rejects(sql("source", "SELECT 1", asUser), /timeout expired/);
        const { ruleId } = await allow("10.1.0.0/24");
        assert.equal(await sql("source", "SELECT 1", asUser), "1");
        await lab.call("RevokeRule", { ruleId });
        await assert.rejects(sql("source", "SELECT 1", asUser), /timeout expired/);
        await refused(lab.call("DeleteSecurityGroup", { groupId }), "DependencyViolation");
    });

    it("changes the master password while it runs", async () => {
        const changed = "second-password-2";
        const running = sql("source", "SELECT pg_sleep(2), 'kept'");
        const sleepers = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'";
        await eventually(async () => assert.equal(await sql("source", sleepers), "1"), 5);
        await lab.call("ModifyDbInstance", { identifier: "source", password: changed });
        assert.equal(await sql("source", "SELECT 1", { password: changed }), "1");
        await assert.rejects(sql("source", "SELECT 1"), /password authentication failed/);
        assert.equal(await running, "|kept");
        await lab.call("ModifyDbInstance", { identifier: "source", password });
        await refused(
            lab.call("ModifyDbInstance", { identifier: "source", password: "short" }),
            "InvalidParameterValue",
        );
    });

    it("refuses what RDS refuses", async () => {
        const request = { ...common, identifier: "other", username: "postgres", password };
        const create = (change: Partial<Request<"CreateDbInstance">>): Promise<unknown> =>
            lab.call("CreateDbInstance", { ...request, ...change });
        await refused(create({ identifier: "no--good" }), "InvalidParameterValue");
        await refused(create({ password: "with space 1" }), "InvalidParameterValue");
        await refused(create({ username: "rdsadmin" }), "InvalidParameterValue");
        await refused(create({ engineVersion: "9.6" }), "InvalidParameterCombination");
        await refused(create({ subnetGroupName: "nowhere" }), "DBSubnetGroupNotFoundFault");
        await refused(create({ snapshotIdentifier: "nothing" }), "DBSnapshotNotFound");
        await refused(lab.call("DescribeDbInstance", { identifier: "other" }), "DBInstanceNotFound");
        await refused(
            lab.call("DeleteDbInstance", { identifier: "source", skipFinalSnapshot: false }),
            "InvalidParameterCombination",
        );
        await lab.call("ModifyDbInstance", { identifier: "source", deletionProtection: true });
        await refused(remove("source"), "InvalidParameterCombination");
        await lab.call("ModifyDbInstance", { identifier: "source", deletionProtection: false });
    });

    /** One row per commit; each row tells when the commit before it was done for certain. */
    const write = (rows: number): Promise<string> =>
        sql(
            "source",
            `DO $$ DECLARE done timestamptz; BEGIN FOR i IN 1..${rows} LOOP
                INSERT INTO entries (at, before) VALUES (clock_timestamp(), done);
                COMMIT; done := clock_timestamp(); PERFORM pg_sleep(0.01);
            END LOOP; END $$`,
            owner,
        );

    const lastRow = "SELECT coalesce(max(id), 0), count(*) FROM entries";

    it("snapshots the content of the moment while clients write", async () => {
        const writing = write(300);
        await eventually(async () => assert.notEqual(await sql("source", lastRow, owner), "0|0"), 10);
        const before = Number((await sql("source", lastRow, owner)).split("|")[0]);
        const request = { snapshotIdentifier: "busy", dbInstanceIdentifier: "source", tags };
        const snapshot = await lab.call("CreateDbSnapshot", request);
        const after = Number((await sql("source", lastRow, owner)).split("|")[0]);
        assert.equal(snapshot.status, "creating");
        assert.equal((await lab.call("DescribeDbInstance", { identifier: "source" })).status, "backing-up");
        await refused(lab.call("CreateDbSnapshot", request), "DBSnapshotAlreadyExists");
        await refused(
            lab.call("CreateDbSnapshot", { ...request, snapshotIdentifier: "second" }),
            "InvalidDBInstanceState",
        );
        await refused(lab.call("ModifyDbInstance", { identifier: "source", password }), "InvalidDBInstanceState");
        const restoreEarly = { ...common, identifier: "early", snapshotIdentifier: "busy" };
        await refused(lab.call("CreateDbInstance", restoreEarly), "InvalidDBSnapshotState");
        await writing;
        await eventually(async () => {
            const { snapshots } = await lab.call("DescribeDbSnapshots", { snapshotIdentifier: "busy" });
            assert.equal(snapshots[0].status, "available");
        }, 10);
        const { engineVersion, username } = await restore("from-snapshot", { snapshotIdentifier: "busy" });
        assert.equal(username, "postgres");
        assert.equal(engineVersion, snapshot.engineVersion);
        const [last, count] = (await sql("from-snapshot", lastRow, owner)).split("|").map(Number);
        assert.equal(last, count, "no row is missing");
        assert.ok(before <= last && last <= after, `${before} <= ${last} <= ${after}`);
    });

    it("keeps all roles and passwords of a snapshot, but for a master password that is given", async () => {
        assert.equal(await sql("from-snapshot", "SELECT 1"), "1");
        await remove("from-snapshot");
        await eventually(
            () => refused(lab.call("DescribeDbInstance", { identifier: "from-snapshot" }), "DBInstanceNotFound"),
            10,
        );
        const fresh = "restored-password-3";
        await restore("from-snapshot", { snapshotIdentifier: "busy", password: fresh });
        assert.equal(await sql("from-snapshot", "SELECT 1", { password: fresh }), "1");
        await assert.rejects(sql("from-snapshot", "SELECT 1"), /password authentication failed/);
        assert.equal(await sql("from-snapshot", "SELECT 1", owner), "1");
        await remove("from-snapshot");
    });

    it("restores to a moment, to the exact row", async () => {
        await write(100);
        const row = Number(await sql("source", "SELECT max(id) - 50 FROM entries", owner));
        const middle = `SELECT date_trunc('milliseconds', a.before + (a.at - a.before) / 2) AT TIME ZONE 'UTC'
            FROM entries a WHERE id = ${row + 1}`;
        const moment = new Date(`${(await sql("source", middle, owner)).replace(" ", "T")}Z`);
        const restoreTime = moment.toISOString();
        await restorable("source", moment);
        const restoreToPointInTime = { sourceDbInstanceIdentifier: "source", restoreTime };
        const restored = await restore("at-moment", { restoreToPointInTime, password: "restored-password-4" });
        assert.equal(await sql("at-moment", lastRow, owner), `${row}|${row}`);
        assert.equal(await sql("at-moment", "SELECT 1", { password: "restored-password-4" }), "1");
        // Whatever was asked for: a restore's API takes none of the three.
        assert.equal(restored.backupRetentionPeriod, 7);
        assert.equal(restored.storageEncrypted, false);
        assert.equal(restored.kmsKeyId, undefined);
    });

    it("restores to the latest moment although nothing was written after it", async () => {
        const rows = await sql("source", lastRow, owner);
        await restorable("source", new Date());
        const restoreToPointInTime = { sourceDbInstanceIdentifier: "source", useLatestRestorableTime: true };
        await restore("latest", { restoreToPointInTime });
        assert.equal(await sql("latest", lastRow, owner), rows);
        await remove("latest");
    });

    it("restores a server that was itself restored to a moment", async () => {
        await sql("at-moment", "INSERT INTO entries (at) VALUES (clock_timestamp())", owner);
        const rows = await sql("at-moment", lastRow, owner);
        const moment = new Date(Math.ceil(Date.now() / 1000) * 1000);
        await restorable("at-moment", moment);
        await sql("at-moment", "DELETE FROM entries", owner);
        const restoreTime = moment.toISOString();
        await restore("again", { restoreToPointInTime: { sourceDbInstanceIdentifier: "at-moment", restoreTime } });
        assert.equal(await sql("again", lastRow, owner), rows);
        await remove("again");
        await remove("at-moment");
    });

    it("refuses moments outside of what is restorable", async () => {
        const at = (time: number): Promise<unknown> =>
            restore("never", {
                restoreToPointInTime: {
                    sourceDbInstanceIdentifier: "source",
                    restoreTime: new Date(time).toISOString(),
                },
            });
        await refused(at(Date.now()), "InvalidParameterValue", /cannot be restored to a time later than/);
        await refused(
            at(Date.now() - 86_400_000),
            "InvalidParameterValue",
            /cannot be restored to a time earlier than/,
        );
        await lab.call("ModifyDbInstance", { identifier: "source", backupRetentionPeriod: 0 });
        await refused(at(Date.now() - 10_000), "PointInTimeRestoreNotEnabled");
        await lab.call("ModifyDbInstance", { identifier: "source", backupRetentionPeriod: 1 });
        await restorable("source", new Date());
    });

    const started = "SELECT pg_postmaster_start_time()";

    it("outlives the daemon", async () => {
        const before = await sql("source", started);
        const ledger = path.join(lab.folder, ".lab/cloud/processes/cloud.json");
        process.kill((JSON.parse(fs.readFileSync(ledger, "utf8")) as { pid: number }).pid, "SIGKILL");
        await lab.lifecycle("start");
        assert.equal(await sql("source", started), before);
        assert.equal((await lab.call("DescribeDbInstance", { identifier: "source" })).status, "available");
    });

    it("is started again, with every commit, when it was killed", async () => {
        const rows = await sql("source", lastRow, owner);
        const ledger = path.join(lab.folder, ".lab/cloud/processes/postgres-source.json");
        process.kill((JSON.parse(fs.readFileSync(ledger, "utf8")) as { pid: number }).pid, "SIGKILL");
        assert.equal(await eventually(() => sql("source", lastRow, owner), 30), rows);
    });

    it("comes back, restorable to moments before, after the whole lab was stopped", async () => {
        const rows = await sql("source", lastRow, owner);
        const moment = new Date();
        await restorable("source", moment);
        await lab.lifecycle("stop");
        await lab.lifecycle("start");
        assert.equal(await sql("source", lastRow, owner), rows);
        await sql("source", "DELETE FROM entries", owner);
        const restoreToPointInTime = { sourceDbInstanceIdentifier: "source", restoreTime: moment.toISOString() };
        await restore("before-stop", { restoreToPointInTime });
        assert.equal(await sql("before-stop", lastRow, owner), rows);
    });

    it("leaves a final snapshot when it is deleted", async () => {
        const request = { identifier: "before-stop", skipFinalSnapshot: false };
        await refused(
            lab.call("DeleteDbInstance", { ...request, finalSnapshotIdentifier: "busy" }),
            "DBSnapshotAlreadyExists",
        );
        const rows = await sql("before-stop", lastRow, owner);
        await lab.call("DeleteDbInstance", { ...request, finalSnapshotIdentifier: "last" });
        assert.equal((await lab.call("DescribeDbInstance", { identifier: "before-stop" })).status, "deleting");
        await eventually(
            () => refused(lab.call("DescribeDbInstance", { identifier: "before-stop" }), "DBInstanceNotFound"),
            20,
        );
        await restore("from-last", { snapshotIdentifier: "last" });
        assert.equal(await sql("from-last", lastRow, owner), rows);
        await lab.call("DeleteDbSnapshot", { snapshotIdentifier: "last" });
        await refused(lab.call("DescribeDbSnapshots", { snapshotIdentifier: "last" }), "DBSnapshotNotFound");
    });
});
