// The VPC's parts: subnets, what is attached to them, security groups and their rules.
import { isWithin, overlap, rangesOf } from "../../../logic/ranges";
import { logicalName, Resource } from "../exports";
import { again, each, found, inModel, refusalSeen, Rule, Stack } from "./rule";

const subnetType = "aws:ec2/subnet:Subnet";
const vpcType = "aws:ec2/vpc:Vpc";
const groupType = "aws:ec2/securityGroup:SecurityGroup";
const ruleTypes = [
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
];
/** A default that a company may have raised (Amazon VPC user guide, quotas); the program does not ask for it. */
const mostRules = 60;

const blockOf = ({ inputs }: Resource) =>
    rangesOf([String(inputs.cidrBlock)])[0] as ReturnType<typeof rangesOf>[0] | undefined;

/** The zones of those subnets that this stack made. */
function zonesOf(stack: Stack, ids: unknown): string[] {
    return (ids as unknown[]).flatMap((id) => {
        const subnet = stack.withId(subnetType, id);
        return subnet ? [String(subnet.inputs.availabilityZone)] : [];
    });
}

const tooMany: Rule["finds"] = (stack) =>
    stack.of(groupType).flatMap((group) =>
        ruleTypes.flatMap((type) => {
            const count = stack.of(type).filter(({ inputs }) => inputs.securityGroupId === group.id).length;
            return count > mostRules
                ? [found(group, "rules", `${count} rules in one direction are more than ${mostRules}`)]
                : [];
        }),
    );

const sameRule = ({ type, inputs }: Resource) =>
    [
        type,
        ...["securityGroupId", "ipProtocol", "fromPort", "toPort", "cidrIpv4", "referencedSecurityGroupId"].map(
            (key) => inputs[key],
        ),
    ].join(" ");

const overlapping: Rule["finds"] = (stack) => {
    const subnets = stack.of(subnetType);
    return subnets.flatMap((subnet, index) => {
        const other = subnets.slice(0, index).find((one) => {
            const [a, b] = [blockOf(one), blockOf(subnet)];
            return one.inputs.vpcId === subnet.inputs.vpcId && a !== undefined && b !== undefined && overlap(a, b);
        });
        return other ? [found(subnet, "cidrBlock", `overlaps ${logicalName(other)}`)] : [];
    });
};

const allowedWords = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]{1,255}$/;
const describedOddly = (inputs: Resource["inputs"]): string | undefined =>
    inputs.description === undefined || allowedWords.test(String(inputs.description))
        ? undefined
        : `"${String(inputs.description)}" has characters that EC2 refuses, or is longer than 255`;

export const networkRules: Rule[] = [
    {
        name: "subnet-outside-vpc",
        ...refusalSeen("InvalidSubnet.Range: The CIDR '10.0.1.0/24' is invalid.", "CreateSubnet"),
        finds: each(
            [subnetType],
            (inputs, subnet, stack) => {
                const vpc = stack.withId(vpcType, inputs.vpcId);
                const [own, whole] = [blockOf(subnet), vpc && blockOf(vpc)];
                return own && whole && !isWithin(own, whole)
                    ? `${String(inputs.cidrBlock)} is not in the VPC's range`
                    : undefined;
            },
            "cidrBlock",
        ),
    },
    {
        name: "subnets-overlap",
        ...inModel(
            "ec2:CreateSubnet",
            "A subnet CIDR block must not overlap the CIDR block of an existing subnet in the VPC.",
        ),
        finds: overlapping,
    },
    {
        name: "block-size",
        ...inModel(
            "ec2:CreateSubnet",
            "The allowed size for an IPv4 subnet is between a /28 netmask (16 IP addresses) and a /16 netmask (65,536 IP addresses).",
        ),
        finds: each(
            [subnetType, vpcType],
            (inputs, one) => {
                const block = blockOf(one);
                return block && (block.prefix < 16 || block.prefix > 28)
                    ? `${String(inputs.cidrBlock)} is not /16 to /28`
                    : undefined;
            },
            "cidrBlock",
        ),
    },
    {
        name: "subnet-group-zones",
        ...inModel("rds:CreateDBSubnetGroup", "DB subnet groups must contain at least one subnet in at least two AZs"),
        finds: each(
            ["aws:rds/subnetGroup:SubnetGroup"],
            ({ subnetIds }, _group, stack) => {
                const zones = zonesOf(stack, subnetIds);
                const known = zones.length === (subnetIds as unknown[]).length;
                return known && new Set(zones).size < 2 ? `its subnets are in ${zones.join(" and ")}` : undefined;
            },
            "subnetIds",
        ),
    },
    {
        name: "transit-zones",
        ...inModel(
            "ec2:CreateTransitGatewayVpcAttachmentRequest.SubnetIds",
            "You can specify only one subnet per Availability Zone.",
        ),
        finds: each(
            ["aws:ec2transitgateway/vpcAttachment:VpcAttachment"],
            ({ subnetIds }, _attachment, stack) => {
                const [zone] = again(zonesOf(stack, subnetIds), (one) => one);
                return zone === undefined ? undefined : `two of its subnets are in ${zone}`;
            },
            "subnetIds",
        ),
    },
    {
        name: "rules-per-group",
        text: "Inbound or outbound rules per security group: 60",
        source: "Amazon VPC user guide, Amazon VPC quotas",
        rank: "documented",
        finds: tooMany,
    },
    {
        name: "rule-twice",
        ...refusalSeen(
            "InvalidPermission.Duplicate: the specified rule already exists",
            "AuthorizeSecurityGroupIngress",
        ),
        finds: (stack) =>
            again(stack.of(...ruleTypes), sameRule).map((rule) =>
                found(rule, "rule", "says what another rule of the group says"),
            ),
    },
    {
        name: "one-peer",
        ...inModel(
            "ec2:AuthorizeSecurityGroupIngress",
            "You must specify exactly one of the following sources: an IPv4 or IPv6 address range, a prefix list, or a security group.",
        ),
        finds: each(
            ruleTypes,
            ({ cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId }) => {
                const peers = [cidrIpv4, cidrIpv6, prefixListId, referencedSecurityGroupId].filter(
                    (one) => one !== undefined,
                );
                return peers.length === 1 ? undefined : `it has ${peers.length} peers`;
            },
            "peer",
        ),
    },
    {
        name: "rule-description",
        ...inModel(
            "ec2:IpRange.Description",
            "Up to 255 characters in length. Allowed characters are a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
        ),
        finds: each(ruleTypes, describedOddly, "description"),
    },
    {
        name: "group-description",
        ...inModel(
            "ec2:CreateSecurityGroupRequest.Description",
            "Valid characters: a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
        ),
        finds: each([groupType], describedOddly, "description"),
    },
];
