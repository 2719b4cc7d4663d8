// Hosts, volumes and snapshots: what the provider asks EC2 for.
import { Calls, ec2Calls, encryptedSnapshot, encryptedVolume, inCode, onPage, taggedInEc2 } from "./calls";

const instanceReads = ec2Calls(
    [
        "DescribeInstances DescribeInstanceTypes DescribeInstanceAttribute DescribeInstanceCreditSpecifications",
        "DescribeVolumes DescribeVpcs DescribeTags",
    ].join(" "),
);

export const machineCalls: Record<string, Calls> = {
    "aws:ec2/instance:Instance": [
        inCode("ec2/ec2_instance.go", {
            create: ec2Calls("DescribeImages RunInstances"),
            read: instanceReads,
            // Another type is set while it is stopped.
            update: ec2Calls(
                [
                    "ModifyInstanceAttribute StopInstances StartInstances ModifyInstanceMetadataOptions ModifyNetworkInterfaceAttribute",
                    "ModifyVolume DescribeVolumesModifications DescribeIamInstanceProfileAssociations",
                    "AssociateIamInstanceProfile ReplaceIamInstanceProfileAssociation DisassociateIamInstanceProfile",
                ].join(" "),
            ),
            // Its protection is taken off first, whatever it was.
            delete: ec2Calls("ModifyInstanceAttribute TerminateInstances"),
        }),
        // Only where instances are given a role (values: instanceRoles).
        onPage("docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html", {
            create: ["iam:PassRole"],
            update: ["iam:PassRole"],
        }),
        encryptedVolume(),
        ...taggedInEc2(),
    ],
    "aws:ebs/volume:Volume": [
        inCode("ec2/ebs_volume.go", {
            create: ec2Calls("CreateVolume"),
            restore: ec2Calls("CreateVolume"),
            read: ec2Calls("DescribeVolumes"),
            update: ec2Calls("ModifyVolume DescribeVolumesModifications"),
            delete: ec2Calls("DeleteVolume"),
        }),
        encryptedVolume(),
        ...taggedInEc2(),
    ],
    "aws:ec2/volumeAttachment:VolumeAttachment": [
        inCode("ec2/ebs_volume_attachment.go", {
            create: ec2Calls("AttachVolume DescribeInstances"),
            read: ec2Calls("DescribeVolumes"),
            delete: ec2Calls("DetachVolume DescribeInstances"),
        }),
        encryptedVolume(),
    ],
    "aws:ebs/snapshot:Snapshot": [
        inCode("ec2/ebs_snapshot.go", {
            create: ec2Calls("CreateSnapshot"),
            read: ec2Calls("DescribeSnapshots"),
            delete: ec2Calls("DeleteSnapshot"),
        }),
        encryptedSnapshot(),
        ...taggedInEc2(),
    ],
    "aws:ec2/tag:Tag": [
        inCode("ec2/tag_gen.go", {
            create: ec2Calls("CreateTags"),
            read: ec2Calls("DescribeTags"),
            update: ec2Calls("CreateTags"),
            delete: ec2Calls("DeleteTags"),
        }),
    ],
};

export const machineLookups: Record<string, Calls> = {
    // The provider knows its region itself, and asks nobody.
    "aws:index/getRegion:getRegion": [inCode("meta/region_data_source.go", { read: [] })],
    "aws:ebs/getVolume:getVolume": [inCode("ec2/ebs_volume_data_source.go", { read: ec2Calls("DescribeVolumes") })],
    "aws:ec2/getInstance:getInstance": [inCode("ec2/ec2_instance_data_source.go", { read: instanceReads })],
    "aws:ebs/getSnapshot:getSnapshot": [
        inCode("ec2/ebs_snapshot_data_source.go", { read: ec2Calls("DescribeSnapshots") }),
    ],
    "aws:ebs/getSnapshotIds:getSnapshotIds": [
        inCode("ec2/ebs_snapshot_ids_data_source.go", { read: ec2Calls("DescribeSnapshots") }),
    ],
};
