// What the cloud's databases accept, show and keep, without a server.
import * as assert from "node:assert/strict";
import { checkIdentifier, checkPassword, checkUsername } from "../../../../lab/cloud/rds/checks";
import { renderAccess, renderSettings } from "../../../../lab/cloud/rds/configuration";
import { addressOf, shownOf, snapshotView, statusOf } from "../../../../lab/cloud/rds/records";
import type { DatabaseRecords, InstanceRecord, SnapshotRecord } from "../../../../lab/cloud/rds/records";
import { populate, setPassword } from "../../../../lab/cloud/rds/roles";
import { newSettings, restoredSettings, type Settings } from "../../../../lab/cloud/rds/settings";
import { scramVerifier } from "../../../../lab/cloud/rds/scram";
import { oldServer } from "../../../../lab/legacy/world";

const instance: InstanceRecord = {
    ...{ identifier: "main", resourceId: "db-1", engineVersion: "15.18", instanceClass: "db.t3.medium" },
    ...{ allocatedStorage: 20, username: "postgres", port: 5432, vpcSecurityGroupIds: [], storageEncrypted: true },
    ...{ backupRetentionPeriod: 7, deletionProtection: false, properties: {}, tags: {}, status: "available" },
    ...{
        availabilityZone: "us-east-1a",
        subnetId: "subnet-1",
        privateIp: "10.10.1.10",
        making: { origin: { kind: "new" }, password: "secret" },
    },
};
const snapshot: SnapshotRecord = {
    ...{ snapshotIdentifier: "one", dbInstanceIdentifier: "main", resourceId: "db-1", engineVersion: "15.18" },
    ...{ allocatedStorage: 20, username: "postgres", snapshotCreateTime: "2026-11-23T10:00:00.000Z", tags: {} },
    ...{ backupRetentionPeriod: 7, storageEncrypted: true, properties: {}, completesAt: 5000 },
};

describe("a database's record", () => {
    it("is shown without what only the cloud needs, the password above all", () => {
        assert.doesNotMatch(JSON.stringify(shownOf(instance)), /secret|subnet-1|10\.10\.1\.10/);
    });

    it("is backing up while one of its own snapshots is being created", () => {
        const records: DatabaseRecords = { instances: { main: instance }, snapshots: { one: snapshot } };
        assert.equal(statusOf(records, instance, 4999), "backing-up");
        assert.equal(statusOf(records, instance, 5000), "available");
        assert.equal(statusOf(records, { ...instance, resourceId: "db-2" }, 4999), "available");
        assert.equal(statusOf(records, { ...instance, status: "deleting" }, 4999), "deleting");
    });

    it("has a snapshot that becomes available with time alone", () => {
        assert.equal(snapshotView(snapshot, 4999).status, "creating");
        assert.equal(snapshotView(snapshot, 5000).status, "available");
        assert.equal("completesAt" in snapshotView(snapshot, 5000), false);
    });

    it("has a name that all servers share but for the identifier", () => {
        const [one, other] = ["one", "other"].map(addressOf);
        assert.match(one, /^one\.c[0-9a-z]{11}\.us-east-1\.rds\.amazonaws\.com$/);
        assert.equal(other.replace(/^other/, "one"), one);
    });
});

describe("a restored server's settings", () => {
    it("are defaults where RDS takes nothing from the source, however that differs", () => {
        const { properties } = oldServer;
        const restored = restoredSettings({ ...properties, parameterGroupName: "production-postgres15" }, "15");
        const lost = Object.keys(properties).filter((name) => restored[name] !== (properties as Settings)[name]);
        assert.deepEqual(
            lost.sort(),
            [
                "enabledCloudwatchLogsExports",
                "iamDatabaseAuthenticationEnabled",
                "iops",
                "maxAllocatedStorage",
                "multiAz",
            ]
                .concat("storageThroughput", "storageType")
                .sort(),
        );
        assert.equal(restored.parameterGroupName, newSettings("15").parameterGroupName);
    });
});

describe("a database's parameters", () => {
    it("are refused as RDS refuses them", () => {
        for (const identifier of ["", "1a", "a-", "a--b", "a_b", "ä", "a".repeat(64), "../a"]) {
            assert.throws(() => checkIdentifier("DBInstanceIdentifier", identifier, 63), /not a valid identifier/);
        }
        for (const password of ["short", "with space", "with/slash", "with@sign", 'with"quote', "wíth-accent"]) {
            assert.throws(() => checkPassword(password), /not a valid password/);
        }
        for (const username of ["rdsadmin", "pg_monitor", "Admin", "1a", "a-b"]) {
            assert.throws(() => checkUsername(username), /MasterUsername/);
        }
    });

    it("are accepted otherwise", () => {
        checkIdentifier("DBInstanceIdentifier", "Legacy-db-2", 63);
        checkPassword("a'$%\\longer-one");
        checkUsername("postgres");
    });
});

describe("a database's configuration", () => {
    it("lets clients in with TLS and a password only, and nobody while the server is being made", () => {
        const lines = renderAccess(true).split("\n").filter(Boolean);
        const letIn = lines.filter((line) => !line.endsWith(" reject") && !line.startsWith("local "));
        assert.deepEqual(letIn, ["hostssl all all all scram-sha-256"]);
        assert.equal(renderAccess(false), `${lines[0]}\n`);
        assert.match(lines[0], /^local /);
    });

    it("recovers to a moment only when told to, and archives only while backups are on", () => {
        const plain = renderSettings({ port: 5432, backups: false });
        assert.doesNotMatch(plain, /recovery_target|restore_command/);
        assert.match(plain, /^archive_command = 'true'$/m);
        const moment = renderSettings({ port: 5432, backups: true, recoverTo: "2026-11-23T10:00:00.500Z" });
        assert.match(moment, /^recovery_target_time = '2026-11-23T10:00:00\.500\+00'$/m);
        assert.match(moment, /^archive_command = '.*\/mnt\/wal\/%f/m);
    });
});

describe("a master password", () => {
    it("is kept as PostgreSQL would have made it", () => {
        // From pg_authid of PostgreSQL 15.
        const made =
            "SCRAM-SHA-256$4096:xWfSJV+FDHRF6CrhMzHmzg==$9tMMU/8xdtIqXcxVQxuJ9X7bkIUf9CLaOULfsNwPLQs=:p38+Q+FD+BG3WOTvremNvSmPfCxZpP1u1caAZ1kA4mU=";
        assert.equal(scramVerifier("pencil-pencil", Buffer.from("xWfSJV+FDHRF6CrhMzHmzg==", "base64")), made);
    });

    it("differs each time it is set, and never stands in a statement", () => {
        const password = "o'reilly-password";
        const statements = [...populate("master", password, "main"), setPassword("master", password)];
        assert.equal(statements.filter((statement) => statement.includes("reilly")).length, 0);
        assert.notEqual(setPassword("master", password), setPassword("master", password));
    });
});
