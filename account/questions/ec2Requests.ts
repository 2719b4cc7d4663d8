// What EC2 is asked to judge without carrying it out, as data: the same requests as `pulumi up` sends, with tags, encryption and metadata options,
// since a company's policies look at those. tests/unit/account/recommended.test.ts puts each to the policies of deploy/iam.
import type {
    _InstanceType,
    AllocateAddressCommandInput,
    CreateSnapshotCommandInput,
    CreateVolumeCommandInput,
    CreateVpcCommandInput,
    ResourceType,
    RunInstancesCommandInput,
    TagSpecification,
} from "@aws-sdk/client-ec2";
import { captureTags, mountSlug } from "../../logic/names";
import { ProductId, products } from "../../products";

export type JudgedRequest = {
    /** What it is tried on, in a person's words. */
    on: string;
    /** What the real request will have and this one has not, since it does not exist yet: then a refusal says nothing. */
    without?: string;
} & (
    | { action: "ec2:CreateVpc"; input: CreateVpcCommandInput }
    | { action: "ec2:CreateVolume"; input: CreateVolumeCommandInput }
    | { action: "ec2:RunInstances"; input: RunInstancesCommandInput }
    | { action: "ec2:AllocateAddress"; input: AllocateAddressCommandInput }
    | { action: "ec2:CreateSnapshot"; input: CreateSnapshotCommandInput }
);

export interface PlannedBuilding {
    /** Of a network that is to be made. */
    vpcCidr?: string;
    /** Where hosts will be, as far as that is there. */
    place: { subnetId?: string; groupId?: string };
    image: string;
    /** As the image names it: its size and encryption are said with the request. */
    rootDevice?: string;
    hosts: {
        product: ProductId;
        instanceType: string;
        instanceProfile?: string;
        rootVolumeSize: number;
        volumeSizes: number[];
    }[];
    /** Absent where it can't be told. */
    zone?: string;
    kmsKeyId?: string;
    nat: boolean;
    deletionProtection: boolean;
    tags: Record<string, string>;
}

/** What an environment makes first, with what its configuration says. */
export function buildingRequests(planned: PlannedBuilding): JudgedRequest[] {
    const { vpcCidr, zone, nat, hosts, tags } = planned;
    return [
        ...(vpcCidr === undefined ? [] : [vpcRequest(vpcCidr, tags)]),
        ...(zone === undefined ? [] : hosts.flatMap((host) => volumeRequests(zone, host, planned))),
        ...hosts.map((host) => hostRequest(host, planned)),
        ...(nat
            ? [
                  {
                      action: "ec2:AllocateAddress" as const,
                      on: "an address for the NAT gateway",
                      input: { Domain: "vpc" as const, TagSpecifications: tagged(["elastic-ip"], tags) },
                  },
              ]
            : []),
    ];
}

function vpcRequest(vpcCidr: string, tags: Record<string, string>): JudgedRequest {
    const TagSpecifications = tagged(["vpc"], { ...tags, Name: "network" });
    return { action: "ec2:CreateVpc", on: vpcCidr, input: { CidrBlock: vpcCidr, TagSpecifications } };
}

type PlannedHost = PlannedBuilding["hosts"][number];

const encryptedBy = (kmsKeyId: string | undefined) => ({
    Encrypted: true,
    ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }),
});

/** As components/dataVolume.ts makes blank ones. */
function volumeRequests(zone: string, host: PlannedHost, { kmsKeyId, tags }: PlannedBuilding): JudgedRequest[] {
    const { product, volumeSizes } = host;
    return products[product].dataMounts.map((mount, index) => {
        const Name = `${products[product].slug}-product-${mountSlug(mount)}-blank`;
        return {
            action: "ec2:CreateVolume",
            on: `a volume for ${mount} in ${zone}`,
            input: {
                AvailabilityZone: zone,
                Size: volumeSizes[index],
                VolumeType: "gp3",
                ...encryptedBy(kmsKeyId),
                TagSpecifications: tagged(["volume"], {
                    ...tags,
                    Name,
                    "posit:product": product,
                    "posit:mount": mount,
                }),
            },
        };
    });
}

/** As components/host.ts makes one. */
function hostRequest(host: PlannedHost, planned: PlannedBuilding): JudgedRequest {
    const { product, instanceType, instanceProfile, rootVolumeSize } = host;
    const { place, image, rootDevice, zone, kmsKeyId, deletionProtection, tags } = planned;
    const { subnetId, groupId } = place;
    const missing = [
        ...(subnetId === undefined ? ["the subnet"] : []),
        ...(groupId === undefined ? ["the security group"] : []),
        ...(rootDevice === undefined ? ["the root volume's encryption"] : []),
    ];
    return {
        action: "ec2:RunInstances",
        on: `${image} as ${instanceType}, ${products[product].title}`,
        ...(missing.length > 0 && { without: missing.join(" and ") }),
        input: {
            ImageId: image,
            InstanceType: instanceType as _InstanceType,
            MinCount: 1,
            MaxCount: 1,
            ...(subnetId === undefined
                ? { Placement: { AvailabilityZone: zone } }
                : { SubnetId: subnetId, ...(groupId !== undefined && { SecurityGroupIds: [groupId] }) }),
            ...(instanceProfile !== undefined && { IamInstanceProfile: { Name: instanceProfile } }),
            MetadataOptions: { HttpEndpoint: "enabled", HttpTokens: "required", HttpPutResponseHopLimit: 1 },
            ...(rootDevice !== undefined && {
                BlockDeviceMappings: [
                    {
                        DeviceName: rootDevice,
                        Ebs: { VolumeType: "gp3", VolumeSize: rootVolumeSize, ...encryptedBy(kmsKeyId) },
                    },
                ],
            }),
            DisableApiTermination: deletionProtection,
            TagSpecifications: tagged(["instance", "volume"], { ...tags, Name: products[product].slug }),
        },
    };
}

export interface PlannedSnapshots {
    stack: string;
    /** Of the capture that comes next. */
    token: string;
    volumes: { product: ProductId; volumeId: string; mount: string }[];
    tags: Record<string, string>;
}

/** What a capture asks for, of each volume once. */
export function snapshotRequests({ stack, token, volumes, tags }: PlannedSnapshots): JudgedRequest[] {
    const each = new Map(volumes.map((volume) => [volume.volumeId, volume]));
    return [...each.values()].map(({ product, volumeId, mount }) => ({
        action: "ec2:CreateSnapshot",
        on: volumeId,
        input: {
            VolumeId: volumeId,
            Description: `Capture ${token}: ${product} ${mount}`,
            TagSpecifications: tagged(["snapshot"], { ...tags, ...captureTags(stack, token, product, mount) }),
        },
    }));
}

function tagged(types: ResourceType[], tags: Record<string, string>): TagSpecification[] {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    return types.map((ResourceType) => ({ ResourceType, Tags }));
}
