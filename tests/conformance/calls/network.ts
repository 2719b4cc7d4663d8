// The calls for networks. Sources are files of hashicorp/terraform-provider-aws; what the bridge of pulumi-aws 7.48 wraps may be newer.
import { As, CallMapping, tagList, tagsOf, TypeMapping } from "./mapping";

const ec2 = "terraform-provider-aws, internal/service/ec2";

/** A rule's peer is a range or a group, each with the rule's description. */
const described: As = (value, { inputs }) => ({
    ...(inputs.referencedSecurityGroupId === value ? { GroupId: value } : { CidrIp: value }),
    ...(inputs.description !== undefined && { Description: inputs.description }),
});

function securityGroupRule(direction: "Ingress" | "Egress"): TypeMapping {
    return {
        source: `${ec2}/vpc_security_group_${direction.toLowerCase()}_rule.go: the rule, then its tags`,
        rank: "seen in code",
        calls: [
            {
                operation: `ec2:AuthorizeSecurityGroup${direction}`,
                takes: {
                    securityGroupId: "GroupId",
                    ipProtocol: "IpPermissions.0.IpProtocol",
                    fromPort: "IpPermissions.0.FromPort",
                    toPort: "IpPermissions.0.ToPort",
                    cidrIpv4: ["IpPermissions.0.IpRanges.0", described],
                    referencedSecurityGroupId: ["IpPermissions.0.UserIdGroupPairs.0", described],
                },
                id: "SecurityGroupRules.0.SecurityGroupRuleId",
            },
            createTags,
        ],
        unsent: { description: "goes with the range or the group" },
    };
}

const createTags: CallMapping = {
    operation: "ec2:CreateTags",
    when: ({ tags }) => tags !== undefined,
    takes: { tags: ["Tags", tagList] },
    own: "Resources.0",
};

export const networkCalls: Record<string, TypeMapping> = {
    "aws:ec2/vpc:Vpc": {
        source: `${ec2}/vpc_.go: attributes after the creation, one call each`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateVpc",
                fixed: { AmazonProvidedIpv6CidrBlock: false, InstanceTenancy: "default" },
                takes: { cidrBlock: "CidrBlock", instanceTenancy: "InstanceTenancy", ...tagsOf("vpc") },
                id: "Vpc.VpcId",
            },
            attribute("enableDnsHostnames", "EnableDnsHostnames.Value"),
            attribute("enableDnsSupport", "EnableDnsSupport.Value"),
        ],
    },
    "aws:ec2/subnet:Subnet": {
        source: `${ec2}/vpc_subnet.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:CreateSubnet",
                takes: {
                    vpcId: "VpcId",
                    cidrBlock: "CidrBlock",
                    availabilityZone: "AvailabilityZone",
                    ...tagsOf("subnet"),
                },
                id: "Subnet.SubnetId",
            },
        ],
    },
    "aws:ec2/routeTable:RouteTable": {
        source: `${ec2}/vpc_route_table.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:CreateRouteTable",
                takes: { vpcId: "VpcId", ...tagsOf("route-table") },
                id: "RouteTable.RouteTableId",
            },
        ],
    },
    "aws:ec2/routeTableAssociation:RouteTableAssociation": {
        source: `${ec2}/vpc_route_table_association.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:AssociateRouteTable",
                takes: { subnetId: "SubnetId", routeTableId: "RouteTableId" },
                id: "AssociationId",
            },
        ],
    },
    "aws:ec2/route:Route": {
        source: `${ec2}/vpc_route.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:CreateRoute",
                takes: {
                    routeTableId: "RouteTableId",
                    destinationCidrBlock: "DestinationCidrBlock",
                    gatewayId: "GatewayId",
                    natGatewayId: "NatGatewayId",
                    transitGatewayId: "TransitGatewayId",
                },
            },
        ],
    },
    "aws:ec2/internetGateway:InternetGateway": {
        source: `${ec2}/vpc_internet_gateway.go: made, then attached`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateInternetGateway",
                takes: tagsOf("internet-gateway"),
                id: "InternetGateway.InternetGatewayId",
            },
            { operation: "ec2:AttachInternetGateway", takes: { vpcId: "VpcId" }, own: "InternetGatewayId" },
        ],
    },
    "aws:ec2/eip:Eip": {
        source: `${ec2}/ec2_eip.go`,
        rank: "assumed",
        calls: [
            {
                operation: "ec2:AllocateAddress",
                takes: { domain: "Domain", ...tagsOf("elastic-ip") },
                id: "AllocationId",
            },
        ],
    },
    "aws:ec2/natGateway:NatGateway": {
        source: `${ec2}/vpc_nat_gateway.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateNatGateway",
                fixed: { ConnectivityType: "public" },
                takes: { subnetId: "SubnetId", allocationId: "AllocationId", ...tagsOf("natgateway") },
                id: "NatGateway.NatGatewayId",
            },
        ],
    },
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
        source: `${ec2}/transitgateway_vpc_attachment.go`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateTransitGatewayVpcAttachment",
                fixed: { Options: { ApplianceModeSupport: "disable", DnsSupport: "enable", Ipv6Support: "disable" } },
                takes: {
                    subnetIds: "SubnetIds",
                    transitGatewayId: "TransitGatewayId",
                    vpcId: "VpcId",
                    ...tagsOf("transit-gateway-attachment"),
                },
                id: "TransitGatewayVpcAttachment.TransitGatewayAttachmentId",
            },
        ],
    },
    "aws:ec2/securityGroup:SecurityGroup": {
        source: `${ec2}/vpc_security_group.go: made, then freed of the rule that lets everything out`,
        rank: "seen in code",
        calls: [
            {
                operation: "ec2:CreateSecurityGroup",
                takes: {
                    vpcId: "VpcId",
                    description: "Description",
                    ...tagsOf("security-group"),
                },
                // Without a name of its own Pulumi makes one of the logical name and seven characters; any that is unique does here.
                own: "GroupName",
                id: "GroupId",
            },
            {
                operation: "ec2:RevokeSecurityGroupEgress",
                // Then the same of IPv6, which may be refused.
                fixed: {
                    IpPermissions: [{ IpProtocol: "-1", FromPort: 0, ToPort: 0, IpRanges: [{ CidrIp: "0.0.0.0/0" }] }],
                },
                takes: {},
                own: "GroupId",
            },
        ],
        unsent: { name: "given, it is the group's name; the program gives none" },
    },
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("Egress"),
};

function attribute(input: string, to: string): CallMapping {
    return {
        operation: "ec2:ModifyVpcAttribute",
        when: (inputs) => inputs[input] !== undefined,
        takes: { [input]: to },
        own: "VpcId",
    };
}
