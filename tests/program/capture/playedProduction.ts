// Production from one `up` to the next: hosts behind real SSH say how they stand, and obey; the cloud is played.
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ClosedRunArgs, runOf } from "../../../components/capture/run";
import { CaptureConfig, ProductionConfig, productionSchema } from "../../../config/schema";
import type { HostMarker } from "../../../contract/host";
import type { CaptureManifest, Inventory, OwnProduction } from "../../../contract/production";
import { seal } from "../../../logic/secret";
import { perProduct, PerProduct, ProductId, productIds } from "../../../products";
import { manifests } from "../../../stacks/capture/manifests";
import { EnvironmentSeen, planCapture, PlannedCapture } from "../../../stacks/capture/plan";
import { captureArgs } from "../../../stacks/capture/registered";
import { settleCaptures } from "../../../stacks/capture/settle";
import { localEndpoint, usualPort } from "../../../products/endpoints";
import { realQuestions } from "../../../stacks/questions";
import { reportOf } from "../../../stacks/reports";
import { NamedSide, SideHost } from "../../../stacks/sides";
import { generateKeyPair } from "../../../lab/keyPair";
import { freeLoad } from "../freeLoad";
import { ScriptedHost, scriptedHost } from "../scriptedHost";
import { inventory, manifest as anyManifest } from "../world";

export const at = (seconds: number) => new Date(Date.parse("2026-11-21T10:00:00Z") + seconds * 1000).toISOString();
const volumes: Record<ProductId, string> = { packageManager: "vol-0", workbench: "vol-1", connect: "vol-2" };
export const ids = { "vol-0": "snap-0", "vol-1": "snap-1", "vol-2": "snap-2" };

export const stayed: HostMarker = {
    token: "tk1",
    state: "staying",
    closedAt: at(0),
    frozenAt: at(1),
    quiet: { units: "inactive" },
    stayingSince: at(4),
    notes: { snapshots: ids },
};
export const opened = (by: string): Partial<HostMarker> => ({
    state: "open",
    thawingAt: at(600),
    openedBy: by,
    openedAt: at(601),
});
const hostKey = generateKeyPair().public;
export const absent: HostMarker = { token: "tk1", state: "absent" };

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

/** A final capture, as it was recorded. */
export const final: CaptureManifest = {
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

const ordinary = {
    ...{ version: 15, owner: "connect", ownerIsSuper: false, userIsSuper: false },
    locale: { encoding: "UTF8", collate: "C", ctype: "C", provider: "c", locale: "" },
};

export class PlayedProduction {
    hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
    snapshots: Snapshot[] = [];
    said: string[] = [];
    reopened: string[] = [];
    /** How fast they are. */
    volumes: Record<string, { volumeType: string; iops: number; throughput: number }> = {};
    /** Of RDS: those that are there. */
    servers: Record<string, object> = {};
    /** What a host says when it tries a dump; and the programs that asked for it. */
    dryRun: object | Error = new Error("pg_dump is missing");
    tried: string[] = [];
    /** What each database on RDS says a load would meet. */
    load = freeLoad;
    /** What environments have restored. */
    restored: string[] = [];
    /** How long snapshots of servers took before. */
    serverWarmUps: Record<string, number> = {};
    side!: NamedSide;
    private readonly running: ScriptedHost[] = [];
    private readonly log = { ...pulumi.log };

    async start(): Promise<void> {
        const entries = await Promise.all(
            productIds.map(async (product) => {
                const host = await scriptedHost((script, program) => this.answer(product, script, program));
                this.running.push(host);
                return [product, sideHost(product, host)] as const;
            }),
        );
        this.side = {
            key: "listed",
            hosts: Object.fromEntries(entries) as NamedSide["hosts"],
            databasePasswords: { packageManager: {}, workbench: {}, connect: {} },
        };
    }

    stop(): void {
        this.running.forEach(({ stop }) => stop());
        Object.assign(pulumi.log, this.log);
    }

    /** After a final capture: every host stays. */
    staying(): void {
        this.forget();
        this.hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        this.snapshots = Object.entries(ids).map(([volume, id]) => ({ id, volume, states: ["completed"] }));
    }

    /** Before any. */
    untouched(): void {
        this.forget();
        this.hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        this.snapshots = [];
    }

    private forget(): void {
        this.said = [];
        this.reopened = [];
        this.servers = {};
        this.tried = [];
        this.load = freeLoad;
        this.restored = [];
        this.dryRun = new Error("pg_dump is missing");
        const say = (line: string) => {
            this.said.push(line);
            return Promise.resolve();
        };
        Object.assign(pulumi.log, { info: say, warn: say });
    }

    async up(
        captures: Partial<CaptureConfig>[],
        last?: Record<string, CaptureManifest>,
        change: { preview?: boolean; moving?: boolean; environments?: EnvironmentSeen[] } = {},
    ): Promise<{ planned: PlannedCapture[]; published: Record<string, CaptureManifest> }> {
        await pulumi.runtime.setMocks(
            { call: (args) => this.call(args), newResource: () => assert.fail() },
            "posit",
            "prod",
            change.preview,
        );
        const own = last && ({ captures: last, serving: { side: "listed" } } as OwnProduction);
        const config = configuration(captures);
        const questions = { ...realQuestions, databaseFacts: () => Promise.resolve({ ...ordinary, load: this.load }) };
        const planned = await Promise.all(
            config.captures.map((one) =>
                planCapture(one, config, this.side, own, questions, [
                    ...this.restored.map((restored) => ({ name: "acme/posit/rehearsed", restored })),
                    ...(change.environments ?? []),
                ]),
            ),
        );
        const standing = await reportOf(this.side, realQuestions, { askCloud: false });
        const settled = await settleCaptures(planned, {
            side: this.side,
            standing,
            moving: change.moving ?? false,
            pause: 10,
        });
        // As outputs come back at the next run.
        const published = JSON.parse(JSON.stringify(manifests(settled, {}))) as Record<string, CaptureManifest>;
        return { planned: settled, published };
    }

    /** As the first hook of its snapshots closes production. */
    close(plan: PlannedCapture, read: PerProduct<Inventory> = perProduct(inventory)): Promise<void> {
        const output = pulumi.output(read) as unknown as ClosedRunArgs["inventory"];
        return runOf({
            ...captureArgs(plan, configuration([]), "us-east-1"),
            serverWarmUps: this.serverWarmUps,
            inventory: output,
        }).close();
    }

    private answer(product: ProductId, script: string, program: string): object | Error {
        const host = this.hosts[product];
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
            case "dry-run":
                this.tried.push(program);
                return this.dryRun;
            default:
                assert.equal(script, "reopen");
                assert.match(program, /^REASON='given-up'$/m);
                assert.match(program, /^STAYING='open'$/m);
                assert.match(program, /^WAIT_SECONDS='300'$/m);
                this.reopened.push(product);
                this.hosts[product] = { ...host, side: "serving", marker: { ...host.marker, ...opened("given-up") } };
                return { state: "opened", note: "" };
        }
    }

    private call({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> {
        const filters = (inputs.filters ?? []) as { name: string; values: string[] }[];
        const named = (name: string) => filters.find((filter) => filter.name.includes(name))?.values;
        if (token.endsWith("rds/getInstance:getInstance")) {
            assert.ok(
                this.servers[inputs.dbInstanceIdentifier as string],
                `no server ${String(inputs.dbInstanceIdentifier)}`,
            );
            return {
                ...this.servers[inputs.dbInstanceIdentifier as string],
                dbInstanceIdentifier: inputs.dbInstanceIdentifier,
            };
        }
        if (token.endsWith("getVolume:getVolume")) {
            const [volumeId] = named("volume-id")!;
            return this.volumes[volumeId] ?? { volumeType: "gp3", iops: 3000, throughput: 125 };
        }
        if (token.endsWith("rds/getSnapshot:getSnapshot")) {
            return {}; // none
        }
        if (token.endsWith("getSnapshotIds")) {
            const found = this.snapshots
                .filter(({ id }) => named("snapshot-id")?.includes(id) ?? true)
                .filter((snapshot) => named("status")?.includes(stateOf(snapshot)) ?? true);
            return { ids: named("warm-up") ? [] : found.map(({ id }) => id) };
        }
        const found = this.snapshots.find(({ id }) => (inputs.snapshotIds as string[])[0] === id);
        assert.ok(found, token);
        return { volumeId: found.volume, state: stateOf(found), startTime: at(2) };
    }
}

const stateOf = (snapshot: Snapshot) =>
    snapshot.states.length > 1 ? (snapshot.states.shift() as string) : snapshot.states[0];

export const everyHost = (make: (product: ProductId) => Host): PerProduct<Host> => perProduct(make);

function sideHost(product: ProductId, { target }: ScriptedHost): SideHost {
    return {
        instanceId: "i-0123456789abcdef0",
        address: target.address,
        publicAddress: target.address,
        target,
        local: localEndpoint(target.address, usualPort(product)),
        dataVolumes: [{ volumeId: volumes[product], mount: "/data" }],
        layout: { dataMounts: ["/data"] },
        databases: [{ role: "main", kind: "sqlite" }],
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
        secrets: { sshPrivateKey: seal(""), databasePasswords: { packageManager: {}, workbench: {}, connect: {} } },
    };
}
