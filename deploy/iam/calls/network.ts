// The network of an environment: what the provider asks EC2 for.
import { Calls, ec2Calls, inCode, taggedInEc2 } from "./calls";

const rule = (direction: "Ingress" | "Egress"): Calls => [
    inCode(`ec2/vpc_security_group_${direction.toLowerCase()}_rule.go`, {
        create: ec2Calls(`AuthorizeSecurityGroup${direction}`),
        read: ec2Calls("DescribeSecurityGroupRules"),
        update: ec2Calls("ModifySecurityGroupRules"),
        delete: ec2Calls(`RevokeSecurityGroup${direction}`),
    }),
    ...taggedInEc2(),
];

/** What a service left behind in a subnet or a group is looked for; only Lambda's, Comprehend's and DMS's would be taken away. */
const lingering = "ec2/vpc_network_interface.go (deleteLingeringENIs)";

export const networkCalls: Record<string, Calls> = {
    "aws:ec2/vpc:Vpc": [
        inCode("ec2/vpc_.go", {
            create: ec2Calls("CreateVpc ModifyVpcAttribute"),
            read: ec2Calls(
                "DescribeVpcs DescribeVpcAttribute DescribeNetworkAcls DescribeRouteTables DescribeSecurityGroups",
            ),
            update: ec2Calls("ModifyVpcAttribute"),
            delete: ec2Calls("DeleteVpc"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2/subnet:Subnet": [
        inCode("ec2/vpc_subnet.go", {
            create: ec2Calls("CreateSubnet"),
            read: ec2Calls("DescribeSubnets"),
            update: ec2Calls("ModifySubnetAttribute"),
            delete: ec2Calls("DeleteSubnet"),
        }),
        inCode(lingering, { delete: ec2Calls("DescribeNetworkInterfaces") }),
        ...taggedInEc2(),
    ],
    "aws:ec2/routeTable:RouteTable": [
        inCode("ec2/vpc_route_table.go", {
            create: ec2Calls("CreateRouteTable"),
            read: ec2Calls("DescribeRouteTables"),
            delete: ec2Calls("DisassociateRouteTable DeleteRouteTable"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2/routeTableAssociation:RouteTableAssociation": [
        inCode("ec2/vpc_route_table_association.go", {
            create: ec2Calls("AssociateRouteTable"),
            read: ec2Calls("DescribeRouteTables"),
            update: ec2Calls("ReplaceRouteTableAssociation"),
            delete: ec2Calls("DisassociateRouteTable"),
        }),
    ],
    "aws:ec2/route:Route": [
        inCode("ec2/vpc_route.go", {
            create: ec2Calls("CreateRoute"),
            read: ec2Calls("DescribeRouteTables"),
            update: ec2Calls("ReplaceRoute"),
            delete: ec2Calls("DeleteRoute"),
        }),
    ],
    "aws:ec2/internetGateway:InternetGateway": [
        inCode("ec2/vpc_internet_gateway.go", {
            create: ec2Calls("CreateInternetGateway AttachInternetGateway"),
            read: ec2Calls("DescribeInternetGateways"),
            update: ec2Calls("AttachInternetGateway DetachInternetGateway"),
            delete: ec2Calls("DetachInternetGateway DeleteInternetGateway"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2/eip:Eip": [
        inCode("ec2/ec2_eip.go", {
            create: ec2Calls("AllocateAddress"),
            read: ec2Calls("DescribeAddresses DescribeAddressesAttribute"),
            delete: ec2Calls("DisassociateAddress ReleaseAddress"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2/natGateway:NatGateway": [
        inCode("ec2/vpc_nat_gateway.go", {
            create: ec2Calls("CreateNatGateway"),
            read: ec2Calls("DescribeNatGateways"),
            delete: ec2Calls("DeleteNatGateway"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": [
        // It joins and leaves the gateway's default tables by itself; the provider looks, and writes only where it finds otherwise.
        inCode("ec2/transitgateway_vpc_attachment.go", {
            create: ec2Calls("CreateTransitGatewayVpcAttachment"),
            read: ec2Calls(
                "DescribeTransitGateways DescribeTransitGatewayVpcAttachments GetTransitGatewayRouteTableAssociations GetTransitGatewayRouteTablePropagations",
            ),
            update: ec2Calls("ModifyTransitGatewayVpcAttachment"),
            delete: ec2Calls("DeleteTransitGatewayVpcAttachment"),
        }),
        ...taggedInEc2(),
    ],
    "aws:ec2/securityGroup:SecurityGroup": [
        // A new one has a rule that lets everything out, which is taken away.
        inCode("ec2/vpc_security_group.go", {
            create: ec2Calls("CreateSecurityGroup RevokeSecurityGroupEgress"),
            read: ec2Calls("DescribeSecurityGroups"),
            delete: ec2Calls("DeleteSecurityGroup"),
        }),
        inCode(lingering, { delete: ec2Calls("DescribeNetworkInterfaces") }),
        ...taggedInEc2(),
    ],
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": rule("Ingress"),
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": rule("Egress"),
};

export const networkLookups: Record<string, Calls> = {
    "aws:ec2/getVpc:getVpc": [
        inCode("ec2/vpc_data_source.go", { read: ec2Calls("DescribeVpcs DescribeVpcAttribute DescribeRouteTables") }),
    ],
    "aws:ec2/getSubnet:getSubnet": [inCode("ec2/vpc_subnet_data_source.go", { read: ec2Calls("DescribeSubnets") })],
    // What a run that ended has left of a network.
    "aws:ec2/getVpcs:getVpcs": [inCode("ec2/vpc_vpcs_data_source.go", { read: ec2Calls("DescribeVpcs") })],
    "aws:ec2/getSubnets:getSubnets": [inCode("ec2/vpc_subnets_data_source.go", { read: ec2Calls("DescribeSubnets") })],
    "aws:ec2/getInternetGateway:getInternetGateway": [
        inCode("ec2/vpc_internet_gateway_data_source.go", { read: ec2Calls("DescribeInternetGateways") }),
    ],
    "aws:ec2/getEips:getEips": [inCode("ec2/ec2_eips_data_source.go", { read: ec2Calls("DescribeAddresses") })],
    "aws:ec2/getNatGateways:getNatGateways": [
        inCode("ec2/vpc_nat_gateways_data_source.go", { read: ec2Calls("DescribeNatGateways") }),
    ],
    "aws:ec2transitgateway/getVpcAttachments:getVpcAttachments": [
        inCode("ec2/transitgateway_vpc_attachments_data_source.go", {
            read: ec2Calls("DescribeTransitGatewayVpcAttachments"),
        }),
    ],
    "aws:ec2transitgateway/getVpcAttachment:getVpcAttachment": [
        inCode("ec2/transitgateway_vpc_attachment_data_source.go", {
            read: ec2Calls("DescribeTransitGatewayVpcAttachments"),
        }),
    ],
};
