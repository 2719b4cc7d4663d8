// A cloud that does what it is asked, completed as the lab's own completes it; without hosts, disks and servers behind it.
import type { DbInstance, Instance, Volume } from "../../../../lab/cloud/api";
import { keyOf, performance } from "../../../../lab/cloud/machines/records";
import { newSettings, restoredSettings } from "../../../../lab/cloud/rds/settings";
import { completed } from "../../../../lab/cloud/thingKinds";
import type { Properties } from "../../../../lab/providerKit/values";
import type { Answering } from "./playedCloud";

const unencrypted = { volumeSize: 8, volumeType: "gp2", encrypted: false };
const present = (values: object | undefined): Properties =>
    Object.fromEntries(Object.entries(values ?? {}).filter(([, value]) => value !== undefined && value !== null));

/** Remembers one thing of each kind: the last that was made. */
export function obedientCloud(): Answering {
    const held: Record<string, Properties> = {};
    const make = (kind: string, values: Properties): Properties => (held[kind] = values);
    const changed = (kind: string, request: Properties): Properties => Object.assign(held[kind], present(request));
    return ({ action, request }): object => {
        const kind = action.replace(
            /^(Create|Describe|Modify|Run|Authorize|Associate|Attach|Set|Change|List|Replace)/,
            "",
        );
        switch (action) {
            case "RunInstance":
                return make("Instance", instanceOf(request));
            case "CreateVolume":
                return make("Volume", volumeOf(request));
            case "AttachVolume":
                return make("Volume", {
                    attachment: { instanceId: request.instanceId, device: request.device, state: "attached" },
                });
            case "CreateDbInstance":
                return make("DbInstance", serverOf(request));
            case "CreateThing":
                return make("Thing", {
                    ...completed(String(request.type), "thing-1", request.properties as Properties, { subnets: {} }),
                });
            case "DescribeSnapshots":
                return { snapshots: [{ ...held.Snapshot, state: "completed" }] };
            case "DescribeDbSnapshots":
                return { snapshots: [{ ...held.DbSnapshot, status: "available" }] };
            case "SetTag":
                return make("Tags", { tags: { [String(request.key)]: request.value } });
            case "ChangeRecordSet":
                return make("RecordSets", { records: [request] });
            case "SetTags":
                return {};
            case "ModifyDbInstance":
                return changed(kind, {
                    ...request,
                    properties: { ...(held[kind].properties as object), ...(request.properties as object) },
                });
            default:
                return /^(Modify|Replace)/.test(action)
                    ? changed(kind, request)
                    : /^(Describe|List)/.test(action)
                      ? (held[kind] ?? {})
                      : make(
                            kind.replace("RouteTable", action.startsWith("Associate") ? "Association" : "RouteTable"),
                            {
                                ...idsOf(kind),
                                ...present(request),
                            },
                        );
        }
    };
}

const idsOf = (kind: string): Properties => ({
    ...{ vpcId: "vpc-1" },
    ...(kind === "Subnet" && { subnetId: "subnet-1" }),
    ...(kind === "SecurityGroup" && { groupId: "sg-1" }),
    ...(kind === "Rule" && { ruleId: "sgr-1" }),
    ...(kind === "Snapshot" && { snapshotId: "snap-1" }),
});

function instanceOf(request: Properties): Properties {
    const root = { ...unencrypted, ...present(request.rootVolume as object) } as Instance["rootVolume"];
    return {
        ...present(request),
        ...{ instanceId: "i-1", state: "running", privateIp: "10.0.0.1", availabilityZone: "us-east-1a" },
        rootVolume: {
            ...root,
            ...performance(root.volumeType, root.volumeSize, root),
            ...keyOf(root.encrypted, root.kmsKeyId),
        },
        metadataOptions: present(request.metadataOptions as object),
    };
}

function volumeOf(request: Properties): Properties {
    const asked = request as unknown as Volume;
    return {
        ...present(request),
        ...{ volumeId: "vol-1", state: "available", size: asked.size ?? 8 },
        ...performance(asked.type, asked.size ?? 8, asked),
        ...keyOf(asked.encrypted, asked.kmsKeyId),
    };
}

function serverOf(request: Properties): Properties {
    const asked = request as unknown as DbInstance & { restoreToPointInTime?: object; snapshotIdentifier?: string };
    const restored = asked.restoreToPointInTime ?? asked.snapshotIdentifier;
    const source = { backupRetentionPeriod: 7, allocatedStorage: 20, username: "postgres", storageEncrypted: true };
    return {
        ...source,
        ...present(request),
        ...{ resourceId: "db-1", status: "available", address: "x", port: 5432, engineVersion: "15.8" },
        ...keyOf(asked.storageEncrypted || restored !== undefined, asked.kmsKeyId),
        properties: { ...(restored ? restoredSettings({}, "15") : newSettings("15")), ...asked.properties },
    };
}
