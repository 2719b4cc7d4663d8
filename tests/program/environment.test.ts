// The environment as the program asks for it. Proves order, secrecy and what is kept; not that AWS or a host accept it.
import * as assert from "node:assert/strict";
import { Environment } from "../../components/environment";
import { receiptDigest } from "../../logic/receipt";
import { reachable, record, Recording, Registration } from "./recorder";
import { answer, environmentConfig, lookup, manifest, password } from "./world";

async function build(token?: string): Promise<Recording> {
    return record(
        async () => {
            new Environment("posit-team", {
                config: token ? { ...environmentConfig, phase: "migrate", restore: token } : environmentConfig,
                secrets: environmentConfig.secrets,
                stack: "staging",
                capture: token ? manifest(token) : undefined,
            });
            return {};
        },
        { answer, lookup },
    );
}

function find(recording: Recording, name: string): Registration {
    const found = recording.registrations.find((registration) => registration.name === name);
    assert.ok(found, `${name} was not registered; there are ${recording.registrations.map((r) => r.name).join(", ")}`);
    return found;
}

const commands = (recording: Recording) => recording.registrations.filter((r) => r.type === "command:remote:Command");

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

describe("an environment in phase migrate", () => {
    let built: Recording;
    before(async () => (built = await build("2026-11-21a")));

    it("quarantines and repairs each product after its volumes are mounted and before it starts", () => {
        for (const product of ["package-manager", "workbench", "connect"]) {
            const started = reachable(built, find(built, `${product}-product-start`));
            const repaired = find(built, `${product}-product-repair`);
            assert.ok(
                started.has(repaired.urn) && started.has(find(built, `${product}-product-quarantine`).urn),
                product,
            );
            assert.ok(
                reachable(built, repaired).has(find(built, `${product}-product-quarantine`).urn),
                `${product}: quarantine first`,
            );
            for (const mount of commands(built).filter(
                (r) => r.name.startsWith(`${product}-product`) && r.name.endsWith("-mount"),
            )) {
                assert.ok(reachable(built, repaired).has(mount.urn), mount.name);
            }
        }
    });

    it("makes volumes from the capture's snapshots, named by its token, and keeps them for ever", () => {
        const volumes = built.registrations.filter((r) => r.type === "aws:ebs/volume:Volume");
        assert.equal(volumes.length, 4);
        for (const volume of volumes) {
            assert.match(String(volume.inputs.snapshotId), /^snap-2026-11-21a/);
            assert.ok(volume.name.endsWith("-2026-11-21a"), volume.name);
            assert.equal(volume.retainOnDelete, true);
        }
    });

    it("restores the database server to the captured moment and leaves a final snapshot when it goes", () => {
        const server = built.registrations.find((r) => r.type === "aws:rds/instance:Instance");
        assert.deepEqual(server?.inputs.restoreToPointInTime, {
            sourceDbInstanceIdentifier: "legacy-db",
            restoreTime: "2026-11-21T10:00:00.000Z",
        });
        assert.equal(server?.inputs.skipFinalSnapshot, false);
        assert.ok(
            built.registrations.every((r) => !r.type.startsWith("postgresql:")),
            "roles and databases came with the copy",
        );
    });

    it("switches volumes in an order that AWS allows", () => {
        const attachments = built.registrations.filter((r) => r.type === "aws:ec2/volumeAttachment:VolumeAttachment");
        assert.ok(attachments.every((attachment) => attachment.deleteBeforeReplace && !attachment.inputs.forceDetach));
        for (const mount of commands(built).filter((r) => r.name.endsWith("-mount"))) {
            assert.match(String(mount.inputs.delete), / unmount$/);
            assert.ok(mount.deleteBeforeReplace, mount.name);
        }
    });

    it("moves to a newer capture without renaming what stays", async () => {
        const newer = await build("2026-12-01b");
        const names = (recording: Recording) => recording.registrations.map((r) => r.name).sort();
        const gone = names(built).filter((name) => !names(newer).includes(name));
        assert.ok(gone.length > 0 && gone.every((name) => name.includes("2026-11-21a")), gone.join(", "));
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
