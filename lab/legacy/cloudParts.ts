// Production's machines, volumes, database server and names, made by hand in the cloud: nothing here knows Pulumi.
import { randomBytes } from "node:crypto";
import type { DbInstance, Instance, RecordSet } from "../cloud/api";
import { callCloud } from "../cloud/client";
import { postgresMajor } from "../products/postgresDeb";
import { perProduct, productIds, type ProductId } from "../../products";
import { buildByHand, type HandMadeNetwork } from "./handMadeNetwork";
import type { Place, ProductSources } from "./sources";
import {
    aliasName,
    cidrs,
    login,
    oldServer,
    oldVolumes,
    ports,
    productionKey,
    publicNames,
    recordTtl,
    zoneName,
} from "./world";
import { generateKeyPair } from "../keyPair";

const imageId = "ami-0000000000000d12";
const zone = "us-east-1a";
export const serverName = "legacy-db";
const volumeSize = 20; // GiB; sparse

export interface CloudParts {
    network: HandMadeNetwork;
    zoneId: string;
    sshPrivateKey: string;
    hosts: Record<ProductId, { instance: Instance; hostKey: string; places: (Place & { volumeId: string })[] }>;
    database: { instance: DbInstance; masterUsername: string; masterPassword: string };
}

export function newPassword(): string {
    return randomBytes(18).toString("base64url");
}

function newKey(comment: string): { private: string; public: string } {
    return generateKeyPair({ comment });
}

function tags(name: string): Record<string, string> {
    return { Name: name, Environment: "production", ManagedBy: "hand" };
}

interface Network {
    place: HandMadeNetwork;
    groups: Record<ProductId | "database", string>;
}

async function buildNetwork(): Promise<Network> {
    const place = await buildByHand("production", cidrs, tags);
    const group = async (name: string, description: string): Promise<string> => {
        const made = await callCloud("CreateSecurityGroup", {
            groupName: `production-${name}`,
            description,
            vpcId: place.vpcId,
            tags: tags(`production-${name}`),
        });
        return made.groupId;
    };
    const groups = {
        packageManager: await group("packages", "Package Manager"),
        workbench: await group("workbench", "Workbench"),
        connect: await group("connect", "Connect"),
        database: await group("database", "PostgreSQL"),
    };
    for (const product of productIds) await openProductGroup(groups, product);
    await allow(groups.database, "ingress", cidrs.operator, 5432);
    return { place, groups };
}

/** Anyone inside may use the products; the operator may log in; out may everything. */
async function openProductGroup(groups: Network["groups"], product: ProductId): Promise<void> {
    const group = groups[product];
    await allow(group, "ingress", cidrs.operator, 22);
    for (const cidr of [cidrs.users, cidrs.operator, cidrs.vpc]) await allow(group, "ingress", cidr, ports[product]);
    await callCloud("AuthorizeRule", {
        groupId: group,
        direction: "egress",
        protocol: "-1",
        cidr: "0.0.0.0/0",
        tags: {},
    });
    await callCloud("AuthorizeRule", {
        groupId: groups.database,
        direction: "ingress",
        protocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
        referencedGroupId: group,
        tags: {},
    });
}

async function allow(groupId: string, direction: "ingress" | "egress", cidr: string, port: number): Promise<void> {
    await callCloud("AuthorizeRule", {
        groupId,
        direction,
        protocol: "tcp",
        fromPort: port,
        toPort: port,
        cidr,
        tags: {},
    });
}

/** Cloud-init's first-boot data; JSON is YAML too. */
export function firstBoot(
    hostname: string,
    sshPublicKey: string,
    hostKey: { private: string; public: string },
): string {
    const data = {
        hostname,
        manage_etc_hosts: "localhost",
        users: [
            {
                name: login.name,
                uid: login.uid,
                sudo: "ALL=(ALL) NOPASSWD:ALL",
                shell: "/bin/bash",
                lock_passwd: true,
                ssh_authorized_keys: [sshPublicKey],
            },
        ],
        ssh_deletekeys: true,
        ssh_keys: { ed25519_private: hostKey.private, ed25519_public: hostKey.public },
    };
    return Buffer.from(`#cloud-config\n${JSON.stringify(data)}\n`).toString("base64");
}

async function buildHost(
    product: ProductId,
    places: Place[],
    network: Network,
    sshPublicKey: string,
): Promise<CloudParts["hosts"][ProductId]> {
    const hostname = publicNames[product].split(".")[0] ?? product;
    const hostKey = newKey(hostname);
    const instance = await callCloud("RunInstance", {
        imageId,
        instanceType: "m6i.large",
        subnetId: network.place.subnets[zone] ?? "",
        securityGroupIds: [network.groups[product]],
        userData: firstBoot(hostname, sshPublicKey, hostKey),
        tags: tags(`production-${hostname}`),
    });
    const volumeIds = new Map<string, string>();
    for (const name of new Set(places.map(({ volume }) => volume))) {
        const letter = "fghijklm"[volumeIds.size] ?? "f";
        const at = { instanceId: instance.instanceId, device: `/dev/sd${letter}` };
        volumeIds.set(name, await attachNewVolume(product, at, `production-${hostname}`));
    }
    return {
        instance,
        hostKey: hostKey.public.split(" ").slice(0, 2).join(" "),
        places: places.map((place) => ({ ...place, volumeId: volumeIds.get(place.volume) ?? "" })),
    };
}

async function attachNewVolume(
    product: ProductId,
    { instanceId, device }: { instanceId: string; device: string },
    name: string,
): Promise<string> {
    const { volumeId } = await callCloud("CreateVolume", {
        availabilityZone: zone,
        size: volumeSize,
        ...oldVolumes[product],
        tags: tags(`${name}${device.replaceAll("/", "-")}`),
    });
    await settled(async () => {
        const volume = await callCloud("DescribeVolume", { volumeId });
        return volume.state === "available" ? volume : undefined;
    });
    await callCloud("AttachVolume", { volumeId, instanceId, device });
    return volumeId;
}

/** Somebody tuned it years ago. */
async function oldParameterGroup(): Promise<string> {
    const name = `production-postgres${postgresMajor()}`;
    const properties = { name, family: `postgres${postgresMajor()}` };
    await callCloud("CreateThing", { type: "aws:rds/parameterGroup:ParameterGroup", properties });
    return name;
}

async function buildDatabaseServer(network: Network): Promise<CloudParts["database"]> {
    const masterPassword = newPassword();
    const masterUsername = "postgres";
    const subnetGroup = await callCloud("CreateThing", {
        type: "aws:rds/subnetGroup:SubnetGroup",
        properties: { name: "production", subnetIds: Object.values(network.place.subnets) },
    });
    await callCloud("CreateDbInstance", {
        identifier: serverName,
        engineVersion: postgresMajor(),
        instanceClass: oldServer.instanceClass,
        allocatedStorage: 20,
        username: masterUsername,
        password: masterPassword,
        vpcSecurityGroupIds: [network.groups.database],
        subnetGroupName: String(subnetGroup.properties.name ?? subnetGroup.id),
        storageEncrypted: true,
        kmsKeyId: productionKey,
        backupRetentionPeriod: oldServer.backupRetentionPeriod,
        deletionProtection: true,
        properties: { ...oldServer.properties, parameterGroupName: await oldParameterGroup() },
        tags: tags("production"),
    });
    const instance = await settled(async () => {
        const found = await callCloud("DescribeDbInstance", { identifier: serverName });
        return found.status === "available" ? found : undefined;
    });
    return { instance, masterUsername, masterPassword };
}

async function settled<T>(look: () => Promise<T | undefined>, timeoutSeconds = 120): Promise<T> {
    const until = Date.now() + timeoutSeconds * 1000;
    for (;;) {
        const found = await look();
        if (found !== undefined) return found;
        if (Date.now() > until) throw new Error("The cloud did not finish in time; see .lab/logs.");
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

/** As nearly every company's zone has one: an alias, here to CloudFront (its zone's id is the same for everybody). */
function companySite(zoneId: string): RecordSet {
    const alias = { dnsName: "d111111abcdef8.cloudfront.net", zoneId: "Z2FDTNDATAQYW2" };
    return { zoneId, name: aliasName, type: "A", ttl: 0, records: [], alias };
}

async function buildNames(hosts: CloudParts["hosts"]): Promise<string> {
    const zoneId = (await callCloud("CreateHostedZone", { name: zoneName })).zoneId;
    for (const product of productIds) {
        const record: RecordSet = {
            zoneId,
            name: publicNames[product],
            type: "A",
            ttl: recordTtl,
            records: [hosts[product].instance.privateIp],
        };
        await callCloud("ChangeRecordSet", { ...record, change: "CREATE" });
    }
    await callCloud("ChangeRecordSet", { ...companySite(zoneId), change: "CREATE" });
    return zoneId;
}

export async function buildCloudParts(sources: Record<ProductId, ProductSources>): Promise<CloudParts> {
    const network = await buildNetwork();
    const key = newKey("operator");
    const [database, ...built] = await Promise.all([
        buildDatabaseServer(network),
        ...productIds.map((product) => buildHost(product, sources[product].places, network, key.public)),
    ]);
    const hosts = perProduct((product) => built[productIds.indexOf(product)]);
    const zoneId = await buildNames(hosts);
    return { network: network.place, zoneId, sshPrivateKey: key.private, hosts, database };
}
