// The calls for hosts, volumes, snapshots and their tags. Sources are files of hashicorp/terraform-provider-aws, as in network.ts.
import { As, tagList, tagsOf, TypeMapping } from "./mapping";

const ec2 = "terraform-provider-aws, internal/service/ec2";

/** The image says its root device's name: DescribeImages is asked for it. */
const rootDevice: As = (value) => {
    const { volumeSize, volumeType, encrypted, kmsKeyId, iops, throughput } = value as Record<string, unknown>;
    const given = { VolumeSize: volumeSize, VolumeType: volumeType, Encrypted: encrypted, KmsKeyId: kmsKeyId };
    const all = { ...given, Iops: iops, Throughput: throughput };
    const Ebs = Object.fromEntries(Object.entries(all).filter(([, one]) => one !== undefined));
    return { DeviceName: "/dev/xvda", Ebs: { DeleteOnTermination: true, ...Ebs } };
};

const metadata: As = (value) => {
    const { httpEndpoint, httpTokens, httpPutResponseHopLimit } = value as Record<string, unknown>;
    return { HttpEndpoint: httpEndpoint, HttpTokens: httpTokens, HttpPutResponseHopLimit: httpPutResponseHopLimit };
};

export const machineCalls: Record<string, TypeMapping> = {
    "aws:ec2/instance:Instance": {
        source: `${ec2}/ec2_instance.go: buildInstanceOpts, RunInstances; tags of volumes only where volumeTags or the block's own tags say so`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:RunInstances",
                fixed: { MinCount: 1, MaxCount: 1 },
                takes: {
                    ami: "ImageId",
                    instanceType: "InstanceType",
                    subnetId: "SubnetId",
                    vpcSecurityGroupIds: "SecurityGroupIds",
                    userData: "UserData",
                    metadataOptions: ["MetadataOptions", metadata],
                    rootBlockDevice: ["BlockDeviceMappings.0", rootDevice],
                    disableApiTermination: "DisableApiTermination",
                    iamInstanceProfile: "IamInstanceProfile.Name",
                    tags: ["TagSpecifications.0", (tags) => ({ ResourceType: "instance", Tags: tagList(tags) })],
                    volumeTags: ["TagSpecifications.1", (tags) => ({ ResourceType: "volume", Tags: tagList(tags) })],
                },
                id: "Instances.0.InstanceId",
            },
        ],
    },
    "aws:ebs/volume:Volume": {
        source: `${ec2}/ebs_volume.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateVolume",
                takes: {
                    availabilityZone: "AvailabilityZone",
                    size: "Size",
                    type: "VolumeType",
                    encrypted: "Encrypted",
                    kmsKeyId: "KmsKeyId",
                    snapshotId: "SnapshotId",
                    iops: "Iops",
                    throughput: "Throughput",
                    volumeInitializationRate: "VolumeInitializationRate",
                    ...tagsOf("volume"),
                },
                id: "VolumeId",
            },
        ],
    },
    "aws:ec2/volumeAttachment:VolumeAttachment": {
        source: `${ec2}/ebs_volume_attachment.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:AttachVolume",
                takes: { volumeId: "VolumeId", instanceId: "InstanceId", deviceName: "Device" },
            },
        ],
    },
    "aws:ebs/snapshot:Snapshot": {
        source: `${ec2}/ebs_snapshot.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateSnapshot",
                takes: { volumeId: "VolumeId", description: "Description", ...tagsOf("snapshot") },
                id: "SnapshotId",
            },
        ],
    },
    "aws:ec2/tag:Tag": {
        source: `${ec2}/tag_gen.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:CreateTags",
                takes: { resourceId: "Resources.0", key: "Tags.0.Key", value: "Tags.0.Value" },
            },
        ],
    },
    "aws:route53/record:Record": {
        source: "terraform-provider-aws, internal/service/route53/record.go: CREATE, or UPSERT with allow_overwrite",
        rank: "seen in code",
        calls: [
            {
                operation: "route53:ChangeResourceRecordSets",
                fixed: { ChangeBatch: { Comment: "Managed by Terraform", Changes: [{ Action: "CREATE" }] } },
                takes: {
                    zoneId: "HostedZoneId",
                    name: "ChangeBatch.Changes.0.ResourceRecordSet.Name",
                    type: "ChangeBatch.Changes.0.ResourceRecordSet.Type",
                    ttl: "ChangeBatch.Changes.0.ResourceRecordSet.TTL",
                    records: [
                        "ChangeBatch.Changes.0.ResourceRecordSet.ResourceRecords",
                        (values) => (values as unknown[]).map((Value) => ({ Value })),
                    ],
                    allowOverwrite: ["ChangeBatch.Changes.0.Action", (on) => (on === true ? "UPSERT" : "CREATE")],
                },
            },
        ],
    },
};
