// The environment as the program asks for it. Proves order, secrecy and what is kept; not that AWS or a host accept it.
import * as assert from "node:assert/strict";
import { productIds } from "../../products";
import { receiptDigest } from "../../logic/receipt";
import { build, commands, find } from "./built";
import { reachable, Recording } from "./recorder";
import { password } from "./world";

describe("an environment in phase install", () => {
    let built: Recording;
    before(async () => (built = await build()));

    it("starts Package Manager before the others are installed", () => {
        const started = find(built, "package-manager-product-start").urn;
        for (const name of ["workbench-product-install", "connect-product-install"]) {
            assert.ok(reachable(built, find(built, name)).has(started), name);
        }
    });

    it("mounts data volumes before it installs, and installs before it configures, starts and checks", () => {
        const chain = [
            "connect-product-var-lib-rstudio-connect-mount",
            "connect-product-install",
            "connect-product-configure",
            "connect-product-start",
            "connect-product-check",
        ];
        for (let index = 1; index < chain.length; index++) {
            assert.ok(
                reachable(built, find(built, chain[index])).has(find(built, chain[index - 1]).urn),
                `${chain[index]} after ${chain[index - 1]}`,
            );
        }
    });

    it("ties every command to its host, pins the host key, and passes nothing but a label as its text", () => {
        assert.ok(commands(built).length > 15);
        for (const command of commands(built)) {
            assert.ok(command.deletedWith.includes("Instance"), `${command.name} has no deletedWith`);
            assert.match(String(command.inputs.create), /^sudo -n bash -s -- [\w:-]+( \w+)?$/);
            assert.ok(isSecret(command.inputs.connection), `${command.name}: connection`);
            assert.equal(command.inputs.addPreviousOutputInEnv, false);
        }
    });

    it("keeps secrets secret wherever they go", () => {
        for (const registration of built.registrations) {
            for (const [key, value] of Object.entries(registration.inputs)) {
                assert.ok(
                    isSecret(value) || !JSON.stringify(value ?? "").includes(password),
                    `${registration.name}.${key} shows a password`,
                );
                assert.ok(
                    isSecret(value) || !JSON.stringify(value ?? "").includes("PRIVATE KEY"),
                    `${registration.name}.${key} shows a key`,
                );
            }
        }
    });

    it("opens nothing to the world, and describes every rule", () => {
        const rules = built.registrations.filter((r) => r.type.startsWith("aws:vpc/securityGroup"));
        assert.ok(rules.length > 10);
        for (const rule of rules) {
            assert.ok(rule.inputs.description, rule.name);
            assert.notEqual(rule.inputs.cidrIpv4, "0.0.0.0/0", rule.name);
        }
    });

    it("leaves every rule as it is when another network joins, and makes none twice", async () => {
        const rules = (recording: Recording) =>
            recording.registrations
                .filter((r) => r.type.startsWith("aws:vpc/securityGroup"))
                .map(({ name, inputs }) => `${name} ${JSON.stringify(inputs)}`);
        const more = await build(undefined, {}, { userCidrs: ["10.9.0.0/24", "10.1.0.0/24", "10.0.0.0/24"] });
        assert.deepEqual(
            rules(built).filter((rule) => !rules(more).includes(rule)),
            [],
        );
        assert.equal(rules(more).length, rules(built).length + productIds.length, "one more for each product");
    });

    it("asks for encrypted volumes and IMDSv2 only", () => {
        for (const instance of built.registrations.filter((r) => r.type === "aws:ec2/instance:Instance")) {
            assert.deepEqual(instance.inputs.metadataOptions, {
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            });
            assert.equal((instance.inputs.rootBlockDevice as { encrypted: boolean }).encrypted, true);
        }
        for (const volume of built.registrations.filter((r) => r.type === "aws:ebs/volume:Volume")) {
            assert.equal(volume.inputs.encrypted, true);
        }
    });

    it("says no role in a logical name", () => {
        for (const { name } of built.registrations.filter((r) => !r.type.startsWith("pulumi:"))) {
            assert.ok(!/staging|prod(uction)?(?!uct)\b/.test(name), name);
        }
    });

    it("registers the same a second time", async () => {
        const again = await build();
        assert.equal(receiptDigest(comparable(again)), receiptDigest(comparable(built)));
    });
});

/** Pulumi's marker of a secret, which mocks show as it is. */
function isSecret(value: unknown): boolean {
    return typeof value === "object" && value !== null && "4dabf18193072939515e22adb298388d" in value;
}

function comparable({ registrations }: Recording): unknown {
    return registrations
        .map((registration) => ({ ...registration, dependencies: [...registration.dependencies].sort() }))
        .sort((a, b) => (a.urn < b.urn ? -1 : 1));
}
