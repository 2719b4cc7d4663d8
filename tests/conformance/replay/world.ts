// What stands before the program comes, as far as a stack names it: production's volumes, snapshots and servers, the image, the zone, the
// transit gateway, a network. Made in moto by calls of its own.
import type { Call } from "../calls/mapping";
import type { Resource, StackState } from "../exports";

const zone = "us-east-1a";

/** @param server what differs in production's servers, as parameters of CreateDBInstance. */
export function worldOf(state: StackState, server: Record<string, unknown>): Call[] {
    const inputs = (type: string, input: string) => [
        ...new Set(
            state.resources
                .filter((one) => one.type === type && one.inputs[input] !== undefined)
                .map((one) => one.inputs[input] as string),
        ),
    ];
    const own = new Set(state.resources.map(({ id }) => id));
    const foreign = (type: string, input: string) => inputs(type, input).filter((id) => !own.has(id));
    return [
        ...foreign("aws:ec2/securityGroup:SecurityGroup", "vpcId").flatMap((id) => network(id, state)),
        ...foreign("aws:ec2transitgateway/vpcAttachment:VpcAttachment", "transitGatewayId").map((id) =>
            made("ec2:CreateTransitGateway", {}, id, "TransitGateway.TransitGatewayId"),
        ),
        ...foreign("aws:ec2/instance:Instance", "ami").map((id) => made("ec2:RegisterImage", image(id), id, "ImageId")),
        ...foreign("aws:route53/record:Record", "zoneId").map((id) =>
            made("route53:CreateHostedZone", { Name: domainOf(state), CallerReference: id }, id, "HostedZone.Id"),
        ),
        ...foreign("aws:ebs/snapshot:Snapshot", "volumeId").map(volume),
        ...foreign("aws:ebs/volume:Volume", "snapshotId").flatMap((id) => [
            volume(`volume of ${id}`),
            made("ec2:CreateSnapshot", { VolumeId: `volume of ${id}` }, id, "SnapshotId"),
        ]),
        ...servers(state, server),
    ];
}

/** With a subnet in a zone each. */
function network(vpcId: string, { resources }: StackState): Call[] {
    const groups = resources.filter(({ type }) => type === "aws:rds/subnetGroup:SubnetGroup");
    const subnets = [...new Set(groups.flatMap(({ inputs }) => inputs.subnetIds as string[]))];
    return [
        made("ec2:CreateVpc", { CidrBlock: "10.30.0.0/16" }, vpcId, "Vpc.VpcId"),
        ...subnets.map((id, index) => {
            const place = { CidrBlock: `10.30.${index + 1}.0/24`, AvailabilityZone: `us-east-1${"abc"[index]}` };
            return made("ec2:CreateSubnet", { VpcId: vpcId, ...place }, id, "Subnet.SubnetId");
        }),
    ];
}

/** What the names of all records end in. */
function domainOf({ resources }: StackState): string {
    const names = resources
        .filter(({ type }) => type === "aws:route53/record:Record")
        .map(({ inputs }) => String(inputs.name).split("."));
    const [first, ...others] = names;
    const shared = first.findIndex((_label, index) => {
        const end = first.slice(index).join(".");
        return others.every((labels) => labels.join(".").endsWith(end));
    });
    // One record alone shares all of its name with itself.
    return first.slice(Math.max(shared, 1)).join(".");
}

function made(operation: string, parameters: Record<string, unknown>, known: string, at: string): Call {
    return { resource: known, operation, parameters, id: { known, at } };
}

const volume = (id: string): Call =>
    made("ec2:CreateVolume", { AvailabilityZone: zone, Size: 20, Encrypted: true }, id, "VolumeId");

const image = (id: string) => ({
    Name: id,
    RootDeviceName: "/dev/xvda",
    BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { VolumeSize: 8 } }],
});

function servers(state: StackState, different: Record<string, unknown>): Call[] {
    const named = (resource: Resource): string[] => {
        const moment = resource.inputs.restoreToPointInTime as Record<string, unknown> | undefined;
        const captured =
            resource.type === "aws:rds/snapshot:Snapshot" ? resource.inputs.dbInstanceIdentifier : undefined;
        return [moment?.sourceDbInstanceIdentifier, captured].filter((one) => one !== undefined).map(String);
    };
    const snapshots = state.resources
        .filter(({ type }) => type === "aws:rds/instance:Instance")
        .flatMap(({ inputs }) => (inputs.snapshotIdentifier === undefined ? [] : [String(inputs.snapshotIdentifier)]));
    const identifiers = [...new Set([...state.resources.flatMap(named), ...(snapshots.length > 0 ? ["acme-db"] : [])])];
    const group = different.DBParameterGroupName;
    return [
        ...(identifiers.length > 0 && group !== undefined
            ? [
                  plainly("rds:CreateDBParameterGroup", {
                      DBParameterGroupName: group,
                      DBParameterGroupFamily: "postgres15",
                      Description: "Production's",
                  }),
              ]
            : []),
        ...identifiers.map((identifier) => plainly("rds:CreateDBInstance", productionServer(identifier, different))),
        ...snapshots.map((name) =>
            plainly("rds:CreateDBSnapshot", { DBInstanceIdentifier: "acme-db", DBSnapshotIdentifier: name }),
        ),
    ];
}

function productionServer(identifier: string, different: Record<string, unknown>): Record<string, unknown> {
    return {
        DBInstanceIdentifier: identifier,
        ...{ Engine: "postgres", EngineVersion: "15.8", DBInstanceClass: "db.r6i.large", AllocatedStorage: 100 },
        ...{ MasterUsername: "produser", MasterUserPassword: "not-a-secret", BackupRetentionPeriod: 7 },
        ...different,
    };
}

const plainly = (operation: string, parameters: Record<string, unknown>): Call => ({
    resource: Object.values(parameters).map(String)[0],
    operation,
    parameters,
});
