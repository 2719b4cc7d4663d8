// What becomes of captures from one `up` to the next: hosts behind real SSH say how they stand, the cloud is played. Does not prove that hosts
// say the truth (tests/unit/hosts) or that the engine keeps outputs (the rehearsal).
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { CaptureConfig, ProductionConfig, productionSchema } from "../../config/schema";
import type { HostMarker } from "../../contract/host";
import type { CaptureManifest, OwnProduction } from "../../contract/production";
import { seal } from "../../logic/secret";
import { ProductId, productIds } from "../../products";
import { PlannedCapture, planCapture } from "../../stacks/captures";
import { manifests, registered, settleCaptures, severalBeginnings, undecidable } from "../../stacks/capturesOutputs";
import { realQuestions } from "../../stacks/questions";
import { reportOf } from "../../stacks/reports";
import { NamedSide, SideHost } from "../../stacks/sides";
import { ScriptedHost, scriptedHost } from "./scriptedHost";
import { manifest as anyManifest } from "./world";
import { generateKeyPair } from "../../lab/keyPair";

const at = (seconds: number) => new Date(Date.parse("2026-11-21T10:00:00Z") + seconds * 1000).toISOString();
const volumes: Record<ProductId, string> = { packageManager: "vol-0", workbench: "vol-1", connect: "vol-2" };
const ids = { "vol-0": "snap-0", "vol-1": "snap-1", "vol-2": "snap-2" };

const stayed: HostMarker = {
    token: "tk1",
    state: "staying",
    closedAt: at(0),
    frozenAt: at(1),
    quiet: { units: "inactive" },
    stayingSince: at(4),
    notes: { snapshots: ids },
};
const opened = (by: string): Partial<HostMarker> => ({
    state: "open",
    thawingAt: at(600),
    openedBy: by,
    openedAt: at(601),
});
const hostKey = generateKeyPair().public;
const absent: HostMarker = { token: "tk1", state: "absent" };

interface Host {
    marker: HostMarker;
    side: "serving" | "staying" | "retired";
    token: string;
    down?: boolean;
}

interface Snapshot {
    id: string;
    volume: string;
    states: string[];
}

describe("captures from run to run", () => {
    let hosts: Record<ProductId, Host>;
    let snapshots: Snapshot[];
    let said: string[];
    let reopened: string[];
    /** Of RDS: those that are there. */
    let servers: Record<string, object>;
    const running: ScriptedHost[] = [];
    let side: NamedSide;
    const log = { ...pulumi.log };

    before(async () => {
        const entries = await Promise.all(
            productIds.map(async (product) => {
                const running_ = await scriptedHost((script, program) => answer(product, script, program));
                running.push(running_);
                return [product, sideHost(product, running_)] as const;
            }),
        );
        side = { key: "listed", hosts: Object.fromEntries(entries) as NamedSide["hosts"], databasePasswords: {} };
    });
    after(() => {
        running.forEach(({ stop }) => stop());
        Object.assign(pulumi.log, log);
    });
    beforeEach(() => {
        said = [];
        reopened = [];
        servers = {};
        const say = (line: string) => {
            said.push(line);
            return Promise.resolve();
        };
        Object.assign(pulumi.log, { info: say, warn: say });
        hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        snapshots = Object.entries(ids).map(([volume, id]) => ({ id, volume, states: ["completed"] }));
    });

    function answer(product: ProductId, script: string, program: string): object | Error {
        const host = hosts[product];
        if (host.down) return new Error("sudo: a disk that hangs");
        const state = {
            product,
            host: product,
            state: "",
            since: "",
            until: "",
            timers: [],
            answering: false,
            running: [],
        };
        switch (script) {
            case "record":
                return { ...host.marker, product };
            case "state":
                return { ...state, side: host.side, token: host.token };
            default:
                assert.equal(script, "reopen");
                assert.match(program, /^REASON='given-up'$/m);
                assert.match(program, /^STAYING='open'$/m);
                assert.match(program, /^WAIT_SECONDS='300'$/m);
                reopened.push(product);
                hosts[product] = { ...host, side: "serving", marker: { ...host.marker, ...openedBy } };
                return { state: "opened", note: "" };
        }
    }
    const openedBy = opened("given-up");

    const stateOf = (snapshot: Snapshot) =>
        snapshot.states.length > 1 ? (snapshot.states.shift() as string) : snapshot.states[0];
    function call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
        const filters = (inputs.filters ?? []) as { name: string; values: string[] }[];
        const named = (name: string) => filters.find((filter) => filter.name.includes(name))?.values;
        if (token.endsWith("rds/getInstance:getInstance")) {
            assert.ok(
                servers[inputs.dbInstanceIdentifier as string],
                `no server ${String(inputs.dbInstanceIdentifier)}`,
            );
            return {
                ...servers[inputs.dbInstanceIdentifier as string],
                dbInstanceIdentifier: inputs.dbInstanceIdentifier,
            };
        }
        if (token.endsWith("getSnapshotIds")) {
            const found = snapshots
                .filter(({ id }) => named("snapshot-id")?.includes(id) ?? true)
                .filter((snapshot) => named("status")?.includes(stateOf(snapshot)) ?? true);
            return { ids: named("warm-up") ? [] : found.map(({ id }) => id) };
        }
        const found = snapshots.find(({ id }) => (inputs.snapshotIds as string[])[0] === id);
        assert.ok(found, token);
        return { volumeId: found.volume, state: stateOf(found), startTime: at(2) };
    }

    async function up(
        captures: Partial<CaptureConfig>[],
        last?: Record<string, CaptureManifest>,
        change: { preview?: boolean; moving?: boolean } = {},
    ): Promise<{ planned: PlannedCapture[]; published: Record<string, CaptureManifest> }> {
        await pulumi.runtime.setMocks({ call, newResource: () => assert.fail() }, "posit", "prod", change.preview);
        const own = last && ({ captures: last, serving: { side: "listed" } } as OwnProduction);
        const config = configuration(captures);
        const planned = await Promise.all(config.captures.map((one) => planCapture(one, config, side, own)));
        const standing = await reportOf(side, realQuestions, { askCloud: false });
        const settled = await settleCaptures(planned, { side, standing, moving: change.moving ?? false, pause: 10 });
        // As outputs come back at the next run.
        const published = JSON.parse(JSON.stringify(manifests(settled, {}))) as Record<string, CaptureManifest>;
        return { planned: settled, published };
    }
    const final: CaptureManifest = {
        ...anyManifest("tk1"),
        final: true,
        databases: [],
        volumes: productIds.map((product) => ({
            product,
            mount: "/data",
            volumeId: volumes[product],
            snapshotId: ids[volumes[product] as keyof typeof ids],
            size: 20,
        })),
    };
    const kept = { tk1: final };
    const stays = [{ token: "tk1", reopen: false }];

    it("leave a final one final while its hosts stay, and while another side serves instead", async () => {
        assert.deepEqual((await up(stays, kept)).published, kept);
        hosts = everyHost(() => ({ marker: { ...stayed, state: "retired" }, side: "retired", token: "tk1" }));
        assert.deepEqual((await up(stays, kept)).published, kept);
        assert.deepEqual(reopened, []);
        assert.deepEqual(said, []);
    });

    it("say of a final one who was opened, open the others, and never call it final again", async () => {
        hosts.workbench = { marker: { ...stayed, ...opened("dead-man") }, side: "serving", token: "" };
        const { published } = await up(stays, kept);
        assert.equal(published.tk1.state, "complete");
        assert.equal(published.tk1.final, false);
        assert.deepEqual(published.tk1.openedSince?.sort(), [
            `connect at ${at(600)} by "given-up"`,
            `packageManager at ${at(600)} by "given-up"`,
            `workbench at ${at(600)} by "dead-man"`,
        ]);
        assert.deepEqual(reopened.sort(), ["connect", "packageManager"]);
        for (const reopen of [true, false]) {
            const again = await up([{ token: "tk1", reopen }], published);
            assert.deepEqual(again.published, published);
        }
        hosts = everyHost(() => ({ marker: stayed, side: "serving", token: "" }));
        assert.deepEqual((await up(stays, published)).published, published);
    });

    it("open no host a moment before it is retired, and none in a preview", async () => {
        hosts.workbench = { marker: { ...stayed, ...opened("boot") }, side: "serving", token: "" };
        await up(stays, kept, { moving: true });
        assert.deepEqual(reopened, []);
        await up(stays, kept, { preview: true });
        assert.deepEqual(reopened, []);
        assert.match(
            said.join("\n"),
            /connect stays closed for capture tk1, but .*workbench at .*: `pulumi up` opens it/,
        );
    });

    it("are published as hosts say now, also where an earlier run that failed had read them and published nothing", async () => {
        hosts.workbench = { marker: { ...stayed, ...opened("dead-man") }, side: "serving", token: "" };
        const { planned } = await up(stays);
        const read = manifests(planned, { tk1: final }).tk1;
        const now = await new Promise<CaptureManifest>((resolve) =>
            pulumi.output(read).apply((manifest) => resolve(manifest as CaptureManifest)),
        );
        assert.equal(now.state, "complete");
        assert.equal(now.final, false);
        assert.equal(now.openedSince?.length, 3);
    });

    it("keep what was recorded where a host can't be asked, and name that host", async () => {
        hosts.connect.down = true;
        assert.deepEqual((await up(stays, kept)).published, kept);
        assert.match(
            said.join("\n"),
            /connect can't be asked whether it still stays closed.* is kept: .*a disk that hangs/,
        );
    });

    it("give a cutover up with reopen: true, also where nobody recorded it, and with a token that is gone", async () => {
        const { published } = await up([{ token: "tk1", reopen: true }], kept);
        assert.equal(published.tk1.final, false);
        assert.equal(published.tk1.openedSince?.length, 3);
        assert.deepEqual(reopened.length, 3);
        hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        await up([{ token: "tk1", reopen: true }]);
        assert.deepEqual(reopened.length, 6);
        hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        await up([]);
        assert.deepEqual(reopened.length, 9);
    });

    it("open those that can be asked, and name the one that may stay closed alone", async () => {
        hosts.connect.down = true;
        await up([{ token: "tk1", reopen: true }], kept);
        assert.deepEqual(reopened.sort(), ["packageManager", "workbench"]);
        assert.match(said.join("\n"), /connect can't be asked, so it may stay closed while the others are opened/);
    });

    it("count a cutover as given up also where no host could be asked", async () => {
        hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1", down: true }));
        const { published } = await up([{ token: "tk1", reopen: true }], kept);
        assert.equal(published.tk1.final, false);
        assert.deepEqual((await up(stays, published)).published, published);
    });

    it("refuse a void one, and open what it left closed first", async () => {
        hosts.connect = {
            marker: { ...stayed, stayingSince: undefined, ...opened("lost") },
            side: "serving",
            token: "",
        };
        await assert.rejects(up(stays), /capture tk1 is void: .*opened by "lost"/);
        assert.deepEqual(reopened.sort(), ["packageManager", "workbench"]);
    });

    it("open what stays for a void one: it can never be served; but not for what may only be looked for in the wrong account", async () => {
        const all = snapshots;
        snapshots = [];
        await assert.rejects(up(stays), /capture tk1 is void: .*gone from the account/);
        assert.deepEqual(reopened, []);
        snapshots = all;
        snapshots[0].states = ["error"];
        await assert.rejects(up(stays, undefined, { preview: true }), /capture tk1 is void: .*failed in the cloud/);
        assert.match(said.join("\n"), /connect stays closed for capture tk1, but it is void.*: `pulumi up` opens it/);
        assert.deepEqual(reopened, []);
        await assert.rejects(up(stays), /capture tk1 is void: .*failed in the cloud/);
        assert.deepEqual(reopened.sort(), ["connect", "packageManager", "workbench"]);
    });

    it("keep saying void of what was recorded as void", async () => {
        const last = { tk1: { ...final, state: "void" as const, reasons: ["connect was opened"] } };
        const { published, planned } = await up(stays, last);
        assert.deepEqual(published, last);
        assert.deepEqual(registered(planned), []);
        assert.match(said.join("\n"), /capture tk1 is void: connect was opened/);
    });

    it("are complete again when what was lost is found again: it may have been another account's credentials", async () => {
        const all = snapshots;
        snapshots = [];
        const { published } = await up(stays, kept);
        assert.equal(published.tk1.state, "void");
        assert.match(published.tk1.reasons.join(), /snap-0 of vol-0 is gone from the account/);
        assert.deepEqual((await up(stays, published)).published, published);
        snapshots = all;
        const again = (await up(stays, published)).published;
        assert.deepEqual(again, kept);
        // What was opened meanwhile is seen all the same.
        hosts.workbench = { marker: { ...stayed, ...opened("boot") }, side: "serving", token: "" };
        assert.equal((await up(stays, published)).published.tk1.final, false);
    });

    it("wait for copies that an ended run left behind, and believe none that failed", async () => {
        snapshots[0].states = ["pending", "pending", "completed"];
        const { planned } = await up(stays);
        assert.equal(planned[0].decision.kind, "adopt");
        assert.match(said.join("\n"), /waits for the copies of snap-0/);
        snapshots[0].states = ["pending", "error"];
        await assert.rejects(up(stays), /capture tk1 is void: the snapshot snap-0 failed/);
        snapshots[0].states = ["pending"];
        await up(stays, undefined, { preview: true });
        assert.match(said.join("\n"), /still being copied; `pulumi up` waits/);
    });

    it("name a snapshot that carries the token and is none of those noted", async () => {
        snapshots.push({ id: "snap-9", volume: "vol-1", states: ["completed"] });
        const { planned } = await up(stays);
        assert.deepEqual(planned[0].decision.kind === "adopt" && planned[0].decision.snapshots, ids);
        assert.match(said.join("\n"), /snapshot snap-9 of vol-1 .* no part of it; it may be deleted by hand/);
    });

    it("can't begin while a host can't be asked what it remembers", async () => {
        hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        hosts.workbench.down = true;
        snapshots = [];
        const { planned } = await up([{ token: "tk1", reopen: true }]);
        assert.match(
            undecidable(planned).join(),
            /capture tk1 can neither begin nor be adopted while workbench can't be asked .*a disk that hangs.*Start that host/,
        );
        assert.deepEqual(registered(planned), []);
        await assert.rejects(planned[0].run.close(), /this run may not close production/);
    });

    for (const [what, window] of [
        ["has not begun", { notBefore: "2999-01-01T00:00:00Z" }],
        ["is over", { notAfter: "2020-01-01T00:00:00Z" }],
    ] as [string, Partial<CaptureConfig>][]) {
        it(`wait, and take their warm-ups, where their maintenance window ${what} and a host can't be asked`, async () => {
            hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
            hosts.workbench.down = true;
            snapshots = [];
            const { planned } = await up([{ token: "tk1", reopen: true, ...window }]);
            assert.deepEqual(undecidable(planned), []);
            assert.deepEqual(
                registered(planned).map(({ config, decision }) => [config.token, decision.kind]),
                [["tk1", "waiting"]],
            );
            assert.match(said.join("\n"), /capture tk1 waits: .*its warm-up snapshots are taken/);
            assert.match(said.join("\n"), /capture tk1 waits, so this run goes on: workbench can't be asked .*hangs/);
            await assert.rejects(planned[0].run.close(), /this run may not close production/);
        });

        it(`don't count as waiting once they began, though their maintenance window ${what}`, async () => {
            const asked = [{ token: "tk1", reopen: false, ...window }];
            hosts.workbench.down = true;
            assert.match(undecidable((await up(asked)).planned).join(), /while workbench can't be asked/);
            // Only the cloud knows of it, or only one host.
            hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
            hosts.workbench.down = true;
            assert.match(undecidable((await up(asked)).planned).join(), /while workbench can't be asked/);
            snapshots = [];
            hosts.connect.marker = { ...stayed, stayingSince: undefined, ...opened("lost") };
            assert.match(undecidable((await up(asked)).planned).join(), /while workbench can't be asked/);
        });
    }

    it("ask the maintenance window again right before closing: warm-ups may have taken hours", async () => {
        hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        snapshots = [];
        const notAfter = new Date(Date.now() + 1_500).toISOString();
        const { planned } = await up([{ token: "tk1", reopen: true, notAfter }]);
        assert.equal(planned[0].decision.kind, "begin");
        await new Promise((resolve) => setTimeout(resolve, Date.parse(notAfter) + 50 - Date.now()));
        await assert.rejects(
            planned[0].run.close(),
            /production was not touched:\nits maintenance window ended at .*The warm-up is done: `pulumi up` again inside it closes/,
        );
    });

    /** Connect's database is on RDS. */
    async function onServer(last?: Record<string, CaptureManifest>) {
        const { connect } = side.hosts;
        const database = { ...main, kind: "rds" as const, server: "legacy-db", name: "connect", user: "connect" };
        side = { ...side, hosts: { ...side.hosts, connect: { ...connect, databases: [database] } } };
        try {
            return await up([{ token: "tk1", reopen: false }], last);
        } finally {
            side = { ...side, hosts: { ...side.hosts, connect } };
        }
    }

    it("know how a server is encrypted, for whoever restores it", async () => {
        hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        snapshots = [];
        servers["legacy-db"] = {
            backupRetentionPeriod: 7,
            engineVersion: "15.8",
            storageEncrypted: false,
            kmsKeyId: "",
        };
        assert.deepEqual((await onServer()).planned[0].descriptions, {
            "legacy-db": { engineVersion: "15.8", storageEncrypted: false },
        });
        servers["legacy-db"] = { ...servers["legacy-db"], storageEncrypted: true, kmsKeyId: "arn:key" };
        assert.deepEqual((await onServer()).planned[0].descriptions["legacy-db"].kmsKeyId, "arn:key");
    });

    it("stand as recorded when the server that they were taken from is gone", async () => {
        assert.deepEqual((await onServer(kept)).published, kept);
    });

    it("begin one at a time, and register the warm-ups of those that wait", async () => {
        hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        snapshots = [];
        const { planned } = await up([
            { token: "tk1", reopen: true },
            { token: "tk2", reopen: true },
        ]);
        assert.match(severalBeginnings(planned).join(), /captures tk1 and tk2 would both close production/);
        const later = "2999-01-01T00:00:00Z";
        const waiting = await up([
            { token: "tk1", reopen: true },
            { token: "tk2", reopen: true, notBefore: later },
        ]);
        assert.deepEqual(severalBeginnings(waiting.planned), []);
        assert.deepEqual(
            registered(waiting.planned).map(({ config, decision }) => [config.token, decision.kind]),
            [
                ["tk1", "begin"],
                ["tk2", "waiting"],
            ],
        );
        assert.match(said.join("\n"), /capture tk2 waits: .*its warm-up snapshots are taken/);
    });
});

function everyHost(make: (product: ProductId) => Host): Record<ProductId, Host> {
    return Object.fromEntries(productIds.map((product) => [product, make(product)])) as Record<ProductId, Host>;
}

const main = { role: "main" as const };
const noPasswords = { packageManager: {}, workbench: {}, connect: {} };

function sideHost(product: ProductId, { target }: ScriptedHost): SideHost {
    return {
        instanceId: "i-0123456789abcdef0",
        address: target.address,
        publicAddress: target.address,
        target,
        dataVolumes: [{ volumeId: volumes[product], mount: "/data" }],
        layout: { dataMounts: ["/data"] },
        databases: [{ ...main, kind: "sqlite" }],
    };
}

function configuration(captures: Partial<CaptureConfig>[]): ProductionConfig {
    const listed = productIds.map((product, index) => [
        product,
        {
            instanceId: `i-0123456789abcdef${index}`,
            address: `10.0.0.${index + 1}`,
            hostKey,
            dataVolumes: [{ volumeId: `vol-0123456${index}`, mount: "/data" }],
            databases: [{ kind: "sqlite" }],
        },
    ]);
    return {
        ...productionSchema.parse({
            role: "production",
            project: "acme",
            current: Object.fromEntries(listed),
            captures,
        }),
        secrets: { sshPrivateKey: seal(""), databasePasswords: noPasswords },
    };
}
