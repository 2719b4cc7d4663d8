// The commands for the day on which a run died: what their file must hold, and what is done about lock and half-done operations.
// Does not prove that hosts open (tests/unit/hosts, make faults).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { readHostsFile } from "../../../recovery/hostsFile";
import { recover } from "../../../recovery/recover";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "recovery-"));
const hosts = ["packageManager", "workbench", "connect"]
    .map((product) => `  ${product}: { address: 10.0.0.1, hostKey: ssh-ed25519 AAAA }`)
    .join("\n");

function written(text: string): string {
    const file = path.join(folder, "hosts.yaml");
    fs.writeFileSync(file, text);
    fs.writeFileSync(path.join(folder, "key"), "the key");
    return file;
}

describe("the hosts file", () => {
    it("names hosts and a key beside it", () => {
        const read = readHostsFile(written(`user: admin\nprivateKeyFile: key\nhosts:\n${hosts}\n`));
        const { address, user, privateKey } = read.connect;
        assert.deepEqual({ address, user, privateKey }, { address: "10.0.0.1", user: "admin", privateKey: "the key" });
    });

    it("is refused with every problem", () => {
        const text = `privateKeyFile: key\nhosts:\n${hosts.replace("hostKey: ssh-ed25519 AAAA", "")}\nsurplus: 1\n`;
        assert.throws(
            () => readHostsFile(written(text)),
            ({ message }: Error) =>
                /hosts\.packageManager\.hostKey/.test(message) && /user/.test(message) && /surplus/.test(message),
        );
    });

    it("says what is not there", () => {
        assert.throws(() => readHostsFile(path.join(folder, "none.yaml")), /none\.yaml; docs\/runbook\.md/);
        const file = written(`user: admin\nprivateKeyFile: lost\nhosts:\n${hosts}\n`);
        assert.throws(() => readHostsFile(file), /privateKeyFile .*lost is not there/);
    });
});

describe("recovering from a dead run", () => {
    async function recovered(
        pending: object[],
        locked: boolean,
    ): Promise<{ asked: string[]; said: string; open: boolean }> {
        const asked: string[] = [];
        const said: string[] = [];
        const open = await recover({
            stack: "prod-of-this-test",
            project: folder,
            thaw: async () => true,
            log: (line) => said.push(line),
            pulumi: async (args) => {
                asked.push(args[0]);
                if (args[0] === "cancel" && !locked) throw new Error("no update is in progress");
                return JSON.stringify({ deployment: { pending_operations: pending } });
            },
        });
        return { asked, said: said.join("\n"), open };
    }

    it("takes the lock and half-done operations away, and says so", async () => {
        const pending = [
            { type: "creating", resource: { urn: "urn:pulumi:prod::posit::aws:ebs/snapshot:Snapshot::capture-a" } },
        ];
        const { asked, said, open } = await recovered(pending, true);
        assert.deepEqual(asked, ["cancel", "stack", "refresh"]);
        assert.match(said, /lock .* was taken away/);
        assert.match(said, /half done: creating capture-a/);
        assert.ok(open);
    });

    it("touches no state where nothing was left", async () => {
        const { asked, said } = await recovered([], false);
        assert.deepEqual(asked, ["cancel", "stack"]);
        assert.match(said, /no lock to take away \(no update is in progress\)/);
    });
});
