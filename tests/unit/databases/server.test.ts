// What of a server's settings a capture notes, and what a restore is told. Does not prove that RDS does as its model says (tests/lab, an account).
import { strict as assert } from "node:assert";
import { SeenServer, serverSettings, settingsSeen, toldToRestore } from "../../../databases/server";

const seen: SeenServer = {
    ...{ dbInstanceClass: "db.m6g.large", allocatedStorage: 100, maxAllocatedStorage: 500, storageType: "gp3" },
    ...{ iops: 3000, storageThroughput: 125, multiAz: true, availabilityZone: "us-east-1c", port: 5433 },
    ...{ dbParameterGroups: ["acme-pg15"], backupRetentionPeriod: 14, autoMinorVersionUpgrade: false },
    ...{ enabledCloudwatchLogsExports: ["upgrade", "postgresql"] },
};

describe("a server's settings in a manifest", () => {
    it("are all that differ between a server and a restore of it, and can be read again", () => {
        const settings = settingsSeen(seen);
        assert.deepEqual(serverSettings.parse(JSON.parse(JSON.stringify(settings))), settings);
        assert.equal(Object.keys(settings).length, Object.keys(serverSettings.shape).length);
    });

    it("leave out what RDS does not tell, and what a server has none of", () => {
        const bare = { dbInstanceClass: "", maxAllocatedStorage: 0, iops: 0, dbParameterGroups: [], multiAz: false };
        assert.deepEqual(settingsSeen({ ...bare, backupRetentionPeriod: 0, enabledCloudwatchLogsExports: [] }), {
            multiAz: false,
            backupRetention: 0,
        });
        assert.deepEqual(settingsSeen({}), {});
    });
});

describe("what a restore is told", () => {
    it("is what it would not take from its source by itself", () => {
        assert.deepEqual(toldToRestore(settingsSeen(seen)), {
            parameterGroupName: "acme-pg15",
            multiAz: true,
            maxAllocatedStorage: 500,
            enabledCloudwatchLogsExports: ["postgresql", "upgrade"],
            autoMinorVersionUpgrade: false,
            port: 5432,
        });
    });

    it("is nothing of a server with the defaults, nor where an older version noted nothing", () => {
        const usual = {
            dbParameterGroups: ["default.postgres15"],
            multiAz: false,
            autoMinorVersionUpgrade: true,
            port: 5432,
        };
        assert.deepEqual(toldToRestore(settingsSeen({ ...usual, storageType: "gp2", iops: 300 })), {});
        assert.deepEqual(toldToRestore(undefined), {});
    });

    it("has the storage's speed where RDS lets it be chosen", () => {
        assert.deepEqual(toldToRestore({ storageType: "io2", iops: 5000, allocatedStorage: 100 }), {
            storageType: "io2",
            iops: 5000,
        });
        const big = { storageType: "gp3", iops: 12_000, storageThroughput: 500 };
        assert.deepEqual(toldToRestore({ ...big, allocatedStorage: 400 }), big);
        assert.deepEqual(toldToRestore({ ...big, allocatedStorage: 399 }), {});
    });
});
