// What the cloud knows of things that are only records here: their ids, what it adds by itself, and what it refuses.
import { CloudError } from "./api";
import type { Thing } from "./api";
import { companyGateway, vpcPeering } from "./network/reach";
import type { NetworkRecords } from "./network/records";

const account = "123456789012";
const region = "us-east-1";

interface Kind {
    /** AWS's own, where a person would look for it. */
    prefix: string;
    /** Its name is its id. */
    named?: true;
    /** Leads somewhere: routes have to be looked at again. */
    routes?: true;
    arn?: string;
    adds?: (properties: Properties, id: string, network: Pick<NetworkRecords, "subnets">) => Properties;
    refuses?: (properties: Properties, others: Thing[]) => CloudError | undefined;
}

type Properties = Record<string, unknown>;

const owner = () => ({ ownerId: account });

/** Of what AWS has only once: in its words, as terraform-provider-aws's users have met them in public. */
const has = (others: Thing[], type: string, wanted: Properties): boolean =>
    others.some(
        (other) =>
            other.type === type && Object.entries(wanted).every(([name, value]) => other.properties[name] === value),
    );

const kinds: Record<string, Kind> = {
    "aws:ec2/internetGateway:InternetGateway": {
        ...{ prefix: "igw", routes: true, arn: "ec2:internet-gateway/", adds: owner },
        refuses: ({ vpcId }, others) =>
            vpcId !== undefined && has(others, "aws:ec2/internetGateway:InternetGateway", { vpcId })
                ? new CloudError(
                      "InvalidParameterValue",
                      `Network ${String(vpcId)} already has an internet gateway attached`,
                  )
                : undefined,
    },
    "aws:ec2/eip:Eip": {
        prefix: "eipalloc",
        arn: "ec2:elastic-ip/",
        adds: ({ domain = "vpc" }, id) => ({
            ...{
                allocationId: id,
                domain,
                publicIp: "198.51.100.10",
                publicDns: "ec2-198-51-100-10.compute-1.amazonaws.com",
            },
            ...{ networkBorderGroup: region, publicIpv4Pool: "amazon" },
        }),
    },
    "aws:ec2/natGateway:NatGateway": {
        prefix: "nat",
        routes: true,
        adds: ({ connectivityType = "public" }) => ({ connectivityType, publicIp: "198.51.100.10" }),
        refuses: ({ allocationId }, others) => {
            if (allocationId === undefined) return undefined;
            if (others.every(({ id }) => id !== allocationId)) {
                return new CloudError(
                    "InvalidAllocationID.NotFound",
                    `The allocation ID '${String(allocationId)}' does not exist`,
                );
            }
            // AWS takes the request, and says so of the gateway that failed (FailureCode and FailureMessage of DescribeNatGateways).
            return has(others, "aws:ec2/natGateway:NatGateway", { allocationId })
                ? new CloudError(
                      "Resource.AlreadyAssociated",
                      `Elastic IP address [${String(allocationId)}] is already associated`,
                  )
                : undefined;
        },
    },
    "aws:ec2transitgateway/vpcAttachment:VpcAttachment": {
        prefix: "tgw-attach",
        routes: true,
        arn: "ec2:transit-gateway-attachment/",
        adds: (given) => ({
            ...{ vpcOwnerId: account, applianceModeSupport: "disable", dnsSupport: "enable", ipv6Support: "disable" },
            ...{ securityGroupReferencingSupport: "disable" },
            ...{ transitGatewayDefaultRouteTableAssociation: true, transitGatewayDefaultRouteTablePropagation: true },
            ...given,
        }),
        refuses: ({ transitGatewayId, vpcId }, others) => {
            if (transitGatewayId !== companyGateway) {
                return new CloudError(
                    "InvalidTransitGatewayID.NotFound",
                    `The transitGateway ID '${String(transitGatewayId)}' does not exist.`,
                );
            }
            return has(others, "aws:ec2transitgateway/vpcAttachment:VpcAttachment", { transitGatewayId, vpcId })
                ? new CloudError(
                      "DuplicateTransitGatewayAttachment",
                      `${transitGatewayId} has non-deleted Transit Gateway Attachments with same VPC ID.`,
                  )
                : undefined;
        },
    },
    // Active at once: nobody has to accept it here.
    [vpcPeering]: { prefix: "pcx", routes: true, arn: "ec2:vpc-peering-connection/" },
    "aws:rds/parameterGroup:ParameterGroup": { prefix: "pg", named: true, arn: "rds:pg:" },
    "aws:rds/subnetGroup:SubnetGroup": {
        prefix: "subgrp",
        named: true,
        arn: "rds:subgrp:",
        adds: ({ description = "Managed by Pulumi", subnetIds }, _id, { subnets }) => ({
            description,
            supportedNetworkTypes: ["IPV4"],
            vpcId: subnets[String((subnetIds as string[] | undefined)?.[0])]?.vpcId,
        }),
        refuses: ({ name }, others) =>
            others.some(({ type, id }) => type === "aws:rds/subnetGroup:SubnetGroup" && id === name)
                ? new CloudError("DBSubnetGroupAlreadyExists", `The DB subnet group '${String(name)}' already exists.`)
                : undefined,
    },
};

export function kindOf(type: string): Kind {
    const kind = kinds[type];
    if (!kind) {
        throw new CloudError("InvalidAction", `This cloud keeps no ${type}.`);
    }
    return kind;
}

/** As the cloud has it: what was asked for, completed. */
export function completed(
    type: string,
    id: string,
    properties: Properties,
    network: Pick<NetworkRecords, "subnets">,
): Thing {
    const { arn, adds } = kindOf(type);
    const [service, rest] = [arn?.slice(0, arn.indexOf(":")), arn?.slice(arn.indexOf(":") + 1)];
    return {
        id,
        type,
        properties: {
            ...properties,
            ...adds?.(properties, id, network),
            ...(arn && { arn: `arn:aws:${service}:${region}:${account}:${rest}${id}` }),
        },
    };
}
