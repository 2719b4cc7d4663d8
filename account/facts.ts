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

/** What a stack has standing already, by its tags, and what the account has in all. */
export interface ComputeUse {
    /** vCPUs of running instances of the standard families, bought on demand. */
    standardVcpus: number;
    /** Types of this stack's own instances. */
    ownTypes: string[];
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
    propagatesByDefault: boolean;
}

export interface TransitRoute {
    table: string;
    cidr: string;
    /** "active", "blackhole". */
    state: string;
    attachments: string[];
    /** VPCs and others that it leads to. */
    resources: string[];
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
