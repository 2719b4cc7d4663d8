// What becomes of a database server that an ended run has left: which one is taken over, which one is waited for, and what is said of the others.
import assert from "node:assert/strict";
import { notOurs, stateOf, unusable } from "../../../logic/leftServers";
import { freshServer, plannedServers, restoredServer, stayingDatabases } from "../../../logic/plannedServers";
import { rdsName } from "../../../logic/physicalNames";
import type { CaptureManifest } from "../../../contract/production";

const made = {
    tags: { team: "data", Project: "acme", Environment: "staging", ManagedBy: "pulumi" },
    masterUsername: "posit_master",
};
const seen = {
    resourceId: "db-ABC",
    tags: { ...made.tags, team: "before" },
    engine: "postgres",
    masterUsername: "posit_master",
    storageEncrypted: true,
    kmsKeyId: "arn:key",
};
const fresh = { identifier: "acme-staging", isFresh: true };
const restored = { identifier: "acme-staging-t-db", isFresh: false };

describe("a database server that an ended run has left", () => {
    it("is this stack's by its tags, whatever a company's own say meanwhile", () => {
        assert.deepEqual(notOurs(fresh, seen, made), []);
        assert.deepEqual(notOurs(restored, { ...seen, masterUsername: "legacy", storageEncrypted: false }, made), []);
    });

    it("is refused where it is another's, with the tag that it lacks", () => {
        for (const tags of [{}, { ...seen.tags, Environment: "prod" }, { ...seen.tags, Project: "other" }]) {
            const [why, ...others] = notOurs(fresh, { ...seen, tags }, made);
            assert.match(why, /acme-staging is there already and is not this stack's .*(Environment|Project)/);
            assert.deepEqual(others, []);
        }
    });

    it("is refused where the engine would replace what it has taken over", () => {
        const whys = [
            notOurs(restored, { ...seen, engine: "mysql" }, made),
            notOurs(fresh, { ...seen, masterUsername: "other" }, made),
            notOurs(fresh, { ...seen, storageEncrypted: false }, made),
            notOurs(fresh, seen, { ...made, kmsKeyId: "arn:another" }),
        ].map(([why]) => why);
        assert.deepEqual(
            whys.map((why) => /engine is mysql|user is other|not encrypted|key is arn:key/.test(why)),
            [true, true, true, true],
        );
        assert.deepEqual(notOurs(fresh, seen, { ...made, kmsKeyId: "arn:key" }), []);
    });

    it("is waited for while RDS works on it, and taken when it is ready", () => {
        assert.deepEqual(["available", "storage-optimization"].map(stateOf), ["ready", "ready"]);
        assert.deepEqual(["creating", "backing-up", "modifying"].map(stateOf), ["passing", "passing", "passing"]);
        for (const status of ["available", "creating"]) assert.deepEqual(unusable("x", status), []);
    });

    it("is never taken where it came to nothing, nor in a state that nobody knows: how it is deleted is said", () => {
        for (const status of ["failed", "incompatible-restore", "restore-error", "insufficient-capacity", "new-word"]) {
            const [why] = unusable("acme-staging", status);
            assert.match(why, new RegExp(`RDS says ${status}`));
            assert.match(why, /aws rds delete-db-instance --db-instance-identifier acme-staging --skip-final-snapshot/);
            assert.match(why, /`pulumi refresh`/);
        }
        assert.match(unusable("x", "stopped")[0], /start-db-instance --db-instance-identifier x/);
        assert.match(unusable("x", "deleting")[0], /wait db-instance-deleted --db-instance-identifier x/);
    });
});

describe("the servers that an environment is going to have", () => {
    const capture = (parts: Partial<CaptureManifest>) =>
        ({ token: "t", databases: [], volumeDatabases: [], ...parts }) as unknown as CaptureManifest;
    const names = (of: CaptureManifest | undefined) =>
        plannedServers("acme-staging", { capture: of }, stayingDatabases(of, undefined)).map(
            ({ identifier }) => identifier,
        );

    it("are one in phase install, and one for each that a capture has", () => {
        assert.deepEqual(names(undefined), ["acme-staging"]);
        const servers = ["db-a", "db-b"].map((server) => ({ server })) as CaptureManifest["databases"];
        assert.deepEqual(names(capture({ databases: servers })), ["acme-staging-t-db-a", "acme-staging-t-db-b"]);
    });

    it("are one more where a capture's is made before it, once that is restored the same one", () => {
        const prepared = (of: CaptureManifest | undefined, prepare: string) =>
            plannedServers("acme-staging", { capture: of, prepare }, stayingDatabases(of, undefined)).map(
                ({ identifier }) => identifier,
            );
        assert.deepEqual(prepared(undefined, "t"), ["acme-staging", "acme-staging-t"]);
        assert.deepEqual(prepared(capture({}), "t"), ["acme-staging-t"]);
        assert.deepEqual(prepared(capture({ token: "s" }), "t"), ["acme-staging-t"]);
    });

    it("are called as they always were", () => {
        assert.equal(rdsName(freshServer("acme-staging", "t")), "acme-staging-t");
        assert.equal(rdsName(restoredServer("acme-staging", "t", "db")), "acme-staging-t-db");
    });
});
