// Hosts, volumes, snapshots and records, read back.
import { ec2, filtered, listed, ReadBack, tagsRead } from "./read";

export const machineReads: Record<string, ReadBack> = {
    "aws:ec2/instance:Instance": {
        source: `${ec2}/ec2_instance.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeInstances",
                parameters: listed("InstanceIds"),
                at: "Reservations.0.Instances.0",
                inputs: {
                    ...tagsRead,
                    ami: { at: "ImageId", replaces: true },
                    instanceType: { at: "InstanceType" },
                    subnetId: { at: "SubnetId", replaces: true },
                },
            },
            {
                operation: "ec2:DescribeVolumes",
                parameters: (id) => ({
                    Filters: [
                        ...filtered("attachment.instance-id")(id).Filters,
                        ...filtered("attachment.device")("/dev/xvda").Filters,
                    ],
                }),
                at: "Volumes.0",
                inputs: {
                    "rootBlockDevice.encrypted": { at: "Encrypted", replaces: true },
                    "rootBlockDevice.kmsKeyId": { at: "KmsKeyId", replaces: true },
                    "rootBlockDevice.volumeSize": { at: "Size" },
                    "rootBlockDevice.volumeType": { at: "VolumeType" },
                },
            },
        ],
    },
    "aws:ebs/volume:Volume": {
        source: `${ec2}/ebs_volume.go: Schema and Read`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeVolumes",
                parameters: listed("VolumeIds"),
                at: "Volumes.0",
                inputs: {
                    ...tagsRead,
                    availabilityZone: { at: "AvailabilityZone", replaces: true },
                    encrypted: { at: "Encrypted", replaces: true },
                    kmsKeyId: { at: "KmsKeyId", replaces: true },
                    snapshotId: { at: "SnapshotId", replaces: true },
                    size: { at: "Size" },
                    type: { at: "VolumeType" },
                    iops: { at: "Iops" },
                    throughput: { at: "Throughput" },
                },
            },
        ],
    },
    "aws:ebs/snapshot:Snapshot": {
        source: `${ec2}/ebs_snapshot.go: Schema and Read`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeSnapshots",
                parameters: listed("SnapshotIds"),
                at: "Snapshots.0",
                inputs: {
                    ...tagsRead,
                    volumeId: { at: "VolumeId", replaces: true },
                    description: { at: "Description", replaces: true },
                },
            },
        ],
    },
    "aws:route53/record:Record": {
        source: "terraform-provider-aws, internal/service/route53/record.go",
        rank: "seen in code",
        reads: [
            {
                operation: "route53:ListResourceRecordSets",
                parameters: (_id, inputs) => ({
                    HostedZoneId: inputs.zoneId,
                    StartRecordName: inputs.name,
                    StartRecordType: inputs.type,
                    MaxItems: "1",
                }),
                at: "ResourceRecordSets.0",
                inputs: {
                    type: { at: "Type" },
                    ttl: { at: "TTL" },
                    records: { at: "ResourceRecords" },
                },
            },
        ],
    },
};
