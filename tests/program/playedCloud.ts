// The cloud as the program asks it, and as it changes by what is registered: snapshots by tag, database servers, a zone's records, a network that is
// there, and what is made of one. Everything that is requested is there at once. Does not prove that AWS answers so (cloud/, lab/).
import type * as pulumi from "@pulumi/pulumi";

export interface Snapshot {
    id: string;
    /** Volume id or server. */
    source: string;
    tags: Record<string, string>;
    startTime: string;
}

/** What somebody else has made: posit:network.existing, and the zones of its subnets. */
export const networkThere = { vpcId: "vpc-0a1b2c3d4e5f67891", subnetIds: ["subnet-0a1b2c3d", "subnet-0a1b2c3e"] };

type Filter = { name: string; values: string[] };

/** A part of a network, by what filters call its properties. */
interface NetworkPart {
    type: string;
    id: string;
    tags: Record<string, string>;
    fields: Record<string, unknown>;
}

/** Types of the parts, and their properties under the names of EC2's filters. */
const fieldsOf: Record<string, (inputs: Record<string, unknown>) => Record<string, unknown>> = {
    "aws:ec2/vpc:Vpc": ({ cidrBlock }) => ({ cidr: cidrBlock }),
    "aws:ec2/subnet:Subnet": ({ vpcId, cidrBlock }) => ({ "vpc-id": vpcId, "cidr-block": cidrBlock }),
    "aws:ec2/internetGateway:InternetGateway": ({ vpcId }) => ({ "attachment.vpc-id": vpcId }),
    "aws:ec2/eip:Eip": () => ({}),
    "aws:ec2/natGateway:NatGateway": ({ subnetId }) => ({ "subnet-id": subnetId, state: "available" }),
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": ({ vpcId, transitGatewayId }) => ({
        ...{ "vpc-id": vpcId, "transit-gateway-id": transitGatewayId, state: "available" },
    }),
    "aws:rds/subnetGroup:SubnetGroup": ({ name }) => ({ name }),
};
type Answered = { id: string; state: Record<string, unknown> };

export class PlayedCloud {
    snapshots: Snapshot[] = [];
    /** Days of backups, by RDS server. */
    servers: Record<string, number> = {};
    /** Of those that were registered: the id of each and its tags. */
    made: Record<string, { resourceId: string; tags: Record<string, string> }> = {};
    /** RDS's word for the state of each that is not available. */
    statuses: Record<string, string> = {};
    /** What else all of them answer, as aws.rds.getInstance does. */
    serverSettings: Record<string, unknown> = {};
    /** Subnets give public addresses to what is started in them. */
    publicSubnets = false;
    /** RDS has taken a snapshot of every server by itself. */
    backedUp = false;
    /** Name → address. */
    records: Record<string, string> = {};
    /** In the order of their making. */
    network: NetworkPart[] = [];
    /** Look-ups of it, in their order. */
    asked: string[] = [];

    /** @param now when a snapshot with these tags is started. */
    constructor(private readonly now: (tags: Record<string, string>) => string) {}

    /** What the cloud makes of a registration. */
    make({ type, name, inputs, id }: pulumi.runtime.MockResourceArgs): Answered {
        const tags = (inputs.tags ?? {}) as Record<string, string>;
        switch (type) {
            case "aws:ebs/snapshot:Snapshot":
                return this.snapshot(id || `snap-${this.snapshots.length}`, String(inputs.volumeId), tags, inputs);
            case "aws:rds/snapshot:Snapshot":
                return this.snapshot(
                    String(inputs.dbSnapshotIdentifier),
                    String(inputs.dbInstanceIdentifier),
                    tags,
                    inputs,
                );
            case "aws:rds/instance:Instance": {
                const identifier = String(inputs.identifier);
                this.servers[identifier] = Number(inputs.backupRetentionPeriod);
                const found = { address: `${identifier}.rds.example.com`, username: "posit_master" };
                const resourceId = id || `db-${identifier.replace(/-/g, "").toUpperCase()}`;
                this.made[identifier] = { resourceId, tags };
                return { id: resourceId, state: { ...inputs, ...found } };
            }
            case "aws:route53/record:Record":
                this.records[String(inputs.name)] = (inputs.records as string[])[0];
                return { id: `${name}-id`, state: inputs };
            default: {
                // A subnet group's name is its id.
                const made = id || (type === "aws:rds/subnetGroup:SubnetGroup" ? String(inputs.name) : `${name}-id`);
                this.part(type, made, tags, inputs);
                return { id: made, state: inputs };
            }
        }
    }

    private part(type: string, id: string, tags: Record<string, string>, inputs: Record<string, unknown>): void {
        const fields = fieldsOf[type];
        if (fields && !this.network.some((part) => part.type === type && part.id === id)) {
            this.network.push({ type, id, tags, fields: fields(inputs) });
        }
    }

    private snapshot(id: string, source: string, tags: Record<string, string>, inputs: object): Answered {
        if (!this.snapshots.some((held) => held.id === id)) {
            this.snapshots.push({ id, source, tags, startTime: this.now(tags) });
        }
        return { id, state: { ...inputs, volumeSize: 20 } };
    }

    readonly lookup = ({ token, inputs }: pulumi.runtime.MockCallArgs): Record<string, unknown> => {
        switch (token.split(":").pop()) {
            case "getRegion":
                return { region: "us-east-1" };
            case "getInstance":
                return token.startsWith("aws:rds")
                    ? this.server(String(inputs.dbInstanceIdentifier))
                    : { instanceState: "running" };
            case "getResource":
                return { properties: JSON.stringify(this.described(inputs)) };
            case "getVolume":
                return { volumeType: "gp3", iops: 3000, throughput: 125 };
            case "getSnapshotIds":
                return { ids: this.found(inputs.filters as Filter[]).map(({ id }) => id) };
            case "getSnapshot":
                return token.startsWith("aws:rds") ? this.serverSnapshot(inputs) : this.volumeSnapshot(inputs);
            case "getVpc":
                return { cidrBlock: "10.30.0.0/16", enableDnsSupport: inputs.id === networkThere.vpcId };
            case "getSubnet": {
                const zone = `us-east-1${"ab"[networkThere.subnetIds.indexOf(String(inputs.id))]}`;
                return { vpcId: networkThere.vpcId, availabilityZone: zone, mapPublicIpOnLaunch: this.publicSubnets };
            }
            case "getRecords":
                return { resourceRecordSets: this.recordSets(new RegExp(String(inputs.nameRegex))) };
            case "getVpcs":
                return { ids: this.parts("aws:ec2/vpc:Vpc", inputs) };
            case "getSubnets":
                return { ids: this.parts("aws:ec2/subnet:Subnet", inputs) };
            case "getInternetGateway":
                return { internetGatewayId: this.parts("aws:ec2/internetGateway:InternetGateway", inputs)?.[0] };
            case "getEips":
                return { allocationIds: this.parts("aws:ec2/eip:Eip", inputs) };
            case "getNatGateways":
                return { ids: this.parts("aws:ec2/natGateway:NatGateway", inputs) };
            case "getVpcAttachments":
                return { ids: this.parts("aws:ec2transitgateway/vpcAttachment:VpcAttachment", inputs) };
            case "getVpcAttachment":
                return { tags: this.network.find(({ id }) => id === inputs.id)?.tags };
            case "getSubnetGroup": {
                const filters = [{ name: "name", values: [inputs.name] }];
                return { name: this.parts("aws:rds/subnetGroup:SubnetGroup", { filters })?.[0] && inputs.name };
            }
            default:
                throw new Error(`the program asked for ${token}, which this cloud does not know`);
        }
    };

    /** What Cloud Control knows of a server, or of a subnet group. */
    private described({ typeName, identifier }: pulumi.runtime.MockCallArgs["inputs"]): object {
        const group = this.network.find(({ fields }) => fields.name === identifier);
        return typeName === "AWS::RDS::DBSubnetGroup"
            ? { Tags: Object.entries(group?.tags ?? {}).map(([Key, Value]) => ({ Key, Value })) }
            : { DBInstanceStatus: this.statuses[String(identifier)] ?? "available" };
    }

    /** Ids of those that fit; no list where nothing does. */
    private parts(type: string, { tags, filters }: pulumi.runtime.MockCallArgs["inputs"]): string[] | undefined {
        this.asked.push(type);
        const wanted = Object.entries((tags ?? {}) as Record<string, string>);
        const found = this.network
            .filter((part) => part.type === type && wanted.every(([key, value]) => part.tags[key] === value))
            .filter(({ id, fields }) =>
                ((filters ?? []) as Filter[]).every(({ name, values }) =>
                    values.includes(String(name === "nat-gateway-id" ? id : fields[name])),
                ),
            );
        return found.length > 0 ? found.map(({ id }) => id) : undefined;
    }

    /** Nothing is said as nothing, as of a snapshot. */
    private server(identifier: string): Record<string, unknown> {
        const days = this.servers[identifier];
        if (days === undefined) return {};
        const kept = { backupRetentionPeriod: days, engine: "postgres", engineVersion: "15.8" };
        const reached = { address: `${identifier}.rds.example.com`, port: 5432 };
        const encrypted = { storageEncrypted: true, kmsKeyId: "arn:key" };
        const own = { dbInstanceIdentifier: identifier, masterUsername: "posit_master", ...this.made[identifier] };
        return { ...own, ...encrypted, ...kept, ...reached, ...this.serverSettings };
    }

    private found(filters: Filter[]): Snapshot[] {
        const has = (snapshot: Snapshot, { name, values }: Filter): boolean => {
            if (name.startsWith("tag:")) {
                const tag = snapshot.tags[name.slice("tag:".length)];
                return tag !== undefined && (values.includes(tag) || values.includes("*"));
            }
            const of: Record<string, string> = {
                "snapshot-id": snapshot.id,
                "volume-id": snapshot.source,
                status: "completed",
            };
            return values.includes(of[name]);
        };
        return this.snapshots.filter((snapshot) => filters.every((filter) => has(snapshot, filter)));
    }

    private volumeSnapshot({ snapshotIds, filters }: pulumi.runtime.MockCallArgs["inputs"]): Record<string, unknown> {
        const [first] = (snapshotIds as string[] | undefined) ?? [];
        const found = first
            ? this.snapshots.filter(({ id }) => (snapshotIds as string[]).includes(id))
            : this.found(filters as Filter[]);
        const { source, startTime } = found[found.length - 1];
        return { volumeId: source, state: "completed", startTime };
    }

    /** Nothing is said as nothing: the mocks lose an error's words. */
    private serverSnapshot(asked: pulumi.runtime.MockCallArgs["inputs"]): Record<string, unknown> {
        if (asked.snapshotType === "automated" && this.backedUp) {
            return { status: "available", snapshotCreateTime: new Date().toISOString() };
        }
        if (asked.snapshotType !== undefined && asked.snapshotType !== "manual") {
            return {};
        }
        const wanted = Object.entries((asked.tags ?? {}) as Record<string, string>);
        const found = this.snapshots.find(({ id, source, tags }) =>
            asked.dbSnapshotIdentifier
                ? id === asked.dbSnapshotIdentifier
                : source === asked.dbInstanceIdentifier && wanted.every(([key, value]) => tags[key] === value),
        );
        if (!found) return {};
        const { id, source, startTime } = found;
        return {
            dbSnapshotIdentifier: id,
            dbInstanceIdentifier: source,
            status: "available",
            snapshotCreateTime: startTime,
        };
    }

    private recordSets(names: RegExp): object[] {
        return Object.entries(this.records)
            .filter(([name]) => names.test(name))
            .map(([name, value]) => ({ name: `${name}.`, type: "A", ttl: 300, resourceRecords: [{ value }] }));
    }
}
