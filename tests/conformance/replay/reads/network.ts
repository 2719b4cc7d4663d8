// Networks, read back.
import { ec2, listed, ReadBack, tagsRead } from "./read";

function rule(): ReadBack {
    return {
        source: `${ec2}/vpc_security_group_ingress_rule.go: Read; a peer of another kind replaces`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeSecurityGroupRules",
                parameters: listed("SecurityGroupRuleIds"),
                at: "SecurityGroupRules.0",
                inputs: {
                    ...tagsRead,
                    securityGroupId: { at: "GroupId", replaces: true },
                    cidrIpv4: { at: "CidrIpv4" },
                    description: { at: "Description" },
                    ipProtocol: { at: "IpProtocol" },
                    fromPort: { at: "FromPort" },
                    toPort: { at: "ToPort" },
                    referencedSecurityGroupId: { at: "ReferencedGroupInfo.GroupId" },
                },
            },
        ],
    };
}

export const networkReads: Record<string, ReadBack> = {
    "aws:ec2/vpc:Vpc": {
        source: `${ec2}/vpc_.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeVpcs",
                parameters: listed("VpcIds"),
                at: "Vpcs.0",
                inputs: { ...tagsRead, cidrBlock: { at: "CidrBlock", replaces: true } },
            },
            {
                operation: "ec2:DescribeVpcAttribute",
                parameters: (VpcId) => ({ VpcId, Attribute: "enableDnsHostnames" }),
                at: "EnableDnsHostnames",
                inputs: { enableDnsHostnames: { at: "Value" } },
            },
        ],
    },
    "aws:ec2/subnet:Subnet": {
        source: `${ec2}/vpc_subnet.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeSubnets",
                parameters: listed("SubnetIds"),
                at: "Subnets.0",
                inputs: {
                    ...tagsRead,
                    cidrBlock: { at: "CidrBlock", replaces: true },
                    vpcId: { at: "VpcId", replaces: true },
                    availabilityZone: { at: "AvailabilityZone", replaces: true },
                },
            },
        ],
    },
    "aws:ec2/routeTable:RouteTable": {
        source: `${ec2}/vpc_route_table.go`,
        rank: "assumed",
        reads: [
            {
                operation: "ec2:DescribeRouteTables",
                parameters: listed("RouteTableIds"),
                at: "RouteTables.0",
                inputs: { ...tagsRead, vpcId: { at: "VpcId", replaces: true } },
            },
        ],
    },
    "aws:ec2/natGateway:NatGateway": {
        source: `${ec2}/vpc_nat_gateway.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeNatGateways",
                parameters: listed("NatGatewayIds"),
                at: "NatGateways.0",
                inputs: { ...tagsRead, subnetId: { at: "SubnetId", replaces: true } },
            },
        ],
    },
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
        source: `${ec2}/transitgateway_vpc_attachment.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeTransitGatewayVpcAttachments",
                parameters: listed("TransitGatewayAttachmentIds"),
                at: "TransitGatewayVpcAttachments.0",
                inputs: {
                    ...tagsRead,
                    subnetIds: { at: "SubnetIds" },
                    transitGatewayId: { at: "TransitGatewayId", replaces: true },
                    vpcId: { at: "VpcId", replaces: true },
                },
            },
        ],
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        source: `${ec2}/vpc_security_group.go`,
        rank: "seen in code",
        reads: [
            {
                operation: "ec2:DescribeSecurityGroups",
                parameters: listed("GroupIds"),
                at: "SecurityGroups.0",
                inputs: {
                    ...tagsRead,
                    vpcId: { at: "VpcId", replaces: true },
                    description: { at: "Description", replaces: true },
                },
            },
        ],
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule(),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule(),
};
