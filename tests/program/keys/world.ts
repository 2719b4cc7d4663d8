// What other stacks have published, and what cloud and hosts answer, where keys are tried: the same in every run.
import type * as pulumi from "@pulumi/pulumi";
import type { EnvironmentOutputs } from "../../../contract/environment";
import type { CaptureManifest, Inventory, ProductSecrets } from "../../../contract/production";
import { perProduct, ProductId, productIds, products } from "../../../products";
import { localEndpoint, usualPort } from "../../../products/endpoints";
import type { Answer, Lookup } from "../recorder";
import { answer as worldsAnswer, inventory as anyInventory, manifest } from "../world";

export const token = "2026-11-21a";
export const stackName = (name: string) => `organization/posit/${name}`;

export interface Published {
    contract?: unknown;
    secrets?: unknown;
}

/** What stacks published, by their name; one that is not named has published nothing. */
export type Peers = Record<string, Published>;

const runtimes = ["r 4.5.1", "python 3.12.11", "python 3.11.9", "python 3.8.10", "quarto 1.7.32"];
const people = [
    { name: "ada", uid: 1001, gid: 1001, groups: ["analysts"] },
    { name: "grace", uid: 1002, gid: 1002 },
];
const inventory = (product: ProductId): Inventory => ({
    ...anyInventory(product),
    // Connect's is newer than what is declared: that gate is overridden.
    ...(product === "connect" && {
        version: "2027.01.0",
        runtimesInUse: runtimes.map((runtime) => {
            const [language, version] = runtime.split(" ");
            return { language, version, content: [] };
        }),
    }),
    ...(product === "workbench" && { accounts: people }),
    groups: [{ name: "analysts", gid: 2001 }],
});

const files: ProductSecrets = { files: [], passwords: [] };

/** As production stands, with one capture. */
export function publishedProduction(change: Partial<CaptureManifest> = {}): Published {
    return {
        contract: {
            contract: "posit-production/1",
            region: "us-east-1",
            inventory: perProduct(inventory),
            captures: { [token]: { ...manifest(token), ...change } },
            serving: { side: "listed" },
            addresses: perProduct((product) => [`192.0.2.${productIds.indexOf(product)}`]),
            databaseServers: [{ server: "acme-db", address: "acme-db.rds.example.com", port: 5432 }],
        },
        secrets: perProduct(() => files),
    };
}

export const newAddress = (product: ProductId) => `10.20.1.${productIds.indexOf(product)}`;

/** As an environment stands that was built, and migrated if it says so. */
export function publishedEnvironment(change: Partial<EnvironmentOutputs> = {}): Published {
    const outputs: EnvironmentOutputs = {
        contract: "posit-environment/1",
        phase: "install",
        hosts: perProduct((product) => ({
            instanceId: `i-new-${product}`,
            address: newAddress(product),
            hostKey: "ssh-ed25519 AAAA",
            user: "admin",
            local: localEndpoint(newAddress(product), usualPort(product)),
            dataVolumes: products[product].dataMounts.map((mount) => ({ volumeId: `vol-new-${product}`, mount })),
        })),
        databases: perProduct(() => [{ role: "main", kind: "sqlite" }]),
        receipts: {},
        names: perProduct((product) => `${product}.example.com`),
        ...change,
    };
    return { contract: outputs, secrets: { databasePasswords: {} } };
}

/** What hosts answer to a command of the engine, where that differs from the common world's. */
export type CommandAnswers = (script: string, product: ProductId) => object | undefined;

export function answering(peers: Peers, answers: CommandAnswers = () => undefined): Answer {
    return (args) => {
        if (args.type === "pulumi:pulumi:StackReference") {
            const outputs = peers[args.name] ?? {};
            return { id: args.name, state: { ...args.inputs, outputs, secretOutputNames: [] } };
        }
        const common = worldsAnswer(args);
        const [, script, product] = /^sudo -n bash -s -- ([\w-]+):?(\w*)/.exec(String(args.inputs.create)) ?? [];
        const found = script === undefined ? undefined : answersOf(script, product as ProductId, answers);
        return found === undefined ? common : { ...common, state: { ...common.state, stdout: JSON.stringify(found) } };
    };
}

function answersOf(script: string, product: ProductId, answers: CommandAnswers): object | undefined {
    return answers(script, product) ?? { inventory: inventory(product), secrets: files }[script];
}

const subnets: Record<string, Record<string, unknown>> = Object.fromEntries(
    ["a", "b"].map((letter, index) => [
        `subnet-0a1b2c3d4e5f6789${index + 1}`,
        { vpcId: "vpc-0a1b2c3d4e5f67891", availabilityZone: `us-east-1${letter}`, mapPublicIpOnLaunch: false },
    ]),
);

/** The cloud has one network, every snapshot that is asked for by its id, keeps backups for ever, and has nothing under a tag. */
export const cloud: Lookup = ({ token: question, inputs }) => {
    const values = filter(inputs, "snapshot-id");
    switch (question) {
        case "aws:index/getRegion:getRegion":
            return { region: "us-east-1" };
        case "aws:ebs/getVolume:getVolume":
            return { volumeType: "gp3", iops: 3000, throughput: 125 };
        case "aws:ebs/getSnapshotIds:getSnapshotIds":
            return { ids: values ?? [] };
        case "aws:rds/getSnapshot:getSnapshot":
            return {};
        case "aws:ec2/getVpc:getVpc":
            return { cidrBlock: "10.30.0.0/16", enableDnsSupport: true };
        case "aws:ec2/getSubnet:getSubnet":
            return subnets[String(inputs.id)] ?? {};
        // Nothing was left there by a run that ended.
        case "aws:ec2/getVpcs:getVpcs":
            return { ids: [] };
        case "aws:ec2/getEips:getEips":
            return { allocationIds: [] };
        case "aws:rds/getSubnetGroup:getSubnetGroup":
            return {};
        case "aws:rds/getInstance:getInstance":
            return { dbInstanceIdentifier: inputs.dbInstanceIdentifier as string, backupRetentionPeriod: 1e6 };
        default:
            throw new Error(`the program asked for ${question}, which this world does not know`);
    }
};

export function filter(inputs: pulumi.runtime.MockCallArgs["inputs"], name: string): string[] | undefined {
    const filters = (inputs.filters ?? []) as { name: string; values: string[] }[];
    return filters.find((one) => one.name === name)?.values;
}
