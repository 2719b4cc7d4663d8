// `make hosts`: what it writes from a stack file and from a stack's outputs, what it says is missing, and that it loses nothing of a person's.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { generateKeyPair } from "../../../lab/keyPair";
import { Refusal } from "../../../logic/refusal";
import { reveal } from "../../../logic/secret";
import { perProduct, productIds } from "../../../products";
import { readHostsFile } from "../../../recovery/hostsFile";
import { writeHosts, WriteHostsOptions } from "../../../recovery/writeHosts";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "write-hosts-"));
const pair = generateKeyPair();
const hostKey = pair.public;
fs.writeFileSync(path.join(folder, "key"), pair.private);

const host = (address: string, more: object = {}) => ({
    instanceId: "i-0123456789abcdef0",
    address,
    hostKey,
    dataVolumes: [{ volumeId: "vol-0123456789abcdef0", mount: "/data" }],
    databases: [{ kind: "sqlite" }],
    ...more,
});
const current = {
    packageManager: host("10.1.0.10"),
    workbench: host("10.1.0.11", { user: "admin", port: 2222, dataVolumes: [{ volumeId: "v", mount: "/home" }] }),
    connect: host("10.1.0.12", { productPort: 3000, databases: [{ kind: "local", unit: "postgresql@15-main" }] }),
};
const bastion = { address: "203.0.113.5", user: "jump", hostKey };

function stackFile(stack: string, config: Record<string, unknown>): void {
    const named = Object.fromEntries(Object.entries(config).map(([key, value]) => [`posit:${key}`, value]));
    const secrets = { "posit:secrets": { sshPrivateKey: { secure: "v1:cipher" } } };
    fs.writeFileSync(path.join(folder, `Pulumi.${stack}.yaml`), stringify({ config: { ...named, ...secrets } }));
}

async function written(options: Partial<WriteHostsOptions> = {}): Promise<{ file: string; said: string }> {
    const said: string[] = [];
    const file = await writeHosts({
        stack: "prod",
        key: "key",
        force: false,
        project: folder,
        pulumi: () => assert.fail("the engine was asked"),
        log: (line) => said.push(line),
        ...options,
    });
    return { file, said: said.join("\n") };
}

async function refused(options: Partial<WriteHostsOptions> = {}): Promise<string> {
    try {
        await written(options);
    } catch (error) {
        assert.ok(error instanceof Refusal, (error as Error).stack);
        return error.message;
    }
    assert.fail("it was written");
}

const contract = {
    contract: "posit-environment/1",
    phase: "migrate",
    hosts: perProduct((product) => host(`10.2.0.${product.length}`, { user: "ops" })),
    databases: perProduct(() => ({ kind: "sqlite" })),
    receipts: {},
    names: perProduct((product) => `${product}.example.com`),
};

describe("make hosts", () => {
    beforeEach(() => {
        for (const name of fs.readdirSync(folder)) if (name !== "key") fs.rmSync(path.join(folder, name));
        stackFile("prod", {
            role: "production",
            ssh: { user: "operator", bastion },
            current,
            captures: [{ startSeconds: 600 }],
        });
    });

    it("writes what the stack file says of the hosts, and no secret", async () => {
        const { file } = await written();
        assert.equal(path.basename(file), "hosts.yaml");
        assert.doesNotMatch(fs.readFileSync(file, "utf8"), /PRIVATE|cipher/);
        const { side, startSeconds, hosts } = readHostsFile(file);
        assert.deepEqual([side, startSeconds], ["listed", 600]);
        const { workbench, connect, packageManager } = hosts;
        assert.deepEqual(
            [packageManager.user, packageManager.port, workbench.user, workbench.port],
            ["operator", undefined, "admin", 2222],
        );
        assert.deepEqual([connect.layout?.port, connect.layout?.databaseUnits], [3000, ["postgresql@15-main"]]);
        assert.ok(packageManager.layout?.dataMounts.includes("/data"));
        assert.equal(workbench.layout, undefined, "usual places need no saying");
        assert.deepEqual([connect.bastion?.address, connect.bastion?.user], ["203.0.113.5", "jump"]);
        assert.equal(reveal(connect.privateKey), pair.private);
    });

    it("writes a database's unit also from a stack file that an earlier version took", async () => {
        const { databases, ...connect } = current.connect;
        const [database] = databases;
        stackFile("prod", {
            role: "production",
            ssh: { user: "operator" },
            current: { ...current, connect: { ...connect, database } },
        });
        const { hosts } = readHostsFile((await written()).file);
        assert.deepEqual(hosts.connect.layout?.databaseUnits, ["postgresql@15-main"]);
    });

    it("refuses what is no stack file", async () => {
        for (const text of ["- a list", "config: 7", "just words"]) {
            fs.writeFileSync(path.join(folder, "Pulumi.prod.yaml"), text);
            assert.match(await refused(), /Pulumi\.prod\.yaml is no stack file/, text);
        }
    });

    it("says so when nothing changed, and takes the key's place from the file that is there", async () => {
        await written();
        assert.match((await written({ key: undefined })).said, /is up to date/);
    });

    it("writes over what differs only when it is told so", async () => {
        const { file } = await written();
        const edited = fs.readFileSync(file, "utf8").replace("10.1.0.10", "10.9.9.9");
        fs.writeFileSync(file, edited);
        assert.match(await refused(), /differs; FORCE=1[^]*- .*10\.9\.9\.9[^]*\+ .*10\.1\.0\.10/);
        assert.equal(fs.readFileSync(file, "utf8"), edited);
        await written({ force: true });
        assert.equal(readHostsFile(file).hosts.packageManager.address, "10.1.0.10");
    });

    it("takes an environment's hosts from its outputs, whoever names it", async () => {
        const asked: string[][] = [];
        const pulumi = async (args: string[]) => {
            asked.push(args);
            return JSON.stringify(args.includes("--show-secrets") ? contract : "[secret]");
        };
        stackFile("prod", { role: "production", current: { stack: "acme/posit/blue" } });
        const named = await written({ pulumi });
        assert.equal(readHostsFile(named.file).side, "blue");
        assert.equal(readHostsFile(named.file).hosts.connect.user, "ops");
        assert.equal(readHostsFile(named.file).hosts.connect.port, undefined, "an older version published none");
        stackFile("staging", { role: "environment", ssh: { port: 2200 } });
        const own = await written({ stack: "staging", pulumi });
        assert.equal(path.basename(own.file), "hosts-staging.yaml");
        assert.equal(readHostsFile(own.file).hosts.connect.port, 2200);
        assert.deepEqual(
            asked.map((args) => args[args.indexOf("--stack") + 1]),
            ["acme/posit/blue", "acme/posit/blue", "staging", "staging"],
        );
    });

    it("dials an environment's hosts by the port that it publishes, whatever the port of production's is", async () => {
        const hosts = perProduct((product) => ({
            ...host("10.2.0.1"),
            user: "ops",
            port: product === "connect" ? 22 : 2222,
        }));
        const pulumi = async () => JSON.stringify({ ...contract, hosts });
        stackFile("prod", { role: "production", ssh: { port: 2200 }, current: { stack: "acme/posit/blue" } });
        const read = readHostsFile((await written({ pulumi })).file).hosts;
        assert.deepEqual([read.connect.port ?? 22, read.workbench.port], [22, 2222]);
    });

    it("says where a product of an environment listens, where that is not its usual port", async () => {
        const local = (product: string, port: number) => ({ scheme: "http", host: `10.2.0.${product.length}`, port });
        const hosts = {
            ...contract.hosts,
            connect: { ...contract.hosts.connect, local: local("connect", 8080) },
            workbench: { ...contract.hosts.workbench, local: local("workbench", 8787) },
        };
        stackFile("prod", { role: "production", current: { stack: "blue" } });
        const { file } = await written({ pulumi: async () => JSON.stringify({ ...contract, hosts }) });
        const { connect, workbench } = readHostsFile(file).hosts;
        assert.deepEqual([connect.layout?.port, workbench.layout?.port], [8080, undefined]);
    });

    it("tells of the other side once that serves", async () => {
        stackFile("prod", { role: "production", current, serve: { stack: "staging" } });
        assert.match((await written()).said, /make hosts STACK=staging.*HOSTS=hosts\.yaml,hosts-staging\.yaml/);
    });

    it("says what is missing, all of it", async () => {
        assert.match(await refused({ stack: "none" }), /there is no .*Pulumi\.none\.yaml/);
        assert.match(await refused({ key: undefined }), /KEY=/);
        assert.match(await refused({ key: "/nowhere/key" }), /there is no \/nowhere\/key/);
        stackFile("prod", { role: "production", current: { ...current, connect: { hostKey }, workbench: undefined } });
        assert.match(await refused(), /current\.workbench[^]*current\.connect\.address/);
        stackFile("prod", {
            role: "production",
            current: { ...current, connect: host("10.1.0.12", { hostKey: "ssh-ed25519 AAAA…" }) },
        });
        assert.match(await refused(), /connect: hostKey is no whole public host key/);
        stackFile("prod", { role: "production" });
        assert.match(await refused(), /posit:current/);
        stackFile("staging", { role: "environment" });
        const unpublished = async () => {
            throw new Error("error: current stack does not have output property 'contract'");
        };
        assert.match(await refused({ stack: "staging", pulumi: unpublished }), /run `pulumi up --stack staging` first/);
    });

    it("refuses a key that opens nothing", async () => {
        fs.writeFileSync(path.join(folder, "public"), pair.public);
        assert.match(await refused({ key: "public" }), /is a public key/);
    });

    it("writes for the template, once its placeholders are filled", async () => {
        const template = fs.readFileSync(path.join(__dirname, "../../../Pulumi.prod.yaml"), "utf8");
        fs.writeFileSync(path.join(folder, "Pulumi.prod.yaml"), template);
        assert.match(await refused(), /hostKey is no whole public host key/);
        const filled = template.replace(/ssh-ed25519 AAAA[A-Za-z0-9+/]*REPLACEME[A-Za-z0-9+/]*/g, hostKey);
        fs.writeFileSync(path.join(folder, "Pulumi.prod.yaml"), filled);
        const { file } = await written();
        assert.deepEqual(Object.keys((parse(fs.readFileSync(file, "utf8")) as { hosts: object }).hosts), [
            ...productIds,
        ]);
    });
});
