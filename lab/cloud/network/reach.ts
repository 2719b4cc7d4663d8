// Who reaches whom: nftables' rules for the router, made from the route tables. Within a VPC everybody does, as AWS's local route has it; beyond it
// only what a table of the subnet leads to, the most specific route first; by a peering connection that is another VPC whose tables lead back.
// Security groups are each member's own (firewall.ts).
import { addresses } from "../../paths";
import type { Route, Subnet, Thing, Vpc } from "../api";
import { contains, overlaps, prefixLength, toNumber } from "./addresses";
import type { NetworkRecords } from "./records";

/** The networks outside the VPCs. The first two are the company's own, behind its transit gateway; the third is the internet, and both lead there. */
export const outside = { operator: "10.0.0.0/24", users: "10.1.0.0/24", internet: "10.2.0.0/24" } as const;

/** The transit gateway that the company's networks are behind. Its tables keep VPCs apart: an attachment reaches the company, no other attachment. */
export const companyGateway = "tgw-0a1b2c3d4e5f67890";

export const vpcPeering = "aws:ec2/vpcPeeringConnection:VpcPeeringConnection";

type Things = Record<string, Thing>;

/** In order; what no rule accepts is dropped. */
export function reachRules(records: NetworkRecords, things: Things): string[] {
    const vpcs = Object.values(records.vpcs);
    const company = Object.values(outside).join(", ");
    if (records.openRoutes) {
        return vpcs.flatMap(({ cidrBlock }) => [
            accept(cidrBlock, cidrBlock),
            accept(cidrBlock, outside.internet),
            accept(company, cidrBlock),
        ]);
    }
    return [
        ...vpcs.flatMap((vpc) => [
            accept(vpc.cidrBlock, vpc.cidrBlock),
            // What plays the resolver of every VPC (AmazonProvidedDNS) is beyond all routes there.
            `ip saddr ${vpc.cidrBlock} ip daddr ${addresses.dns} meta l4proto { tcp, udp } th dport 53 accept`,
        ]),
        ...Object.values(records.subnets).flatMap((subnet) => subnetRules(records, things, subnet)),
    ];
}

const accept = (from: string, to: string): string => `ip saddr { ${from} } ip daddr { ${to} } accept`;
const drop = (from: string, to: string): string => `ip saddr { ${from} } ip daddr { ${to} } drop`;

function subnetRules(records: NetworkRecords, things: Things, subnet: Subnet): string[] {
    const own = subnet.cidrBlock;
    return routesOf(records, subnet).flatMap((route) => {
        const { destinationCidrBlock: destination } = route;
        const { out, back } = behind(records, things, subnet, route);
        const reached = out.flatMap((range) => common(range, destination));
        const back_ = back ? reached.map((range) => accept(range, own)) : [];
        // A less specific route has no say on what this one leads to.
        return [
            ...reached.map((range) => accept(own, range)),
            ...back_,
            drop(own, destination),
            drop(destination, own),
        ];
    });
}

/** Of the table that the subnet is associated with; the main table has the local route only. The most specific first, as a VPC's router decides. */
function routesOf({ associations, routes }: NetworkRecords, { subnetId }: Subnet): Route[] {
    const association = Object.values(associations).find((one) => one.subnetId === subnetId);
    return Object.values(routes)
        .filter(({ routeTableId }) => routeTableId === association?.routeTableId)
        .sort((a, b) => byLength(a, b));
}

const byLength = (a: Route, b: Route): number =>
    prefixLength(b.destinationCidrBlock) - prefixLength(a.destinationCidrBlock) ||
    toNumber(a.destinationCidrBlock.split("/")[0]) - toNumber(b.destinationCidrBlock.split("/")[0]);

/** What a route's target leads to, and whether who is there may begin to speak. */
function behind(
    records: NetworkRecords,
    things: Things,
    subnet: Subnet,
    route: Route,
): { out: string[]; back: boolean } {
    const { vpcId } = subnet;
    const nothing = { out: [], back: false };
    if (route.transitGatewayId !== undefined) {
        const attached = isAttached(things, vpcId, route.transitGatewayId);
        return attached ? { out: Object.values(outside), back: true } : nothing;
    }
    if (route.natGatewayId !== undefined) {
        const place = records.subnets[String(things[route.natGatewayId]?.properties.subnetId)];
        return place && isPublic(records, things, place) ? { out: [outside.internet], back: false } : nothing;
    }
    if (route.vpcPeeringConnectionId !== undefined) {
        return { out: leadingBack(records, things, subnet, route.vpcPeeringConnectionId), back: true };
    }
    // An internet gateway carries public addresses, and no host here has one.
    return nothing;
}

export const isAttached = (things: Things, vpcId: string, transitGatewayId: string): boolean =>
    Object.values(things).some(
        ({ type, properties }) =>
            type === "aws:ec2transitgateway/vpcAttachment:VpcAttachment" &&
            properties.vpcId === vpcId &&
            properties.transitGatewayId === transitGatewayId,
    );

/** The VPC at the other end of a peering connection of this one, if there is such a connection. */
export const peersOf = (things: Things, vpcId: string, vpcPeeringConnectionId: string): string[] => {
    const { type, properties: { vpcId: one, peerVpcId: other } = {} } = things[vpcPeeringConnectionId] ?? {};
    const ends = type === vpcPeering ? [String(one), String(other)] : [];
    return ends.includes(vpcId) ? ends.filter((end) => end !== vpcId) : [];
};

/**
 * The subnets at the other end whose own table leads back by the same connection: both sides need a route
 * (https://docs.aws.amazon.com/vpc/latest/peering/vpc-peering-routing.html, documented), since answers are routed too.
 */
function leadingBack(records: NetworkRecords, things: Things, subnet: Subnet, vpcPeeringConnectionId: string) {
    const peers = peersOf(things, subnet.vpcId, vpcPeeringConnectionId);
    return Object.values(records.subnets)
        .filter(({ vpcId }) => peers.includes(vpcId))
        .filter((other) => {
            const back = routesOf(records, other).find((route) =>
                contains(route.destinationCidrBlock, subnet.cidrBlock),
            );
            return back?.vpcPeeringConnectionId === vpcPeeringConnectionId;
        })
        .map(({ cidrBlock }) => cidrBlock);
}

/** Its default route leads to an internet gateway of its VPC: only there does a NAT gateway reach anything. */
function isPublic(records: NetworkRecords, things: Things, subnet: Subnet): boolean {
    return routesOf(records, subnet).some(
        ({ destinationCidrBlock, gatewayId }) =>
            gatewayId !== undefined &&
            things[gatewayId]?.properties.vpcId === subnet.vpcId &&
            contains(destinationCidrBlock, outside.internet),
    );
}

/** The part of two ranges that both have: one of them, or nothing. */
function common(one: string, other: string): string[] {
    if (!overlaps(one, other)) return [];
    return [contains(one, other) ? other : one];
}

/** Nothing inside a VPC's range goes to a gateway. */
export const isInside = ({ cidrBlock }: Vpc, destination: string): boolean => contains(cidrBlock, destination);
