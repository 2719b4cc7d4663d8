// Quotas that an upgrade can meet, with their codes in Service Quotas. A code is the same in every region; `usual` is a new account's value.

export interface QuotaKind {
    service: string;
    code: string;
    title: string;
    /** Of what the value is a number. */
    unit: string;
    source: string;
}

/** Its pages are made from Service Quotas; codes were also seen in use in public repositories, named where there are few. */
const general = "AWS General Reference, service endpoints and quotas";

export const quotaKinds = {
    vcpus: {
        service: "ec2",
        code: "L-1216C47A",
        title: "vCPUs of running On-Demand Standard instances",
        unit: "vCPUs",
        source: `${general}; AWS's own guide of Application Migration Service asks for it by this code`,
    },
    addresses: { service: "ec2", code: "L-0263D0A3", title: "EC2-VPC Elastic IPs", unit: "addresses", source: general },
    vpcs: { service: "vpc", code: "L-F678F1CE", title: "VPCs per Region", unit: "VPCs", source: general },
    natGateways: {
        service: "vpc",
        code: "L-FE5A380F",
        title: "NAT gateways per Availability Zone",
        unit: "gateways",
        source: general,
    },
    rules: {
        service: "vpc",
        code: "L-0EA8095F",
        title: "Inbound or outbound rules per security group",
        unit: "rules",
        source: `${general}; cortexlabs/cortex, pkg/lib/aws/servicequotas.go`,
    },
    gp3: {
        service: "ebs",
        code: "L-7A658B76",
        title: "Storage for General Purpose SSD (gp3) volumes",
        unit: "TiB",
        source: general,
    },
    snapshots: {
        service: "ebs",
        code: "L-309BACF6",
        title: "Snapshots per Region",
        unit: "snapshots",
        source: general,
    },
    servers: { service: "rds", code: "L-7B6409FD", title: "DB instances", unit: "servers", source: general },
    serverStorage: {
        service: "rds",
        code: "L-7ADDB58A",
        title: "Total storage for all DB instances",
        unit: "GB",
        source: general,
    },
    serverSnapshots: {
        service: "rds",
        code: "L-272F1212",
        title: "Manual DB instance snapshots",
        unit: "snapshots",
        source: general,
    },
} as const satisfies Record<string, QuotaKind>;

export type QuotaName = keyof typeof quotaKinds;
