// EC2: networks, and what a transit gateway knows of ranges.
import {
    DescribeAddressesCommand,
    DescribeAvailabilityZonesCommand,
    NatGateway,
    paginateDescribeNatGateways,
    paginateDescribeSubnets,
    paginateDescribeTransitGatewayRouteTables,
    paginateDescribeTransitGateways,
    paginateDescribeVpcs,
    paginateSearchTransitGatewayRoutes,
    TransitGateway,
    Vpc,
} from "@aws-sdk/client-ec2";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { NetworkFacts, TransitFacts, TransitTable } from "../facts";
import { filter, hasTags, ownTags } from "./ec2";

/** Zones of this region that the account may use. */
export function availableZones({ ec2 }: Cloud): Promise<CloudAnswer<string[]>> {
    return answered("ec2:DescribeAvailabilityZones", async () => {
        const sent = { Filters: [filter("state", "available")] };
        const { AvailabilityZones = [] } = await ec2.send(new DescribeAvailabilityZonesCommand(sent));
        return AvailabilityZones.flatMap(({ ZoneName }) => (ZoneName === undefined ? [] : [ZoneName]));
    });
}

export function networkFacts(
    { ec2 }: Cloud,
    tags: Record<string, string>,
    zone: string,
): Promise<CloudAnswer<NetworkFacts>> {
    return answered(
        "ec2:DescribeVpcs, ec2:DescribeAddresses, ec2:DescribeNatGateways or ec2:DescribeSubnets",
        async () => {
            const own = ownTags(tags);
            const [vpcs, ownVpcs, addresses, ownAddresses, gateways] = await Promise.all([
                listVpcs(ec2, []),
                listVpcs(ec2, own),
                ec2.send(new DescribeAddressesCommand({})),
                ec2.send(new DescribeAddressesCommand({ Filters: own })),
                gatewaysIn(ec2, zone),
            ]);
            return {
                vpcs: vpcs.map((vpc) => ({
                    id: vpc.VpcId ?? "",
                    cidrs: cidrsOf(vpc),
                    own: ownVpcs.some(({ VpcId }) => VpcId === vpc.VpcId),
                })),
                addresses: addresses.Addresses?.length ?? 0,
                ownAddresses: ownAddresses.Addresses?.length ?? 0,
                natGateways: gateways.length,
                ownNatGateways: gateways.filter(({ Tags }) => hasTags(Tags, tags)).length,
            };
        },
    );
}

export function cidrsOf({ CidrBlock, CidrBlockAssociationSet = [] }: Vpc): string[] {
    return [...new Set([CidrBlock, ...CidrBlockAssociationSet.map((one) => one.CidrBlock)])].filter(
        (cidr) => cidr !== undefined,
    );
}

export async function listVpcs(client: Cloud["ec2"], filters: ReturnType<typeof ownTags>): Promise<Vpc[]> {
    const found: Vpc[] = [];
    for await (const { Vpcs = [] } of paginateDescribeVpcs({ client }, { Filters: filters })) {
        found.push(...Vpcs);
    }
    return found;
}

/** A gateway says its subnet only. */
async function gatewaysIn(client: Cloud["ec2"], zone: string): Promise<NatGateway[]> {
    const found: NatGateway[] = [];
    for await (const { NatGateways = [] } of paginateDescribeNatGateways(
        { client },
        { Filter: [filter("state", "pending", "available", "deleting")] },
    )) {
        found.push(...NatGateways);
    }
    if (found.length === 0) {
        return [];
    }
    const here: string[] = [];
    const subnets = paginateDescribeSubnets({ client }, { Filters: [filter("availability-zone", zone)] });
    for await (const { Subnets = [] } of subnets) {
        here.push(...Subnets.flatMap(({ SubnetId }) => (SubnetId === undefined ? [] : [SubnetId])));
    }
    return found.filter(({ SubnetId = "" }) => here.includes(SubnetId));
}

/** `undefined` where this account sees no such gateway. */
export function transitFacts({ ec2 }: Cloud, id: string): Promise<CloudAnswer<TransitFacts | undefined>> {
    return answered("ec2:DescribeTransitGateways", async () => {
        const sent = { Filters: [filter("transit-gateway-id", id)] };
        const found: TransitGateway[] = [];
        for await (const { TransitGateways = [] } of paginateDescribeTransitGateways({ client: ec2 }, sent)) {
            found.push(...TransitGateways);
        }
        return found.map(({ State = "", OwnerId = "", Options = {} }) => ({
            id,
            state: State,
            owner: OwnerId,
            acceptsShared: Options.AutoAcceptSharedAttachments === "enable",
            associatesByDefault: Options.DefaultRouteTableAssociation === "enable",
            ...(Options.DefaultRouteTableAssociation === "enable" &&
                Options.AssociationDefaultRouteTableId !== undefined && {
                    associationTable: Options.AssociationDefaultRouteTableId,
                }),
            propagatesByDefault: Options.DefaultRouteTablePropagation === "enable",
        }))[0];
    });
}

/** Every route table of the gateway; only its owner sees them. */
export function transitTables({ ec2 }: Cloud, id: string): Promise<CloudAnswer<TransitTable[]>> {
    return answered("ec2:DescribeTransitGatewayRouteTables or ec2:SearchTransitGatewayRoutes", async () => {
        const tables: string[] = [];
        const sent = { Filters: [filter("transit-gateway-id", id)] };
        for await (const page of paginateDescribeTransitGatewayRouteTables({ client: ec2 }, sent)) {
            for (const { TransitGatewayRouteTableId = "" } of page.TransitGatewayRouteTables ?? []) {
                tables.push(TransitGatewayRouteTableId);
            }
        }
        return Promise.all(tables.map((table) => tableOf(ec2, table)));
    });
}

/** A thousand at a time. An endpoint that says that there are more, and gives no token for them, has told all that it tells. */
async function tableOf(client: Cloud["ec2"], id: string): Promise<TransitTable> {
    const found: TransitTable = { id, routes: [], more: false };
    const sent = { TransitGatewayRouteTableId: id, Filters: [filter("state", "active", "blackhole")] };
    for await (const page of paginateSearchTransitGatewayRoutes({ client }, sent)) {
        found.more = page.AdditionalRoutesAvailable === true && page.NextToken === undefined;
        for (const { DestinationCidrBlock = "", State = "", TransitGatewayAttachments = [] } of page.Routes ?? []) {
            found.routes.push({
                cidr: DestinationCidrBlock,
                state: State,
                resources: TransitGatewayAttachments.map(({ ResourceId = "" }) => ResourceId),
            });
        }
    }
    return found;
}
