// What is asked of an account, as plain data: account/questions/ make it, account/judges/ judge it.

export interface Caller {
    account: string;
    arn: string;
}

/** How one permission was tried, and what came of it. */
export interface TriedPermission {
    /** As IAM calls it: "ec2:CreateSnapshot". */
    action: string;
    /** What it was tried on. */
    on: string;
    verdict: "allowed" | "denied" | "unclear";
    /** Why it is unclear, or by what it was denied. */
    says?: string;
}

export interface ProductCode {
    code: string;
    /** "marketplace", "devpay". */
    type: string;
}

export interface ImageFacts {
    id: string;
    state: string;
    architecture: string;
    rootDeviceType: string;
    /** "/dev/sda1" */
    rootDevice?: string;
    virtualization: string;
    /** "Linux/UNIX", "Windows", … */
    platform: string;
    /** It has the network driver that newer types need. */
    ena?: boolean;
    /** GiB of its root snapshot. */
    rootSize?: number;
    /** ISO 8601, where a date is set. */
    deprecated?: string;
    productCodes: ProductCode[];
}

export interface InstanceTypeFacts {
    type: string;
    vcpus: number;
    architectures: string[];
    /** "nitro", "xen"; absent of bare metal. */
    hypervisor?: string;
    /** Zones of those asked about that offer it. */
    zones: string[];
}

export interface InstanceFacts {
    id: string;
    state: string;
    type: string;
    zone: string;
    vpcId?: string;
    privateAddress?: string;
    publicAddress?: string;
    rootDevice?: string;
    productCodes: ProductCode[];
}

export interface VolumeFacts {
    id: string;
    state: string;
    type: string;
    /** GiB */
    size: number;
    zone: string;
    encrypted: boolean;
    kmsKeyId?: string;
    iops?: number;
    attachedTo: { instanceId: string; device: string }[];
}

export interface SnapshotFacts {
    id: string;
    volumeId: string;
    state: string;
    /** ISO 8601 */
    started: string;
    completed?: string;
    /** Of all its blocks. */
    fullBytes?: number;
}

/** An instance profile, and what hosts become by it. */
export interface ProfileFacts {
    name: string;
    /** ARNs; one at most. */
    roles: string[];
}

/** Running instances that are bought on demand. */
export interface ComputeUse {
    running: {
        type: string;
        vcpus: number;
        /** By its tags this stack's. */
        own: boolean;
    }[];
}

/** GiB of the account's volumes by type, and of this stack's own. */
export interface StorageUse {
    all: Record<string, number>;
    own: Record<string, number>;
}

export interface NetworkFacts {
    vpcs: { id: string; cidrs: string[]; own: boolean }[];
    addresses: number;
    /** NAT gateways in the first zone. */
    natGateways: number;
    ownAddresses: number;
    ownNatGateways: number;
}

export interface TransitFacts {
    id: string;
    state: string;
    owner: string;
    /** Attachments of other accounts are accepted by themselves. */
    acceptsShared: boolean;
    associatesByDefault: boolean;
    /** With which attachments are associated by themselves. */
    associationTable?: string;
    propagatesByDefault: boolean;
}

export interface TransitTable {
    id: string;
    routes: TransitRoute[];
    /** There are more than were told. */
    more: boolean;
}

export interface TransitRoute {
    cidr: string;
    /** "active", "blackhole". */
    state: string;
    /** VPCs and others that it leads to. */
    resources: string[];
}

/** To the world, which answers public addresses only; by NAT, which leads out only; or into networks. */
export type RouteKind = "internet" | "nat" | "inside";

export interface SubnetRoute {
    /** Absent of a list of prefixes. */
    cidr?: string;
    active: boolean;
    kind: RouteKind;
}

export interface SubnetFacts {
    id: string;
    /** Addresses that nobody has. */
    free?: number;
    /** This stack's own hosts in it. */
    ownHosts: number;
}

export interface ServerStanding {
    server: string;
    engine: string;
    engineVersion: string;
    instanceClass: string;
    status: string;
    /** GiB */
    storage: number;
    storageType: string;
    encrypted: boolean;
    kmsKeyId?: string;
    backupRetentionPeriod: number;
    multiAz: boolean;
    /** ISO 8601 */
    latestRestorable?: string;
    cluster?: string;
    zone?: string;
}

/** One way in which a class may be ordered. */
export interface OrderableClass {
    engineVersion: string;
    storageType: string;
    zones: string[];
    encryption: boolean;
}

export interface KeyFacts {
    arn: string;
    account: string;
    enabled: boolean;
    /** "Enabled", "Disabled", "PendingDeletion", … */
    state: string;
    usage: string;
    spec: string;
}

export interface ZoneFacts {
    id: string;
    /** Without the last dot. */
    name: string;
    isPrivate: boolean;
}

/** Number of things, and whether there are more than were counted. */
export interface Counted {
    count: number;
    more: boolean;
}
