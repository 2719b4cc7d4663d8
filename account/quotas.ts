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

/** Zuul has both tables, made from the console of Service Quotas: nodepool/driver/aws/adapter.py, QUOTA_CODES and VOLUME_QUOTA_CODES. */
const zuul = `${general}; Zuul, nodepool/driver/aws/adapter.py`;

function vcpuKind(family: string, code: string, source = zuul): QuotaKind {
    return { service: "ec2", code, title: `vCPUs of running On-Demand ${family} instances`, unit: "vCPUs", source };
}

function storageKind(type: string, code: string): QuotaKind {
    return { service: "ebs", code, title: `Storage for ${type} volumes`, unit: "TiB", source: zuul };
}

/** One for each kind of machine: what one has is no use to another. */
const vcpuKinds = {
    vcpusStandard: vcpuKind(
        "Standard",
        "L-1216C47A",
        `${general}; AWS's own guide of Application Migration Service asks for it by this code`,
    ),
    vcpusDl: vcpuKind("DL", "L-6E869C2A"),
    vcpusF: vcpuKind("F", "L-74FC7D96"),
    vcpusG: vcpuKind("G and VT", "L-DB2E81BA"),
    vcpusHpc: vcpuKind("HPC", "L-F7808C92"),
    vcpusInf: vcpuKind("Inf", "L-1945791B"),
    vcpusMemory: vcpuKind("High Memory", "L-43DA4232"),
    vcpusP: vcpuKind("P", "L-417A185B"),
    vcpusTrn: vcpuKind("Trn", "L-2C3B7624"),
    vcpusX: vcpuKind("X", "L-7295265B"),
};

const storageKinds = {
    gp2: storageKind("General Purpose SSD (gp2)", "L-D18FCD1D"),
    gp3: storageKind("General Purpose SSD (gp3)", "L-7A658B76"),
    io1: storageKind("Provisioned IOPS SSD (io1)", "L-FD252861"),
    io2: storageKind("Provisioned IOPS SSD (io2)", "L-09BD8365"),
    sc1: storageKind("Cold HDD (sc1)", "L-17AF77E8"),
    st1: storageKind("Throughput Optimized HDD (st1)", "L-82ACEF56"),
    standard: storageKind("Magnetic (standard)", "L-9CF3C2EB"),
};

export const quotaKinds = {
    ...vcpuKinds,
    ...storageKinds,
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
} satisfies Record<string, QuotaKind>;

export type QuotaName = keyof typeof quotaKinds;

/**
 * By the letters that a type begins with, as the quotas' names have them ("Standard (A, C, D, H, I, M, R, T, Z)", "G and VT"); `im`, `is` and `gr`
 * are I's and G's own branches (assumed: their names stand in no quota's). Letters of EC2's model that are not here have no quota that anybody
 * documents, or are Dedicated Hosts only (`mac`).
 */
const families: [letters: string[], quota: keyof typeof vcpuKinds][] = [
    [["a", "c", "d", "h", "i", "im", "is", "m", "r", "t", "z"], "vcpusStandard"],
    [["dl"], "vcpusDl"],
    [["f"], "vcpusF"],
    [["g", "gr", "vt"], "vcpusG"],
    [["hpc"], "vcpusHpc"],
    [["inf"], "vcpusInf"],
    [["u"], "vcpusMemory"],
    [["p"], "vcpusP"],
    [["trn"], "vcpusTrn"],
    [["x"], "vcpusX"],
];

/** Which quota counts a type's vCPUs; `undefined` where nobody says. */
export function vcpuQuota(type: string): keyof typeof vcpuKinds | undefined {
    const [letters = ""] = /^[a-z]+/.exec(type) ?? [];
    return families.find(([those]) => those.includes(letters))?.[1];
}

export function storageQuota(type: string): keyof typeof storageKinds | undefined {
    return Object.keys(storageKinds).find((one): one is keyof typeof storageKinds => one === type);
}
