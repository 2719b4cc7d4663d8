// The network of a new environment: one of its own, or one that is there already. What opens it is said the same way for both.
import { z } from "zod";
import { cidr, cidrs } from "./common";
import { text } from "./leaves";

const zone = text("must be an availability zone", "us-east-1a", /^[a-z]{2}(-[a-z0-9]+)+-?\d[a-z]$/);

/** Who comes in, and what hosts may call. */
const opened = {
    operatorCidrs: cidrs
        .min(1, "must name where `pulumi up` comes from; nobody could reach the hosts")
        .describe(
            "Where `pulumi up` comes from: SSH and Postgres. With a bastion its range for SSH, and the machine's own for Postgres, which goes through no bastion. Not more than a /8 in one piece.",
        ),
    userCidrs: cidrs.describe("Where users come from: the products' ports. Not more than a /8 in one piece."),
    packageCidrs: cidrs
        .default([])
        .describe(
            "Package repositories: what hosts may call on ports 80 and 443. 0.0.0.0/0 only together with natSubnetCidr, or in an existing network. Must not reach production's hosts.",
        ),
    storageCidrs: cidrs
        .default([])
        .describe("File servers of shared homes: what Workbench's host may call on port 2049 (NFS, EFS)."),
    dnsCidrs: cidrs.default([]).describe("Resolvers."),
};

const own = z.strictObject({
    vpcCidr: cidr.describe("Range of the new VPC, /16 to /28."),
    zones: z
        .array(zone)
        .min(2, "must be two zones at least: a database subnet group needs them")
        .describe("Availability zones; hosts live in the first."),
    subnetCidrs: cidrs
        .min(2, "must be two ranges at least, one for each zone")
        .describe("One private subnet per zone, within vpcCidr."),
    natSubnetCidr: cidr
        .optional()
        .describe("Public subnet for a NAT gateway; without it there is no way out but the transit gateway."),
    transitGatewayId: text(
        "must be a transit gateway's id",
        "tgw-0a1b2c3d4e5f67890",
        /^tgw-([0-9a-f]{8}|[0-9a-f]{17})$/,
    )
        .optional()
        .describe(
            "Leads to operators, users, resolvers, file servers and mirrors, and is the only way in: a bastion comes by it too. Its other side must route vpcCidr back.",
        ),
    ...opened,
});

const existing = z.strictObject({
    existing: z
        .strictObject({
            vpcId: text("must be a VPC's id", "vpc-0a1b2c3d4e5f67890", /^vpc-([0-9a-f]{8}|[0-9a-f]{17})$/).describe(
                "The VPC.",
            ),
            subnetIds: z
                .array(text("must be a subnet's id", "subnet-0a1b2c3d4e5f67890", /^subnet-([0-9a-f]{8}|[0-9a-f]{17})$/))
                .min(2, "must be two subnets at least: a database subnet group needs them")
                .describe("Private subnets of it, in two zones at least; hosts live in the first."),
        })
        .describe(
            "A network that is there already, instead of an own one: only security groups are made in it. Its routes lead to everything that the ranges here name, and its new hosts try whether they lead to production, which is refused.",
        ),
    ...opened,
});

const ownKeys = "vpcCidr, zones, subnetCidrs, natSubnetCidr and transitGatewayId";
const besideExisting = "is of an own network, and posit:network.existing takes one that is there: leave out either";

export const networkSchema = z
    .union([own, existing])
    .describe(
        "The isolated network. Nothing is open to the world. Ranges are written in their canonical form (10.20.0.0/16, not 10.20.1.0/16).",
    )
    .meta({
        must: "must be an object with a network of its own (vpcCidr, zones, subnetCidrs) or an existing one ({vpcId, subnetIds}), and the ranges that it is open to",
        instead: {
            existing: `stands in the place of ${ownKeys}: leave out either`,
            vpcCidr: besideExisting,
            zones: besideExisting,
            subnetCidrs: besideExisting,
            natSubnetCidr: besideExisting,
            transitGatewayId: besideExisting,
        },
    });

export type NetworkConfig = z.infer<typeof networkSchema>;
export type OwnNetwork = z.infer<typeof own>;
export type ExistingNetwork = z.infer<typeof existing>;
