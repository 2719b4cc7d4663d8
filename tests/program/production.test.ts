// The production stack as the program asks for it, run under mocks with hosts, zone and peers that the test answers for: who is asked, what is
// registered in which order, what is refused before anything is, what is published. Not that hosts obey (tests/unit/hosts, the rehearsal).
import * as assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { ProductionConfig, productionSchema } from "../../config/schema";
import type { HostState } from "../../contract/host";
import type { Serving } from "../../contract/production";
import type { HeldRecords } from "../../logic/servingRecords";
import { perProduct, ProductId, productIds, products } from "../../products";
import { forgetPeers } from "../../stacks/peers";
import { productionStack } from "../../stacks/production";
import type { ServingQuestions } from "../../stacks/questions";
import { down, hostState, leadingTo, names, published, staying, stayingMarker } from "../unit/logic/servingWorld";
import { reachable, record, Recording, Registration } from "./recorder";
import { answer, environmentConfig, inventory, manifest } from "./world";
import { generateKeyPair } from "../../lab/keyPair";

const { sshPrivateKey } = environmentConfig.secrets;
const hostKey = generateKeyPair().public;
const newSide = "organization/posit/staging";
const index = (product: ProductId) => productIds.indexOf(product);

const configured = (change: object = {}): ProductionConfig => ({
    ...productionSchema.parse({
        role: "production",
        project: "acme",
        current: perProduct((product) => ({
            instanceId: `i-0123456789abcdef${index(product)}`,
            address: `192.168.0.${index(product)}`,
            publicAddress: `10.1.0.${index(product)}`,
            ...(product === "connect" && { productPort: 3940 }),
            hostKey,
            dataVolumes: products[product].dataMounts.map((mount) => ({ volumeId: "vol-0123456789abcdef0", mount })),
            databases: [{ kind: "sqlite" }],
        })),
        captures: [{ token: "fff", reopen: false }],
        entryPoints: { zone: "Z1", ...names },
        environments: ["staging"],
        ...change,
    }),
    secrets: { sshPrivateKey, databasePasswords: perProduct(() => ({})) },
});

const environment = {
    contract: "posit-environment/1",
    phase: "migrate",
    hosts: perProduct((product) => ({
        instanceId: `i-new-${product}`,
        address: `10.2.0.${index(product)}`,
        hostKey: "ssh-ed25519 AAAA",
        user: "admin",
        dataVolumes: [],
    })),
    databases: perProduct(() => ({ kind: "sqlite" })),
    receipts: { migrate: { digest: "sha256:m", body: { passed: true } } },
    restored: "fff",
    accepted: { migrate: "sha256:m" },
    names,
};

interface Scene {
    config?: object;
    last?: Serving;
    listed?: Partial<HostState> | Error;
    fresh?: Partial<HostState> | Error;
    zone?: HeldRecords;
    /** What the zone has once everything was registered. */
    zoneAfter?: HeldRecords;
    preview?: boolean;
    /** What the last run published of what was found. */
    found?: { verdict: "declare" | "refused" };
    /** The capture is of the volumes that production still has. */
    sameVolumes?: boolean;
}

const asked: string[] = [];
const remembered: string[] = [];

function questionsOf({ listed = {}, fresh = down("quarantined", "fff"), zone, zoneAfter }: Scene): ServingQuestions {
    let times = 0;
    return {
        state: async ({ target, layout }, product) => {
            asked.push(`${target.address} ${layout?.port ?? ""}`.trim());
            const found = target.address.startsWith("192.") ? listed : fresh;
            if (found instanceof Error) throw found;
            return hostState(product, found);
        },
        marker: async ({ target }, _product, token) => {
            remembered.push(`${target.address} ${token}`);
            if (listed instanceof Error) throw listed;
            return token === "fff" ? { ...stayingMarker, token } : { token, state: "absent" };
        },
        changes: async (_host, product) => ({ product, since: "then", files: 3, examples: ["/var/lib/x"] }),
        databaseFacts: () => Promise.reject(new Error("no database answers over the network")),
        dryRun: () => Promise.reject(new Error("no database is on RDS")),
        instance: async () => "running",
        answers: () => Promise.reject(new Error("no name is asked where records are")),
        records: async () => (times++ === 0 ? (zone ?? leadingTo("listed")) : (zoneAfter ?? zone ?? leadingTo("new"))),
    };
}

async function run(scene: Scene = {}): Promise<Recording> {
    forgetPeers();
    asked.length = remembered.length = 0;
    const recorded = manifest("fff");
    const volumes = recorded.volumes.map((one) => ({ ...one, volumeId: "vol-0123456789abcdef0" }));
    const own = {
        captures: { fff: { ...recorded, ...(scene.sameVolumes && { volumes }), final: true } },
        serving: scene.last ?? { side: "listed", records: published("listed"), commands: {} },
        inventory: perProduct((product) => ({
            ...inventory(product),
            findings: [scene.found ?? []].flat().map((found) => ({ code: "x", detail: "x", remedy: "x", ...found })),
        })),
    };
    return record(() => productionStack(configured(scene.config), questionsOf(scene)), {
        stack: "prod",
        preview: scene.preview,
        answer: (args) => {
            if (args.type === "pulumi:pulumi:StackReference") {
                const contract = args.name.endsWith("/prod") ? own : environment;
                const outputs = { contract, secrets: { databasePasswords: {} } };
                return { id: args.name, state: { ...args.inputs, outputs, secretOutputNames: [] } };
            }
            const [, script, product] = /^sudo -n bash -s -- ([\w-]+):?(\w*)/.exec(String(args.inputs.create)) ?? [];
            const found = answer(args);
            return script === "inventory"
                ? { ...found, state: { ...found.state, stdout: JSON.stringify(inventory(product as ProductId)) } }
                : script === "secrets"
                  ? { ...found, state: { ...found.state, stdout: JSON.stringify({ files: [] }) } }
                  : found;
        },
        lookup: ({ token }) => {
            if (token === "aws:index/getRegion:getRegion") return { region: "us-east-1" };
            if (token === "aws:ebs/getSnapshotIds:getSnapshotIds") return { ids: [] };
            throw new Error(`the program asked for ${token}`);
        },
    });
}

const moveCommands = ({ registrations }: Recording) =>
    registrations.filter(({ name }) => /^entry-points-.*i-/.test(name));
const records = ({ registrations }: Recording) =>
    registrations.filter(({ type }) => type === "aws:route53/record:Record");
const action = ({ inputs }: Registration) => (inputs.triggers as string[])[0];
const refused = async (scene: Scene, expected: RegExp) => {
    forgetPeers();
    await assert.rejects(run(scene), (error: Error) => {
        assert.match(String(error.message), expected);
        return true;
    });
};
const servingOf = async ({ outputs }: Recording) =>
    new Promise<Serving>((resolve) =>
        pulumi.output((outputs.contract as { serving: Serving }).serving).apply((value) => resolve(value as Serving)),
    );
const forward = { config: { serve: { stack: "staging" } }, listed: { ...staying, token: "fff" } };

describe("a production stack", () => {
    it("changes nothing at its first run: every name as it is, no command on any host", async () => {
        const built = await run();
        assert.deepEqual(moveCommands(built), []);
        assert.deepEqual(
            records(built).map(({ inputs, importId }) => [inputs.records, inputs.ttl, inputs.allowOverwrite, importId]),
            productIds.map((product) => [[`10.1.0.${index(product)}`], 60, undefined, `Z1_${names[product]}_A`]),
        );
        assert.ok(records(built).every(({ retainOnDelete }) => retainOnDelete));
    });

    it("asks both sides once, each at the address and port where it is reached", async () => {
        await run();
        assert.deepEqual([...asked].sort(), [
            "10.2.0.0 4242",
            "10.2.0.1 8787",
            "10.2.0.2 3939",
            "192.168.0.0 4242",
            "192.168.0.1 8787",
            "192.168.0.2 3940",
        ]);
    });

    it("asks each host once what it remembers of the capture that is served, for the move and for the capture", async () => {
        await run({ ...forward, sameVolumes: true });
        assert.deepEqual([...remembered].sort(), ["192.168.0.0 fff", "192.168.0.1 fff", "192.168.0.2 fff"]);
    });

    for (const preview of [false, true]) {
        it(`refuses before anything is registered${preview ? ", also in a preview" : ""}`, async () => {
            await refused(
                { ...forward, listed: {}, preview },
                /\[serve\.window\].*connect.*3 files changed since then/s,
            );
            await refused({ ...forward, fresh: new Error("timed out"), preview }, /\[serve\.unreachable\].*timed out/);
        });
    }

    it("moves in the plan's order: down, up in the order of starting, health, names, and then says so", async () => {
        const built = await run(forward);
        const by = (what: string) => moveCommands(built).filter((command) => action(command) === what);
        assert.deepEqual(
            by("retire")
                .map(({ name }) => name)
                .sort(),
            productIds
                .map((product) => `entry-points-${products[product].slug}-i-0123456789abcdef${index(product)}`)
                .sort(),
        );
        const after = (later: Registration[], earlier: Registration[]) =>
            later.forEach((one) =>
                earlier.forEach(({ urn, name }) =>
                    assert.ok(reachable(built, one).has(urn), `${one.name} after ${name}`),
                ),
            );
        after(by("open"), by("retire"));
        const [first, second, third] = productIds.map((product) =>
            by("open").filter(({ name }) => name.includes(`-i-new-${product}`)),
        );
        after(second, first);
        after(third, second);
        after(by("health"), by("open"));
        after(records(built), by("health"));
        assert.ok(moveCommands(built).every(({ ignoreChanges }) => ignoreChanges.length === 0));
        const serving = await servingOf(built);
        assert.equal(serving.side, newSide);
        assert.equal(Object.keys(serving.commands!).length, 9);
    });

    it("publishes nothing when a name does not lead where it should", async () => {
        await refused(
            { ...forward, zoneAfter: leadingTo("listed") },
            /should lead to 10\.2\.0\.0 by now, and the zone has 10\.1\.0\.0/,
        );
    });

    it("leaves what stands alone, also with the old hosts stopped for weeks", async () => {
        const last = await servingOf(await run(forward));
        for (const listed of [down("retired", "fff"), new Error("timed out")]) {
            const built = await run({ ...forward, listed, fresh: {}, zone: leadingTo("new"), last });
            assert.equal(moveCommands(built).length, 9);
            for (const { ignoreChanges, inputs, name } of moveCommands(built)) {
                assert.ok(
                    ["connection", "stdin", "triggers"].every((input) => ignoreChanges.includes(input)),
                    name,
                );
                assert.equal((inputs.triggers as string[])[1], Object.values(last.commands!)[0].move);
            }
            const inventories = built.registrations.filter(({ name }) => name.startsWith("inventory-"));
            assert.ok(
                inventories.every(({ ignoreChanges }) => ignoreChanges.includes("stdin") === listed instanceof Error),
            );
            assert.deepEqual(await servingOf(built), last);
        }
    });

    it("reads production anew when it begins a capture, and without one while something is refused; otherwise what was read stands", async () => {
        const environments = { environments: [] };
        const begins = { config: { ...environments, captures: [{ token: "ggg", reopen: true }] } };
        const none = { config: { ...environments, captures: [] } };
        const table: [Scene, boolean][] = [
            [{ ...begins, preview: true }, true],
            [{ ...none, found: { verdict: "refused" } }, true],
            [{ found: { verdict: "refused" } }, false],
            [{ ...none, found: { verdict: "declare" } }, false],
            [none, false],
        ];
        for (const [scene, anew] of table) {
            const { registrations } = await run(scene);
            const readings = registrations.filter(({ name }) => /^(inventory|secrets)-/.test(name));
            assert.equal(readings.length, 6);
            for (const { name, inputs, ignoreChanges } of readings) {
                assert.deepEqual(ignoreChanges, anew ? [] : ["triggers[0]"], name);
                assert.match(String((inputs.triggers as string[])[0]), anew ? / at 2\d{3}-.*Z$/ : /^first$/, name);
            }
        }
    });

    it("dials a host that serves and can't be asked, so that a mistyped key or address is found", async () => {
        const built = await run({ listed: new Error("shows another host key") });
        const inventories = built.registrations.filter(({ name }) => name.startsWith("inventory-"));
        assert.ok(inventories.every(({ ignoreChanges }) => !ignoreChanges.includes("connection")));
    });

    it("goes on while a host can't be asked and a capture only waits, which may take its warm-ups; refuses to begin one", async () => {
        const captures = (change: object) => [
            { token: "fff", reopen: false },
            { token: "ggg", reopen: true, ...change },
        ];
        const listed = new Error("timed out");
        const notBefore = "2999-01-01T00:00:00Z";
        const built = await run({ config: { captures: captures({ notBefore }) }, listed });
        const taken = built.registrations.filter(({ type }) => type === "aws:ebs/snapshot:Snapshot");
        assert.ok(taken.length > 0);
        assert.ok(taken.every(({ name, hooks }) => name.includes("warm-up") && hooks.beforeCreate.length === 0));
        await refused(
            { config: { captures: captures({}) }, listed },
            /capture ggg can neither begin nor be adopted while packageManager can't be asked .*timed out; workbench/,
        );
    });

    it("says a refusal as one, with both values, when a name is somewhere else at the first run", async () => {
        await refused(
            {
                last: { side: "listed", records: {} },
                zone: { ...leadingTo("listed"), [names.connect]: [{ type: "A", values: ["203.0.113.11"], ttl: 3600 }] },
            },
            /\[names\] .*203\.0\.113\.11 with TTL 3600, the configuration would make it 10\.1\.0\.2 with TTL 60/,
        );
    });
});
