// The lab's plugins under the real engine: every family is created, a second `up`, a refresh and a preview have nothing to do,
// secrets stay encrypted in state, an existing record is taken over, and destroy leaves nothing. Needs root; some two minutes.
import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { bundlePrograms, programPath } from "../../lab/toolchain/bundle";
import { findEngine } from "../../lab/toolchain/ladder";
import { companyGateway } from "../../lab/cloud/network/reach";
import { createTestLab, TestLab } from "./testLab";

const checkout = path.join(__dirname, "../..");
const password = "correct-horse-battery";

describe("the lab's plugins", function () {
    this.timeout(600_000);
    let lab: TestLab;
    let engine: string;
    let project: string;

    before(async () => {
        engine = (await findEngine()).path;
        await bundlePrograms();
        lab = createTestLab();
        await lab.lifecycle("start");
        const { zoneId } = await lab.call("CreateHostedZone", { name: "example.com" });
        await lab.call("ChangeRecordSet", {
            change: "CREATE",
            zoneId,
            name: "old.example.com",
            type: "A",
            ttl: 60,
            records: ["10.10.1.10"],
        });
        await lab.call("ChangeRecordSet", {
            change: "CREATE",
            zoneId,
            name: "differs.example.com",
            type: "A",
            ttl: 3600,
            records: ["203.0.113.11"],
        });
        await lab.call("ChangeRecordSet", {
            change: "CREATE",
            zoneId,
            name: "www.example.com",
            type: "A",
            ttl: 0,
            records: [],
            alias: { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" },
        });
        project = path.join(lab.folder, "project");
        fs.mkdirSync(path.join(project, "state"), { recursive: true });
        const plugins = ["aws", "command", "postgresql"]
            .map((name) => `    - name: ${name}\n      path: ${path.dirname(programPath(`pulumi-resource-${name}`))}`)
            .join("\n");
        fs.writeFileSync(
            path.join(project, "Pulumi.yaml"),
            `name: probe\nruntime: nodejs\nmain: ${path.relative(project, path.join(checkout, "tests/lab/providersProgram/index.ts"))}\nplugins:\n  providers:\n${plugins}\n`,
        );
        execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(project, "key")]);
        await pulumi("stack", "init", "dev");
        await pulumi("config", "set", "aws:region", "us-east-1");
        await pulumi("config", "set", "probe:zoneId", zoneId);
        await pulumi("config", "set", "probe:transitGatewayId", companyGateway);
        await pulumi("config", "set", "probe:publicKey", fs.readFileSync(path.join(project, "key.pub"), "utf8").trim());
        await pulumi("config", "set", "--secret", "probe:password", password);
        await pulumi(
            "config",
            "set",
            "--secret",
            "probe:privateKey",
            "--",
            fs.readFileSync(path.join(project, "key"), "utf8"),
        );
    });

    after(async () => {
        await lab?.lifecycle("remove");
        fs.rmSync(lab?.folder ?? "/nonexistent", { recursive: true, force: true });
    });

    function pulumi(...args: string[]): Promise<string> {
        const env = {
            ...process.env,
            PATH: `${path.join(checkout, ".build")}:${process.env.PATH}`,
            PULUMI_HOME: path.join(project, "home"),
            PULUMI_BACKEND_URL: `file://${path.join(project, "state")}`,
            PULUMI_CONFIG_PASSPHRASE: "probe",
            PULUMI_SKIP_UPDATE_CHECK: "true",
            PULUMI_NODEJS_TRANSPILE_ONLY: "true",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            POSIT_LAB_CLOUD: path.join(lab.folder, ".lab/cloud/cloud.sock"),
        };
        const stack = args[0] === "stack" && args[1] === "init" ? [] : ["--stack", "dev"];
        const child = spawn(
            "ip",
            [
                "netns",
                "exec",
                `${lab.prefix}-op`,
                engine,
                ...args.slice(0, args.indexOf("--") < 0 ? undefined : args.indexOf("--")),
                ...stack,
                "--non-interactive",
                ...(args.includes("--") ? args.slice(args.indexOf("--")) : []),
            ],
            { cwd: project, env },
        );
        let said = "";
        child.stdout.on("data", (chunk: Buffer) => (said += chunk.toString()));
        child.stderr.on("data", (chunk: Buffer) => (said += chunk.toString()));
        return new Promise((resolve, reject) =>
            child.once("close", (code) =>
                code === 0
                    ? resolve(said)
                    : reject(new Error(`pulumi ${args.slice(0, 3).join(" ")}:\n${said.slice(-6000)}`)),
            ),
        );
    }

    it("previews and creates everything", async () => {
        await pulumi("preview");
        await pulumi("up", "--yes", "--skip-preview");
        assert.match(await pulumi("stack", "output", "said"), /of 1/);
    });

    it("has nothing to do a second time, after a refresh, and in a preview", async () => {
        await pulumi("up", "--yes", "--skip-preview", "--expect-no-changes");
        await pulumi("refresh", "--yes", "--skip-preview", "--expect-no-changes");
        await pulumi("preview", "--expect-no-changes");
        assert.match(await pulumi("stack", "output", "held"), /1/);
    });

    // The engine says no more than "import" and "update": whoever must not lose a value has to compare beforehand.
    it("overwrites a record that it was to take over, where the values differ", async () => {
        const { zones } = await lab.call("DescribeHostedZones", {});
        const { records } = await lab.call("ListRecordSets", { zoneId: zones[0].zoneId });
        const found = records.find((record) => record.name === "differs.example.com");
        assert.deepEqual([found?.ttl, found?.records], [60, ["10.10.1.12"]]);
    });

    it("answers an alias without records and without a TTL, as the real provider does", async () => {
        const sets = JSON.parse(await pulumi("stack", "output", "--json", "sets")) as Record<string, unknown>[];
        const alias = sets.find(({ name }) => name === "www.example.com.");
        assert.ok(alias && !("resourceRecords" in alias) && !("ttl" in alias) && "aliasTarget" in alias);
    });

    it("keeps secrets encrypted in state", async () => {
        const state = await pulumi("stack", "export");
        assert.ok(!state.includes(password));
        assert.ok(!state.includes("OPENSSH PRIVATE KEY"));
    });

    it("sees drift and puts it back", async () => {
        const { zones } = await lab.call("DescribeHostedZones", {});
        await lab.call("ChangeRecordSet", {
            change: "UPSERT",
            zoneId: zones[0].zoneId,
            name: "old.example.com",
            type: "A",
            ttl: 60,
            records: ["10.10.1.99"],
        });
        await pulumi("refresh", "--yes", "--skip-preview");
        await pulumi("up", "--yes", "--skip-preview");
        const { records } = await lab.call("ListRecordSets", { zoneId: zones[0].zoneId });
        assert.deepEqual(records.find((record) => record.name === "old.example.com")?.records, ["10.10.1.10"]);
    });

    it("destroys what it made", async () => {
        await pulumi("destroy", "--yes", "--skip-preview");
    });
});
