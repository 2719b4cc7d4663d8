// Database servers and their snapshots: what the provider asks RDS for.
import {
    Calls,
    cloudControlCalls,
    ec2Calls,
    encryptedServer,
    encryptedServerSnapshot,
    inCode,
    onPage,
    rdsCalls,
    taggedInRds,
} from "./calls";

/** RDS looks with its caller's rights where the server will stand (aws-cloudformation-resource-providers-rds#94, after AWS's own page). */
const whereItStands = onPage(
    "AWS's pages on least privilege for RDS, by aws-cloudformation-resource-providers-rds#94",
    {
        create: ec2Calls(
            "DescribeVpcs DescribeSubnets DescribeSecurityGroups DescribeAvailabilityZones DescribeVpcAttribute",
        ),
        restore: ec2Calls(
            "DescribeVpcs DescribeSubnets DescribeSecurityGroups DescribeAvailabilityZones DescribeVpcAttribute",
        ),
        update: ec2Calls("DescribeVpcs DescribeSubnets DescribeSecurityGroups"),
    },
);

export const databaseCalls: Record<string, Calls> = {
    "aws:rds/subnetGroup:SubnetGroup": [
        inCode("rds/subnet_group.go", {
            create: rdsCalls("CreateDBSubnetGroup"),
            read: rdsCalls("DescribeDBSubnetGroups"),
            update: rdsCalls("ModifyDBSubnetGroup"),
            delete: rdsCalls("DeleteDBSubnetGroup"),
        }),
        whereItStands,
        ...taggedInRds(),
    ],
    "aws:rds/instance:Instance": [
        // What a restore can't be told (password, retention) is set once the server is there, and some of it takes a reboot.
        inCode("rds/instance.go", {
            create: rdsCalls("CreateDBInstance ModifyDBInstance"),
            restore: rdsCalls(
                "RestoreDBInstanceFromDBSnapshot RestoreDBInstanceToPointInTime ModifyDBInstance RebootDBInstance",
            ),
            read: rdsCalls("DescribeDBInstances"),
            update: rdsCalls("ModifyDBInstance RebootDBInstance"),
            delete: rdsCalls("DeleteDBInstance ModifyDBInstance"),
        }),
        // AWS's letter of August 2024, quoted in convox/convox#856: a final snapshot, and the tags that are copied to it, are asked for by name.
        onPage("AWS's notice on final snapshots (convox/convox#856)", {
            delete: rdsCalls("CreateDBSnapshot AddTagsToResource"),
        }),
        encryptedServer(),
        whereItStands,
        ...taggedInRds(),
    ],
    "aws:rds/snapshot:Snapshot": [
        inCode("rds/snapshot.go", {
            create: rdsCalls("CreateDBSnapshot"),
            read: rdsCalls("DescribeDBSnapshots"),
            delete: rdsCalls("DeleteDBSnapshot"),
        }),
        encryptedServerSnapshot(),
        ...taggedInRds(),
    ],
};

export const databaseLookups: Record<string, Calls> = {
    "aws:rds/getInstance:getInstance": [
        inCode("rds/instance_data_source.go", { read: rdsCalls("DescribeDBInstances ListTagsForResource") }),
    ],
    "aws:rds/getSubnetGroup:getSubnetGroup": [
        inCode("rds/subnet_group_data_source.go", { read: rdsCalls("DescribeDBSubnetGroups") }),
    ],
    // Of a server that an ended run has left, how far it is; of a subnet group, whose it is.
    "aws:cloudcontrol/getResource:getResource": [
        inCode("cloudcontrol/resource_data_source.go, resource.go (FindResource)", {
            read: cloudControlCalls("GetResource"),
        }),
        // The handler's `read` names what the VPC and its groups are like, too; that it asks for them is said nowhere.
        onPage("aws-cloudformation-resource-providers-rds, aws-rds-dbinstance.json (handlers, read)", {
            read: rdsCalls("DescribeDBInstances"),
        }),
        onPage("aws-cloudformation-resource-providers-rds, aws-rds-dbsubnetgroup.json (handlers, read)", {
            read: rdsCalls("DescribeDBSubnetGroups ListTagsForResource"),
        }),
    ],
    "aws:rds/getSnapshot:getSnapshot": [
        inCode("rds/snapshot_data_source.go", { read: rdsCalls("DescribeDBSnapshots") }),
    ],
};
