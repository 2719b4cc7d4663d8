// The commands for the day on which a run died: what their file must hold, and what is done about lock and half-done operations.
// Does not prove that hosts open (tests/unit/hosts, make faults).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { Refusal } from "../../../logic/refusal";
import { reveal } from "../../../logic/secret";
import { products } from "../../../products";
import { readHostsFile, readHostsFiles } from "../../../recovery/hostsFile";
import { recover } from "../../../recovery/recover";
import type { ThawStatus } from "../../../recovery/thaw";

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
        const { address, user, privateKey } = read.hosts.connect;
        assert.deepEqual(
            { address, user, privateKey: reveal(privateKey) },
            { address: "10.0.0.1", user: "admin", privateKey: "the key" },
        );
    });

    it("is refused with every problem", () => {
        const text = `privateKeyFile: key\nhosts:\n${hosts.replace("hostKey: ssh-ed25519 AAAA", "")}\nsurplus: 1\n`;
        assert.throws(
            () => readHostsFile(written(text)),
            ({ message }: Error) =>
                /hosts\.packageManager\.hostKey/.test(message) && /user/.test(message) && /surplus/.test(message),
        );
    });

    it("may say how a host differs, and is called by its own name or the file's", () => {
        const own = "address: 10.0.0.2, hostKey: ssh-ed25519 AAAA, productPort: 3000, databaseUnits: [pg.service]";
        const text = `user: admin\nprivateKeyFile: key\nhosts:\n${hosts.replace(/connect: {[^}]*}/, `connect: { ${own}, dataMounts: [/srv] }`)}\n`;
        const read = readHostsFile(written(text));
        assert.deepEqual(read.hosts.connect.layout, {
            dataMounts: [...products.connect.dataMounts, "/srv"],
            databaseUnits: ["pg"],
            port: 3000,
        });
        const earlier = text.replace("databaseUnits: [pg.service]", "databaseUnit: pg.service");
        assert.deepEqual(readHostsFile(written(earlier)).hosts.connect.layout, read.hosts.connect.layout);
        assert.equal(read.hosts.workbench.layout, undefined);
        assert.equal(read.side, "hosts");
        assert.equal(readHostsFile(written(`side: old\n${text}`)).side, "old");
    });

    it("is one a side: two that name the same host are refused", () => {
        const file = written(`user: admin\nprivateKeyFile: key\nhosts:\n${hosts}\n`);
        assert.throws(() => readHostsFiles(`${file},${file}`), /10\.0\.0\.1 is a host of side hosts and of side hosts/);
        assert.equal(readHostsFiles(file).length, 1);
    });

    it("that is no YAML is refused in a sentence", () => {
        assert.throws(
            () => readHostsFile(written("user: [")),
            (error) => error instanceof Refusal && /is no YAML/.test(error.message),
        );
    });

    it("says what is not there", () => {
        assert.throws(
            () => readHostsFile(path.join(folder, "none.yaml")),
            /none\.yaml; `make hosts STACK=prod` writes it, and docs\/runbook\.md/,
        );
        const file = written(`user: admin\nprivateKeyFile: lost\nhosts:\n${hosts}\n`);
        assert.throws(() => readHostsFile(file), /privateKeyFile .*lost is not there/);
    });
});

describe("recovering from a dead run", () => {
    async function recovered(
        pending: object[],
        locked: boolean,
        thawed: ThawStatus = 0,
    ): Promise<{ asked: string[]; said: string; status?: ThawStatus }> {
        const asked: string[] = [];
        const said: string[] = [];
        const status = await recover({
            stack: "prod-of-this-test",
            project: folder,
            thaw: async () => thawed,
            log: (line) => said.push(line),
            pulumi: async (args) => {
                asked.push(args[0]);
                if (args[0] === "cancel" && !locked) throw new Error("no update is in progress");
                return JSON.stringify({ deployment: { pending_operations: pending } });
            },
        });
        return { asked, said: said.join("\n"), status };
    }

    it("takes the lock and half-done operations away, and says so", async () => {
        const pending = [
            { type: "creating", resource: { urn: "urn:pulumi:prod::posit::aws:ebs/snapshot:Snapshot::capture-a" } },
        ];
        const { asked, said, status } = await recovered(pending, true);
        assert.deepEqual(asked, ["stack", "cancel", "refresh"]);
        assert.match(said, /lock .* was taken away/);
        assert.match(said, /half done: creating capture-a/);
        // Before anything is touched.
        assert.match(said, /^no run of stack \S+ goes on on this machine \(.*One elsewhere can't be seen from here/);
        assert.equal(status, 0);
    });

    it("touches no state where nothing was left", async () => {
        const { asked, said } = await recovered([], false);
        assert.deepEqual(asked, ["stack", "cancel"]);
        assert.match(said, /no lock to take away \(no update is in progress\)/);
    });

    it("goes on where production stays closed on purpose, and says so", async () => {
        const { asked, said, status } = await recovered([], true, 3);
        assert.deepEqual(asked, ["stack", "cancel"]);
        assert.match(said, /stays closed on purpose, which is no error of the dead run/);
        assert.equal(status, 3);
    });

    it("goes on where production could not be opened, and does not call it well", async () => {
        const { asked, status } = await recovered([], true, 1);
        assert.deepEqual(asked, ["stack", "cancel"]);
        assert.equal(status, 1);
    });

    describe("whose state can't be read", () => {
        const state = path.join(folder, "state with blanks");
        const stacks = path.join(state, ".pulumi/stacks/posit");
        const file = (name: string) => path.join(stacks, name);
        const url = `file://${state.replace(/ /g, "%20")}?no_tmp_dir=true`;

        /** As the engine behaves with a folder: attributes are read with the state, and needed only where they are. */
        async function recoveredIn(backend: string, unreadable = false): Promise<string> {
            const said: string[] = [];
            await recover({
                stack: "organization/posit/prod",
                project: folder,
                log: (line) => said.push(line),
                pulumi: async ([command]) => {
                    if (command === "whoami" && backend === "") throw new Error("error: not logged in");
                    if (command === "whoami") return JSON.stringify({ user: "somebody", url: backend });
                    if (command !== "stack") return "";
                    const half =
                        fs.existsSync(file("prod.json.attrs")) && fs.statSync(file("prod.json.attrs")).size === 0;
                    if (half || unreadable) throw new Error("Command failed\nerror: failed to load checkpoint: EOF");
                    return JSON.stringify({ deployment: {} });
                },
            });
            return said.join("\n");
        }

        beforeEach(() => {
            fs.mkdirSync(stacks, { recursive: true });
            fs.writeFileSync(file("prod.json"), "{}");
            fs.writeFileSync(file("prod.json.attrs"), "");
            fs.writeFileSync(file("prod.json.bak.attrs"), '{"user.cache_control":""}');
            fs.writeFileSync(file("prod-2.json.attrs"), "");
        });

        it("is readable again without the attributes that were left half written", async () => {
            assert.match(
                await recoveredIn(url),
                /prod\.json\.attrs was left half written[^]*no operation was left half done/,
            );
            assert.deepEqual(fs.readdirSync(stacks).sort(), ["prod-2.json.attrs", "prod.json", "prod.json.bak.attrs"]);
        });

        it("is said to be so in a sentence, with what to do", async () => {
            const sentence = (error: Error) =>
                error instanceof Refusal &&
                /prod can't be read: error: failed to load .*EOF\. Bring its last/.test(error.message);
            await assert.rejects(recoveredIn(url, true), sentence);
            await assert.rejects(recoveredIn("https://app.pulumi.com/somebody", true), sentence);
            await assert.rejects(recoveredIn("", true), sentence); // a backend that nobody is logged in to
        });
    });
});
