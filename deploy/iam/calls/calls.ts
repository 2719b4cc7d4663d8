// What the provider asks AWS for, as data: for each operation on a resource the actions of IAM, each with a source and how sure it is.

/** `restore`: made from a capture. Each of them reads too: the provider waits for what it asked for, and writes down what it finds. */
export const operations = ["create", "restore", "read", "update", "delete"] as const;

export type Operation = (typeof operations)[number];

/**
 * In the provider's own source; on a page of AWS's; or neither. "Seen in code" is single files of the provider, of various versions, not of
 * exactly the one inside the plugin; what a helper of another file calls is taken from its name.
 */
export type Rank = "seen in code" | "documented" | "assumed";

/** What one source says. */
export interface Said extends Partial<Record<Operation, string[]>> {
    source: string;
    rank: Rank;
}

export type Calls = Said[];

/** "CreateVpc DeleteVpc" → ["ec2:CreateVpc", "ec2:DeleteVpc"]. */
const actionsOf = (service: string) => (names: string) => names.split(" ").map((name) => `${service}:${name}`);
export const ec2Calls = actionsOf("ec2");
export const rdsCalls = actionsOf("rds");
export const kmsCalls = actionsOf("kms");
export const route53Calls = actionsOf("route53");
/** Cloud Control's actions have CloudFormation's prefix. */
export const cloudControlCalls = actionsOf("cloudformation");

type ByOperation = Omit<Said, "source" | "rank">;

/** A file of terraform-provider-aws below internal/service. */
export function inCode(file: string, said: ByOperation): Said {
    return { source: `terraform-provider-aws, internal/service/${file}`, rank: "seen in code", ...said };
}

export function onPage(source: string, said: ByOperation): Said {
    return { source, rank: "documented", ...said };
}

/** Tags come with the call that makes a thing, which asks for ec2:CreateTags besides; later they are changed one by one. */
export function taggedInEc2(): Said[] {
    return [
        onPage("docs.aws.amazon.com/AWSEC2/latest/UserGuide/supported-iam-actions-tagging.html", {
            create: ec2Calls("CreateTags"),
            restore: ec2Calls("CreateTags"),
        }),
        inCode("ec2/tag_gen.go (createTags, updateTags)", { update: ec2Calls("CreateTags DeleteTags") }),
    ];
}

export function taggedInRds(): Said[] {
    return [
        // Seen as a refusal: CloudSnorkel/cdk-rds-sanitized-snapshots#110, awslabs/rds-snapshot-tool#62.
        onPage("the service authorization reference of RDS, AddTagsToResource", {
            create: rdsCalls("AddTagsToResource"),
            restore: rdsCalls("AddTagsToResource"),
        }),
        inCode("rds/instance.go, rds/snapshot.go, rds/subnet_group.go (ListTags, UpdateTags)", {
            read: rdsCalls("ListTagsForResource"),
            update: rdsCalls("AddTagsToResource RemoveTagsFromResource"),
        }),
    ];
}

/** On a key of one's own; AWS's own keys let everybody of the account use them through their service. */
const ebsKeys = "docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption-requirements.html";
const ebsActions = kmsCalls(
    "CreateGrant Decrypt DescribeKey GenerateDataKeyWithoutPlaintext ReEncryptFrom ReEncryptTo",
);

export function encryptedVolume(): Said {
    return onPage(ebsKeys, { create: ebsActions, restore: ebsActions });
}

/** The page asks for them "to use EBS encryption"; which of them a snapshot of an encrypted volume needs, it does not say. */
export function encryptedSnapshot(): Said {
    return { source: ebsKeys, rank: "assumed", create: ebsActions };
}

const rdsKeys = "docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Overview.Encryption.Keys.html";
const rdsActions = kmsCalls("CreateGrant DescribeKey");

export function encryptedServer(): Said {
    return onPage(rdsKeys, { create: rdsActions, restore: rdsActions });
}

/** The page says it of every "RDS resource". */
export function encryptedServerSnapshot(): Said {
    return { source: rdsKeys, rank: "assumed", create: rdsActions };
}
