// Look-ups, with the names of @pulumi/aws.
import type { DbInstance, RecordSet } from "../cloud/api";
import { Invoke } from "../providerKit/resource";
import { Properties } from "../providerKit/values";
import { ask } from "./asking";
import { describeServerSnapshot } from "./databases";
import { networkInvokes, subnetGroup } from "./networkInvokes";
import { account, region } from "./shared";

interface Filter {
    name: string;
    values: string[];
}

async function snapshots(args: Properties) {
    const found = await ask("DescribeSnapshots", {
        snapshotIds: args.snapshotIds as string[] | undefined,
        filters: args.filters as Filter[] | undefined,
    });
    return [...found.snapshots].sort((a, b) => (a.startTime < b.startTime ? 1 : -1));
}

const getSnapshot: Invoke = async (args) => {
    const found = await snapshots(args);
    if (found.length === 0) {
        throw new Error("Your query returned no results. Please change your search criteria and try again.");
    }
    if (found.length > 1 && args.mostRecent !== true) {
        throw new Error("Your query returned more than one result. Please try a more specific search criteria.");
    }
    const {
        snapshotId,
        volumeId,
        volumeSize,
        description,
        encrypted,
        kmsKeyId = "",
        state,
        startTime,
        tags,
    } = found[0];
    return {
        ...args,
        id: snapshotId,
        snapshotId,
        volumeId,
        volumeSize,
        description,
        encrypted,
        kmsKeyId,
        state,
        startTime,
        tags,
        ownerId: account,
        region,
    };
};

/** Terminated ones too, as long as the cloud lists them (terraform-provider-aws, internal/service/ec2/ec2_instance_data_source.go). */
const getInstance: Invoke = async (args) => {
    const found = await ask("DescribeInstance", { instanceId: String(args.instanceId) });
    const { instanceId, state, instanceType, subnetId, availabilityZone, privateIp, imageId, tags } = found;
    const { rootVolume, metadataOptions, securityGroupIds, iamInstanceProfile = "", disableApiTermination } = found;
    return {
        ...args,
        id: instanceId,
        instanceId,
        instanceState: state,
        instanceType,
        subnetId,
        availabilityZone,
        privateIp,
        ami: imageId,
        vpcSecurityGroupIds: securityGroupIds,
        iamInstanceProfile,
        disableApiTermination,
        metadataOptions: [metadataOptions],
        rootBlockDevices: [{ ...rootVolume, deviceName: "/dev/xvda", deleteOnTermination: true }],
        tags,
        region,
    };
};

/** By its id: 0 for what its kind does not have, as the data source gives it. */
const getVolume: Invoke = async (args) => {
    const wanted = ((args.filters as Filter[] | undefined) ?? []).find(({ name }) => name === "volume-id");
    const found = await ask("DescribeVolume", { volumeId: String(wanted?.values[0]) });
    const { volumeId, size, type, encrypted, kmsKeyId = "", iops = 0, throughput = 0, availabilityZone } = found;
    const { snapshotId = "", volumeInitializationRate = 0, createTime, tags } = found;
    return {
        ...args,
        ...{ id: volumeId, volumeId, size, volumeType: type, encrypted, kmsKeyId, iops, throughput, availabilityZone },
        ...{ snapshotId, volumeInitializationRate, createTime, tags, region },
    };
};

/** Under the data source's names, which are the resource's but for these. */
function databaseOutputs({ properties, ...found }: DbInstance): Properties {
    const {
        parameterGroupName,
        optionGroupName,
        backupWindow,
        maintenanceWindow,
        enabledCloudwatchLogsExports,
        maxAllocatedStorage = 0,
        ...rest
    } = properties;
    return {
        ...rest,
        dbParameterGroups: [parameterGroupName],
        optionGroupMemberships: [optionGroupName],
        preferredBackupWindow: backupWindow,
        preferredMaintenanceWindow: maintenanceWindow,
        enabledCloudwatchLogsExports: enabledCloudwatchLogsExports ?? [],
        dbInstanceArn: `arn:aws:rds:${region}:${account}:db:${found.identifier}`,
        dbInstanceIdentifier: found.identifier,
        dbInstanceClass: found.instanceClass,
        dbName: found.dbName ?? "",
        dbSubnetGroup: found.subnetGroupName ?? "",
        // RDS may show none of a server that is being made (API reference, DBInstance: Endpoint).
        ...(found.status !== "creating" && {
            address: found.address,
            endpoint: `${found.address}:${found.port}`,
            port: found.port,
        }),
        engine: "postgres",
        engineVersion: found.engineVersion,
        masterUsername: found.username,
        allocatedStorage: found.allocatedStorage,
        maxAllocatedStorage,
        availabilityZone: found.availabilityZone,
        backupRetentionPeriod: found.backupRetentionPeriod,
        storageEncrypted: found.storageEncrypted,
        kmsKeyId: found.kmsKeyId ?? "",
        resourceId: found.resourceId,
        vpcSecurityGroups: found.vpcSecurityGroupIds,
        tags: found.tags,
    };
}

const getDatabase: Invoke = async (args) => {
    const found = await ask("DescribeDbInstance", { identifier: String(args.dbInstanceIdentifier) });
    return { ...args, id: found.identifier, ...databaseOutputs(found), region };
};

/** What Cloud Control says, as far as anybody here asks for it: the properties are text. */
const getResource: Invoke = async (args) => {
    const describe = described[String(args.typeName)];
    if (!describe) {
        throw new Error(`TypeNotFoundException: ${String(args.typeName)} is not known to this cloud`);
    }
    const properties = await describe(String(args.identifier));
    return { ...args, id: args.identifier, properties: JSON.stringify(properties), region };
};

const described: Record<string, (identifier: string) => Promise<Properties>> = {
    "AWS::RDS::DBInstance": async (identifier) => {
        const found = await ask("DescribeDbInstance", { identifier });
        return {
            DBInstanceIdentifier: found.identifier,
            DbiResourceId: found.resourceId,
            DBInstanceStatus: found.status,
        };
    },
    "AWS::RDS::DBSubnetGroup": async (DBSubnetGroupName) => {
        const found = await subnetGroup(DBSubnetGroupName);
        if (!found) {
            throw new Error(`ResourceNotFoundException: ${DBSubnetGroupName} was not found`);
        }
        const tags = Object.entries((found.properties.tags as Record<string, string> | undefined) ?? {});
        return { DBSubnetGroupName, Tags: tags.map(([Key, Value]) => ({ Key, Value })) };
    },
};

/** By its name, or by server and tags. Nobody here takes any but the program and people: all are manual ones. */
async function databaseSnapshots(args: Properties) {
    if (args.snapshotType !== undefined && args.snapshotType !== "manual") {
        return [];
    }
    if (args.dbSnapshotIdentifier !== undefined) {
        const found = await describeServerSnapshot(String(args.dbSnapshotIdentifier));
        return found ? [found] : [];
    }
    const { snapshots: found } = await ask("DescribeDbSnapshots", {
        dbInstanceIdentifier: String(args.dbInstanceIdentifier),
    });
    const wanted = Object.entries((args.tags as Record<string, string> | undefined) ?? {});
    return found
        .filter(({ tags }) => wanted.every(([key, value]) => tags[key] === value))
        .sort((a, b) => (a.snapshotCreateTime < b.snapshotCreateTime ? 1 : -1));
}

const getDatabaseSnapshot: Invoke = async (args) => {
    const [found, ...others] = await databaseSnapshots(args);
    if (!found) {
        throw new Error("Your query returned no results. Please change your search criteria and try again.");
    }
    if (others.length > 0 && args.mostRecent !== true) {
        throw new Error("Your query returned more than one result. Please try a more specific search criteria.");
    }
    return {
        ...args,
        id: found.snapshotIdentifier,
        dbSnapshotIdentifier: found.snapshotIdentifier,
        dbInstanceIdentifier: found.dbInstanceIdentifier,
        tags: found.tags,
        status: found.status,
        engineVersion: found.engineVersion,
        encrypted: found.encrypted,
        kmsKeyId: found.kmsKeyId ?? "",
        allocatedStorage: found.allocatedStorage,
        snapshotCreateTime: found.snapshotCreateTime,
        region,
    };
};

/** A zone of which nothing fits has no list, instead of an empty one (pulumi-aws#5353). */
const getRecords: Invoke = async (args) => {
    const { records } = await ask("ListRecordSets", { zoneId: String(args.zoneId) });
    const wanted = new RegExp(String(args.nameRegex ?? ""));
    const sets = records.map(recordSet).filter(({ name }) => wanted.test(String(name)));
    return { zoneId: args.zoneId, nameRegex: args.nameRegex, ...(sets.length > 0 && { resourceRecordSets: sets }) };
};

/** As the data source gives them: what Route 53 does not answer is not there at all, whatever its types promise. */
function recordSet({ name, type, ttl, records, alias }: RecordSet): Properties {
    return {
        name: `${name}.`,
        type,
        ...(alias
            ? { aliasTarget: { dnsName: `${alias.dnsName}.`, hostedZoneId: alias.zoneId, evaluateTargetHealth: false } }
            : { ttl, resourceRecords: records.map((value) => ({ value })) }),
    };
}

const getZone: Invoke = async (args) => {
    const { zones } = await ask("DescribeHostedZones", {
        name: args.name as string | undefined,
        zoneId: args.zoneId as string | undefined,
    });
    if (zones.length === 0) {
        throw new Error("no matching Route 53 Hosted Zone found");
    }
    return { ...args, id: zones[0].zoneId, zoneId: zones[0].zoneId, name: zones[0].name };
};

export const invokes: Record<string, Invoke> = {
    "aws:index/getCallerIdentity:getCallerIdentity": async () => {
        const { account: accountId, arn, userId } = await ask("GetCallerIdentity", {});
        return { id: accountId, accountId, arn, userId };
    },
    "aws:index/getRegion:getRegion": async () => ({
        id: region,
        region,
        name: region,
        description: "The lab",
        endpoint: "",
    }),
    "aws:index/getAvailabilityZones:getAvailabilityZones": async () => ({
        id: region,
        ...(await ask("DescribeAvailabilityZones", {})),
        region,
    }),
    "aws:cloudcontrol/getResource:getResource": getResource,
    "aws:ebs/getSnapshotIds:getSnapshotIds": async (args) => ({
        ...args,
        id: region,
        ids: (await snapshots(args)).map((found) => found.snapshotId),
        region,
    }),
    "aws:ebs/getSnapshot:getSnapshot": getSnapshot,
    "aws:ebs/getVolume:getVolume": getVolume,
    "aws:ec2/getInstance:getInstance": getInstance,
    "aws:rds/getInstance:getInstance": getDatabase,
    "aws:rds/getSnapshot:getSnapshot": getDatabaseSnapshot,
    "aws:route53/getRecords:getRecords": getRecords,
    "aws:route53/getZone:getZone": getZone,
    ...networkInvokes,
};
