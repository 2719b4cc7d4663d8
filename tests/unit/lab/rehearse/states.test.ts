// States are kept as exports, in the order of the commits. Does not prove that the engine's file is as it is here: the rehearsal writes the real one.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { sameServer, serversOf } from "../../../../lab/rehearse/proofs/prepared";
import { keepState, keptState } from "../../../../lab/rehearse/states";

describe("states of a rehearsal", () => {
    it("are kept after each commit, in the format of an export", () => {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "states-"));
        const [from, to] = [path.join(folder, "backend"), path.join(folder, "states")];
        const stacks = path.join(from, ".pulumi/stacks/posit");
        try {
            fs.mkdirSync(stacks, { recursive: true });
            const latest = { resources: [{ urn: "urn:pulumi:prod::posit::a:b/c:C::d", type: "a:b/c:C" }] };
            fs.writeFileSync(
                path.join(stacks, "prod.json"),
                JSON.stringify({ version: 3, checkpoint: { stack: "prod", latest } }),
            );
            fs.writeFileSync(path.join(stacks, "staging.json"), JSON.stringify({ version: 3, checkpoint: {} }));
            keepState("inventory", "prod", from, to);
            keepState("install", "staging", from, to);
            assert.deepEqual(fs.readdirSync(to), ["01-inventory-prod.json", "02-install-staging.json"]);
            const read = (name: string) => JSON.parse(fs.readFileSync(path.join(to, name), "utf8")) as unknown;
            assert.deepEqual(read("01-inventory-prod.json"), { version: 3, deployment: latest });
            assert.deepEqual(read("02-install-staging.json"), { version: 3, deployment: {} });
            keepState("inventory", "prod", from, to);
            fs.writeFileSync(path.join(to, "03-inventory-prod.json"), "the later one");
            assert.equal(keptState("inventory", "prod", to), "the later one");
            assert.throws(() => keptState("inventory", "staging", to), /No state of staging was kept after inventory/);
        } finally {
            fs.rmSync(folder, { recursive: true });
        }
    });

    it("tell whether a server is the one that stood before", () => {
        const instance = "aws:rds/instance:Instance";
        const urn = (name: string) => `urn:pulumi:staging::posit::a:b:C$${instance}::${name}`;
        const state = (...servers: [name: string, id: string, created: string][]) =>
            JSON.stringify({
                version: 3,
                deployment: {
                    resources: [
                        { type: "pulumi:pulumi:Stack", urn: "urn:pulumi:staging::posit::pulumi:pulumi:Stack::x" },
                        ...servers.map(([name, id, created]) => ({ type: instance, urn: urn(name), id, created })),
                    ],
                },
            });
        const of = (...servers: [string, string, string][]) => serversOf(state(...servers), "final-b");
        const stood = of(
            ["databases-server-final-b-instance", "db-1", "10:00"],
            ["databases-server-a-instance", "z", ""],
        );
        assert.deepEqual(stood, ["databases-server-final-b-instance db-1 made 10:00"]);
        assert.ok(sameServer(stood, stood));
        assert.ok(!sameServer(stood, of(["databases-server-final-b-instance", "db-1", "11:00"])));
        assert.ok(!sameServer(stood, of(["databases-server-final-b-old-db-instance", "db-1", "10:00"])));
        assert.ok(!sameServer([], []));
    });
});
