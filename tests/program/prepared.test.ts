// A database server that stands before its capture (posit:prepare). Proves what the engine is asked for, in each order of commits; not what an old
// state makes of it (make rehearse FINAL_DATABASE=dump).
import assert from "node:assert/strict";
import type { CaptureManifest } from "../../contract/production";
import { build } from "./built";
import { Installation } from "./installation";
import { reachable, Recording, Registration } from "./recorder";
import { Shape, shapes } from "./shapes";
import type { Changes } from "./templates";

const token = "2026-11-28a";
const server = `databases-server-${token}`;

const entry = { role: "main", method: "dump", path: "/x.dump", engineVersion: "15" } as const;
/** All that has to be loaded. */
const dumped: Partial<CaptureManifest> = {
    databases: [],
    volumeDatabases: [
        { ...entry, product: "packageManager", name: "packagemanager", user: "packagemanager" },
        { ...entry, product: "workbench", name: "workbench", user: "workbench" },
        { ...entry, product: "connect", name: "connect", user: "connect" },
    ],
};

const servers = ({ registrations }: Recording) =>
    registrations.filter(({ type }) => type === "aws:rds/instance:Instance");
const names = (recording: Recording) => servers(recording).map(({ name }) => name);

/** What decides whether the engine takes two registrations for the same, unchanged. */
const asKept = ({ urn, parent, inputs, ignoreChanges, protect, retainOnDelete, provider, timeouts }: Registration) => ({
    ...{ urn, parent, inputs, ignoreChanges, protect, retainOnDelete, provider, timeouts },
});

const serverOf = (recording: Recording) => {
    const [found, ...more] = servers(recording).filter(({ name }) => name.startsWith(server));
    assert.deepEqual(more, []);
    return found;
};

describe("a database server that is prepared", () => {
    const prepare = { prepare: token };

    it("is the very one that its restore would make, in phase install, beside another restore and in its own", async () => {
        const wanted = asKept(serverOf(await build(token, dumped)));
        const commits = [
            await build(undefined, {}, {}, prepare),
            await build("2026-11-21a", {}, {}, prepare),
            await build("2026-11-21b", dumped, {}, prepare),
            await build(token, dumped, {}, prepare),
        ];
        for (const commit of commits) assert.deepEqual(asKept(serverOf(commit)), wanted);
    });

    it("leaves a snapshot at its end whenever it goes, since what was loaded is people's", async () => {
        const { inputs, ignoreChanges } = serverOf(await build(undefined, {}, {}, prepare));
        assert.equal(inputs.skipFinalSnapshot, false);
        assert.equal(inputs.finalSnapshotIdentifier, `acme-staging-${token}-final`);
        assert.ok(ignoreChanges.includes("finalSnapshotIdentifier"));
    });

    it("changes nothing else, and nothing waits for it but its own restore", async () => {
        for (const restored of [undefined, "2026-11-21a"]) {
            const [plain, prepared] = [await build(restored), await build(restored, {}, {}, prepare)];
            const others = prepared.registrations.filter(({ name }) => !name.startsWith(server));
            assert.deepEqual(others.map(({ urn }) => urn).sort(), plain.registrations.map(({ urn }) => urn).sort());
            const { urn } = serverOf(prepared);
            // What it is part of waits for it, as for all of its parts.
            const waiting = others.filter(({ id }) => id !== "").filter((one) => reachable(prepared, one).has(urn));
            assert.deepEqual(
                waiting.map(({ name }) => name),
                [],
            );
        }
    });

    it("gets databases and roles by its restore alone, which knows how they sort", async () => {
        const before = await build(undefined, {}, {}, prepare);
        const made = (recording: Recording) =>
            recording.registrations.filter(
                ({ name, type }) => type.startsWith("postgresql:") && name.endsWith(`${token}-database`),
            );
        assert.deepEqual(made(before), []);
        assert.equal(made(await build(token, dumped, {}, prepare)).length, 3);
    });

    it("stays with its restore when the key is taken away, and beside it where there is nothing to load", async () => {
        assert.deepEqual(names(await build(token, dumped)), [`${server}-instance`]);
        assert.deepEqual(names(await build(token, {}, {}, prepare)).sort(), [
            `${server}-instance`,
            `${server}-legacy-db-instance`,
        ]);
        assert.deepEqual(names(await build(token)), [`${server}-legacy-db-instance`]);
    });

    it("is made where a database is on a server only", async () => {
        const volumeDatabases = (["packageManager", "workbench", "connect"] as const).map((product) => ({
            ...{ product, role: "main" as const, method: "sqlite" as const },
        }));
        const onFiles = await build("2026-11-21a", { databases: [], volumeDatabases }, {}, prepare);
        assert.deepEqual(names(onFiles), []);
    });
});

describe("stacks with a database server that is prepared", function () {
    this.timeout(120_000);

    const prepare = { "posit:prepare": token };
    const final = { "posit:captures": [{ token, reopen: false }] };

    const within = async (shape: Shape, steps: (up: Up) => Promise<void>) => {
        const installation = await Installation.of(shape);
        try {
            await steps(async (stack, changes, preview = false) => {
                const ran = await installation.up(stack, changes, { preview });
                assert.equal(ran.refused, undefined);
                return { said: ran.said.join("\n"), contract: installation.published[stack]?.contract ?? {} };
            });
        } finally {
            installation.stop();
        }
    };
    type Up = (
        stack: "staging" | "prod",
        changes?: Changes,
        preview?: boolean,
    ) => Promise<{ said: string; contract: Record<string, unknown> }>;

    // A run each: hosts that are played are closed by a preview too.
    it("hear of it from production, where that sees none", () =>
        within(shapes.mixed, async (up) => {
            await up("prod");
            assert.equal((await up("staging")).contract.prepared, undefined);
            assert.match((await up("prod", final, true)).said, new RegExp(`set posit:prepare: ${token} in the`));
        }));

    it("tell each other of it: production leaves out one that it sees", () =>
        within(shapes.mixed, async (up) => {
            await up("prod");
            assert.equal((await up("staging", prepare)).contract.prepared, token);
            const { said } = await up("prod", final, true);
            assert.match(said, /the server for its dumps stands in \S+\/staging \(posit:prepare\), and nobody waits/);
            assert.ok(!said.includes("set posit:prepare"));
        }));

    it("say so where its capture has nothing to load, and restore it all the same", () =>
        within(shapes.plain, async (up) => {
            await up("prod");
            const installed = await up("staging", prepare);
            assert.ok(!installed.said.includes("posit:prepare"), "nothing is known yet");
            const receipts = installed.contract.receipts as { install: { digest: string } };
            await up("prod", { "posit:captures": [{ token, reopen: true }] });
            const { said, contract } = await up("staging", {
                ...prepare,
                ...{ "posit:phase": "migrate", "posit:restore": token },
                "posit:accepted.install": receipts.install.digest,
            });
            assert.match(said, /a server stands for capture 2026-11-28a and will stay empty\. The capture has no dump/);
            assert.deepEqual([contract.restored, contract.prepared], [token, token]);
        }));
});
