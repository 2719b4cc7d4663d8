// What the program makes of the cloud's answers about a capture's snapshots. Does not prove that AWS answers so: the words are those of
// terraform-provider-aws and of AWS's API reference (cloud/capture/snapshots.ts).
import assert from "node:assert/strict";
import { expiredMoments, unrestorable } from "../../../../cloud/capture/restorable";
import {
    CloudQuestions,
    freeServerSnapshotIdentifier,
    heldServerSnapshots,
    heldVolumeSnapshots,
} from "../../../../cloud/capture/snapshots";
import { isRefusedByCloud } from "../../../../cloud/refused";
import { isHopeless, watchRequests } from "../../../../cloud/capture/snapshotWatch";
import { manifest } from "../../../program/world";

interface Snapshot {
    id: string;
    volume: string;
    state?: string;
    started?: string;
}
interface ServerSnapshot {
    id: string;
    server: string;
    status: string;
    tags?: Record<string, string>;
}

const frozen = new Date("2026-11-21T10:00:00Z");
const at = (seconds: number) => new Date(frozen.getTime() + seconds * 1000).toISOString();
const tags = { "posit:capture": "t1", "posit:stack": "prod" };

interface World {
    snapshots: Snapshot[];
    servers: ServerSnapshot[];
    /** Days of backups, by server that exists. */
    backups: Record<string, number>;
    /** Thrown by the next calls of that name, one after the other. */
    fails: Partial<Record<keyof CloudQuestions, Error[]>>;
    asked: string[];
    cloud: CloudQuestions;
}

type Filters = { name: string; values: string[] }[] | undefined;

function world(change: Partial<World> = {}): World {
    const here: World = { snapshots: [], servers: [], backups: {}, fails: {}, asked: [], ...change } as World;
    const ask = (call: keyof CloudQuestions, of: string) => {
        here.asked.push(`${call} ${of}`);
        const failure = here.fails[call]?.shift();
        if (failure) throw failure;
    };
    const matching = (filters: Filters) =>
        here.snapshots.filter(({ id, state = "completed" }) =>
            (filters ?? []).every(({ name, values }) =>
                name === "snapshot-id" ? values.includes(id) : name === "status" ? values.includes(state) : true,
            ),
        );
    here.cloud = {
        snapshotIds: async (args) => {
            ask("snapshotIds", "");
            return { ids: matching(args?.filters as Filters).map(({ id }) => id) } as never;
        },
        volumeSnapshot: async (args) => {
            const [id] = args?.snapshotIds ?? [];
            ask("volumeSnapshot", id);
            const found = here.snapshots.find((one) => one.id === id);
            if (!found) throw new Error(none);
            return {
                volumeId: found.volume,
                state: found.state ?? "completed",
                startTime: found.started ?? at(1),
            } as never;
        },
        serverSnapshot: async (args) => {
            const { dbSnapshotIdentifier: id, dbInstanceIdentifier: server, tags: wanted } = args ?? {};
            ask("serverSnapshot", id ?? server ?? "");
            const found = here.servers.find(
                (one) =>
                    (id === undefined || one.id === id) &&
                    (server === undefined || one.server === server) &&
                    Object.entries(wanted ?? {}).every(([key, value]) => one.tags?.[key] === value),
            );
            if (!found) throw new Error(none);
            return {
                id: found.id,
                dbSnapshotIdentifier: found.id,
                dbInstanceIdentifier: found.server,
                status: found.status,
                snapshotCreateTime: at(1),
            } as never;
        },
        server: async (args) => {
            const server = args?.dbInstanceIdentifier ?? "";
            ask("server", server);
            if (here.backups[server] === undefined) throw new Error(noInstance);
            return { backupRetentionPeriod: here.backups[server] } as never;
        },
    };
    return here;
}

const none =
    "invocation of aws:rds/getSnapshot:getSnapshot returned an error: Your query returned no results. Please change your search criteria and try again.";
const noInstance =
    "reading RDS DB Instance (x): operation error RDS: DescribeDBInstances, api error DBInstanceNotFound: DBInstance x not found.";
const denied = new Error(
    "operation error RDS: DescribeDBSnapshots, https response error StatusCode: 403, api error AccessDenied: User: arn:aws:sts::1:assumed-role/deploy/x is not authorized to perform: rds:DescribeDBSnapshots on resource: x because no identity-based policy allows the rds:DescribeDBSnapshots action",
);
const throttled = new Error(
    "operation error EC2: DescribeSnapshots, api error RequestLimitExceeded: Request limit exceeded.",
);
const notYet = new Error("api error InvalidSnapshot.NotFound: The snapshot 'snap-1' does not exist.");

describe("snapshots in the cloud", () => {
    it("of servers are found by server and tags, whatever their names", async () => {
        const { cloud } = world({
            servers: [
                { id: "posit-t1-a-db", server: "other", status: "available", tags },
                { id: "any-name", server: "a-db", status: "available", tags },
                { id: "by-hand", server: "b-db", status: "available" },
            ],
        });
        assert.deepEqual(await heldServerSnapshots("prod", "t1", ["a-db", "b-db"], ["any-name", "gone"], cloud), [
            { id: "any-name", source: "a-db", state: "completed", startTime: at(1) },
        ]);
    });

    it("are of the server as it is written in the configuration, whatever case RDS tells", async () => {
        const { cloud } = world({ servers: [{ id: "x", server: "legacy-db", status: "available", tags }] });
        const ask = cloud.serverSnapshot;
        cloud.serverSnapshot = (args) =>
            ask({ ...args, dbInstanceIdentifier: args?.dbInstanceIdentifier?.toLowerCase() });
        const [{ source }] = await heldServerSnapshots("prod", "t1", ["Legacy-DB"], [], cloud);
        assert.equal(source, "Legacy-DB");
    });

    it("say their state in one language", async () => {
        const of = async (status: string) => {
            const { cloud } = world({ servers: [{ id: "x", server: "db", status, tags }] });
            return (await heldServerSnapshots("prod", "t1", ["db"], [], cloud))[0].state;
        };
        assert.deepEqual(await Promise.all(["creating", "available", "failed", "copying"].map(of)), [
            "pending",
            "completed",
            "error",
            "copying",
        ]);
        const { cloud } = world({ snapshots: [{ id: "snap-1", volume: "vol-1", state: "error" }] });
        assert.equal((await heldVolumeSnapshots("prod", "t1", "token", cloud))[0].state, "error");
    });

    it("are not there when AWS says so, in any of its words, and never because nobody may ask", async () => {
        const said = async (error: Error) => {
            const { cloud } = world({ fails: { serverSnapshot: [error] } });
            return heldServerSnapshots("prod", "t1", ["db"], [], cloud);
        };
        for (const text of [
            none,
            "no matching RDS DB Snapshot found",
            "operation error RDS: DescribeDBSnapshots, api error DBSnapshotNotFound: DBSnapshot x not found.",
        ]) {
            assert.deepEqual(await said(new Error(text)), []);
        }
        for (const error of [denied, throttled, new Error("dial tcp: lookup rds.amazonaws.com: host not found")]) {
            await assert.rejects(said(error), error);
        }
        assert.ok(isRefusedByCloud(denied));
        assert.ok(isRefusedByCloud(new Error("api error UnauthorizedOperation: You are not authorized")));
        // As AWS's SDK says it of whoever has to log in again.
        for (const text of [
            "operation error EC2: DescribeSnapshots, get identity: get credentials: failed to refresh cached credentials, no EC2 IMDS role found",
            "failed to refresh cached credentials, the SSO session has expired or is invalid",
        ]) {
            assert.ok(isRefusedByCloud(new Error(text)), text);
        }
        assert.ok(!isRefusedByCloud(throttled) && !isRefusedByCloud(notYet) && !isRefusedByCloud(new Error(none)));
    });

    describe("are looked for no longer by credentials that have ended", () => {
        const calling =
            "reading EC2 EBS Snapshots: operation error EC2: DescribeSnapshots, get identity: get credentials: ";
        const renewing = `${calling}failed to refresh cached credentials, `;
        const oidc = "unable to refresh SSO token, operation error SSO OIDC: CreateToken, ";
        for (const [what, text] of [
            [
                "an ended session of SSO",
                `${renewing}the SSO session has expired or is invalid: access token is expired`,
            ],
            [
                "a session of SSO without its file",
                `${renewing}failed to read cached SSO token file, open x: no such file`,
            ],
            [
                "a token of SSO that nobody renews",
                `${calling}refresh cached SSO token failed, ${oidc}https response error StatusCode: 400, RequestID: x, InvalidGrantException: `,
            ],
            [
                "a token of SSO that can't be renewed",
                `${renewing}refresh cached SSO token failed, cached SSO token is expired, or not present, and cannot be refreshed`,
            ],
            [
                "a session that SSO does not know",
                `${renewing}operation error SSO: GetRoleCredentials, https response error StatusCode: 401, RequestID: x, UnauthorizedException: Session token not found or invalid`,
            ],
            ["an ended login", `${renewing}create oauth2 token: login session has expired, please reauthenticate`],
            [
                "a process that gives none",
                `${renewing}process provider error: error in credential_process: exit status 255`,
            ],
            ["none at all", `${renewing}no EC2 IMDS role found, not found, Signing`],
            ["a token of a web identity that STS refuses", "api error InvalidIdentityToken: Token is expired"],
            ["a key that AWS does not know", "api error UnrecognizedClientException: The security token is invalid"],
            ["a key that RDS does not know", "StatusCode: 403, api error InvalidClientTokenId: The security token"],
            ["a secret that is another key's", "api error SignatureDoesNotMatch: The request signature we calculated"],
            ["a key that EC2 does not know", "api error AuthFailure: AWS was not able to validate the credentials"],
            [
                "an ended token",
                "api error ExpiredTokenException: The security token included in the request is expired",
            ],
            ["an ended request", "api error RequestExpired: Request has expired."],
        ]) {
            it(what, () => {
                assert.ok(isRefusedByCloud(new Error(text)));
                assert.ok(isHopeless(new Error(text)));
            });
        }

        it("but by those that may be renewed a moment later", () => {
            const asking = `${renewing}operation error SSO: GetRoleCredentials, `;
            for (const why of [
                "https response error StatusCode: 0, RequestID: , request send failed, Get x: dial tcp: i/o timeout",
                "https response error StatusCode: 503, RequestID: x, api error ServiceUnavailable: ",
                "https response error StatusCode: 429, RequestID: x, TooManyRequestsException: ",
            ]) {
                assert.ok(!isRefusedByCloud(new Error(asking + why)), why);
            }
        });
    });

    it("have a free name only when AWS says that it is free", async () => {
        const taken = world({ servers: [{ id: "db-final", server: "db", status: "available" }] });
        assert.equal(await freeServerSnapshotIdentifier("db-final", 1, taken.cloud), "db-final-2");
        const { cloud } = world({ fails: { serverSnapshot: [denied] } });
        await assert.rejects(freeServerSnapshotIdentifier("db-final", 1, cloud), /AccessDenied/);
    });
});

describe("the look for snapshots while production is closed", () => {
    const watching = (here: World, servers: string[] = []) => {
        const log: string[] = [];
        const look = watchRequests({ stack: "prod", token: "t1", servers, log: (line) => log.push(line) }, here.cloud);
        return { log, look: () => look(frozen) };
    };

    it("counts a volume's request and a server's end, and asks nobody twice", async () => {
        const here = world({
            snapshots: [{ id: "snap-1", volume: "vol-1", state: "pending" }],
            servers: [{ id: "db-snap", server: "db", status: "creating", tags }],
        });
        const { look } = watching(here, ["db"]);
        assert.deepEqual(await look(), { "vol-1": "snap-1" });
        here.snapshots.push({ id: "snap-2", volume: "vol-2" });
        here.servers[0].status = "available";
        assert.deepEqual(await look(), { "vol-1": "snap-1", "vol-2": "snap-2", db: "db-snap" });
        here.asked.length = 0;
        await look();
        assert.deepEqual(here.asked, ["snapshotIds "]);
    });

    it("asks of many no more at once than half of EC2's bucket, and of the others a moment later", async () => {
        const snapshots = Array.from({ length: 60 }, (_, index) => ({ id: `snap-${index}`, volume: `vol-${index}` }));
        const here = world({ snapshots });
        let now = frozen.getTime();
        const look = watchRequests(
            { stack: "prod", token: "t1", servers: [], log: () => undefined },
            here.cloud,
            () => now,
        );
        assert.equal(Object.keys(await look(frozen)).length, 49);
        assert.equal(here.asked.length, 50);
        await look(frozen);
        assert.equal(here.asked.length, 50);
        now += 2_000;
        assert.equal(Object.keys(await look(frozen)).length, 60);
    });

    it("keeps the first of two, and names the other once", async () => {
        const here = world({ snapshots: [{ id: "snap-1", volume: "vol-1", started: at(1) }] });
        const { look, log } = watching(here);
        await look();
        here.snapshots.unshift({ id: "snap-0", volume: "vol-1", started: at(17) });
        assert.deepEqual(await look(), { "vol-1": "snap-1" });
        await look();
        assert.equal(log.length, 1);
        assert.match(log[0], /second snapshot of vol-1 .*snap-0.* snap-1 counts/);
        // Of two that come together the one that was started first.
        const both = world({
            snapshots: [
                { id: "snap-b", volume: "vol-1", started: at(2) },
                { id: "snap-a", volume: "vol-1", started: at(1) },
            ],
        });
        assert.deepEqual(await watching(both).look(), { "vol-1": "snap-a" });
    });

    it("counts none that was started before the freeze, but forgives the clocks", async () => {
        const here = world({ snapshots: [{ id: "snap-1", volume: "vol-1", started: at(-60) }] });
        const { look, log } = watching(here);
        assert.deepEqual(await look(), {});
        assert.match(log[0], /before production was closed: it does not count/);
        const skewed = world({ snapshots: [{ id: "snap-1", volume: "vol-1", started: at(-3) }] });
        assert.deepEqual(await watching(skewed).look(), { "vol-1": "snap-1" });
    });

    it("has not seen what it could not ask, says so once, and sees the others", async () => {
        const here = world({
            snapshots: [
                { id: "snap-1", volume: "vol-1" },
                { id: "snap-2", volume: "vol-2" },
            ],
            fails: { volumeSnapshot: [notYet, notYet] },
        });
        const { look, log } = watching(here);
        const first = await look();
        assert.deepEqual(first, {});
        assert.deepEqual(await look(), { "vol-1": "snap-1", "vol-2": "snap-2" });
        assert.equal(log.length, 1);
        const half = world({
            snapshots: [
                { id: "snap-1", volume: "vol-1" },
                { id: "snap-2", volume: "vol-2" },
            ],
            fails: { volumeSnapshot: [notYet] },
        });
        assert.deepEqual(await watching(half).look(), { "vol-2": "snap-2" });
    });

    it("fails where nobody may ask, and where a snapshot has failed", async () => {
        const here = world({ snapshots: [{ id: "snap-1", volume: "vol-1" }], fails: { volumeSnapshot: [denied] } });
        await assert.rejects(watching(here).look(), /AccessDenied/);
        const failed = world({ snapshots: [{ id: "snap-1", volume: "vol-1", state: "error" }] });
        const { look } = watching(failed);
        // Also at the next look: a closed production is opened for it at once, with that reason.
        for (let time = 0; time < 3; time++) {
            await assert.rejects(look(), (error: Error) => {
                assert.match(error.message, /snap-1 of vol-1 failed/);
                return isHopeless(error);
            });
        }
    });
});

describe("what a restore needs of the cloud", () => {
    const capture = {
        ...manifest("t1"),
        volumes: ["snap-1", "snap-2"].map((snapshotId, index) => ({
            product: "connect" as const,
            mount: `/data/${index}`,
            snapshotId,
            volumeId: `vol-${index}`,
            size: 1,
        })),
    };
    const bySnapshot = {
        ...capture,
        databases: [{ ...capture.databases[0], restoreTime: undefined, snapshotIdentifier: "db-snap" }],
    };

    it("is every snapshot, complete", async () => {
        const whole = world({
            snapshots: [
                { id: "snap-1", volume: "vol-0" },
                { id: "snap-2", volume: "vol-1" },
            ],
        });
        assert.deepEqual(await unrestorable(capture, whole.cloud), []);
        whole.snapshots[0].state = "pending";
        whole.snapshots[1].state = "error";
        assert.match(
            (await unrestorable(capture, whole.cloud)).join(),
            /snap-1 is still being copied.*snap-2 is no use/,
        );
        whole.snapshots.length = 0;
        assert.match((await unrestorable(capture, whole.cloud)).join(), /snap-1 is not in this account and region/);
    });

    it("is the server's snapshot, of that server", async () => {
        const here = world({
            snapshots: [
                { id: "snap-1", volume: "vol-0" },
                { id: "snap-2", volume: "vol-1" },
            ],
            servers: [{ id: "db-snap", server: "legacy-db", status: "available" }],
        });
        assert.deepEqual(await unrestorable(bySnapshot, here.cloud), []);
        here.servers[0].server = "other-db";
        assert.match((await unrestorable(bySnapshot, here.cloud)).join(), /is of server other-db/);
    });

    it("is a noted moment that the server's backups still reach", async () => {
        const noted = Date.parse(capture.databases[0].restoreTime ?? "");
        const after = (days: number) => new Date(noted + days * 24 * 3600 * 1000);
        const { cloud } = world({ backups: { "legacy-db": 7 } });
        assert.deepEqual(await expiredMoments(capture, after(6.9), cloud), []);
        assert.match((await expiredMoments(capture, after(7.1), cloud)).join(), /keeps backups for 7 days.* is older/);
        assert.match((await expiredMoments(capture, after(1), world().cloud)).join(), /legacy-db is gone/);
        assert.deepEqual(await expiredMoments(bySnapshot, after(99), world().cloud), []);
        await assert.rejects(expiredMoments(capture, after(1), world({ fails: { server: [denied] } }).cloud), denied);
    });
});
