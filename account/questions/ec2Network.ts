// EC2: networks, and what a transit gateway knows of ranges.
import {
    DescribeAddressesCommand,
    DescribeAvailabilityZonesCommand,
    DescribeTransitGatewaysCommand,
    DescribeVpcAttributeCommand,
    NatGateway,
    paginateDescribeNatGateways,
    paginateDescribeSubnets,
    paginateDescribeTransitGatewayRouteTables,
    paginateDescribeVpcs,
    SearchTransitGatewayRoutesCommand,
    Subnet,
    Vpc,
} from "@aws-sdk/client-ec2";
import type { FoundNetwork } from "../../logic/networkPlace";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { NetworkFacts, TransitFacts, TransitRoute } from "../facts";
import { filter, ownTags } from "./ec2";

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
            const isOwn = ({ Tags = [] }: NatGateway) =>
                Object.entries(tags).every(([key, value]) =>
                    Tags.some((tag) => tag.Key === key && tag.Value === value),
                );
            return {
                vpcs: vpcs.map((vpc) => ({
                    id: vpc.VpcId ?? "",
                    cidrs: cidrsOf(vpc),
                    own: ownVpcs.some(({ VpcId }) => VpcId === vpc.VpcId),
                })),
                addresses: addresses.Addresses?.length ?? 0,
                ownAddresses: ownAddresses.Addresses?.length ?? 0,
                natGateways: gateways.length,
                ownNatGateways: gateways.filter(isOwn).length,
            };
        },
    );
}

/** A network that is there already, as cloud/existingNetwork.ts finds it; by filters, which answer nothing for what is not there. */
export function existingFacts(
    { ec2 }: Cloud,
    { vpcId, subnetIds }: { vpcId: string; subnetIds: string[] },
): Promise<CloudAnswer<FoundNetwork>> {
    return answered("ec2:DescribeVpcs, ec2:DescribeVpcAttribute or ec2:DescribeSubnets", async () => {
        const [vpc] = await listVpcs(ec2, [filter("vpc-id", vpcId)]);
        const here: Subnet[] = [];
        for await (const page of paginateDescribeSubnets(
            { client: ec2 },
            { Filters: [filter("subnet-id", ...subnetIds)] },
        )) {
            here.push(...(page.Subnets ?? []));
        }
        const names = vpc && (await ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: dnsSupport })));
        return {
            ...(vpc && { vpc: { cidrs: cidrsOf(vpc), dnsSupport: names?.EnableDnsSupport?.Value ?? true } }),
            subnets: subnetIds.map((id) => ({ id, found: foundSubnet(here.find(({ SubnetId }) => SubnetId === id)) })),
        };
    });
}

const dnsSupport = "enableDnsSupport";

function foundSubnet(subnet: Subnet | undefined) {
    return (
        subnet && {
            vpcId: subnet.VpcId ?? "",
            zone: subnet.AvailabilityZone ?? "",
            publicAddresses: subnet.MapPublicIpOnLaunch ?? false,
        }
    );
}

function cidrsOf({ CidrBlock, CidrBlockAssociationSet = [] }: Vpc): string[] {
    return [...new Set([CidrBlock, ...CidrBlockAssociationSet.map((one) => one.CidrBlock)])].filter(
        (cidr) => cidr !== undefined,
    );
}

async function listVpcs(client: Cloud["ec2"], filters: ReturnType<typeof ownTags>): Promise<Vpc[]> {
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
        const { TransitGateways = [] } = await ec2.send(new DescribeTransitGatewaysCommand(sent));
        return TransitGateways.map(({ State = "", OwnerId = "", Options = {} }) => ({
            id,
            state: State,
            owner: OwnerId,
            acceptsShared: Options.AutoAcceptSharedAttachments === "enable",
            associatesByDefault: Options.DefaultRouteTableAssociation === "enable",
            propagatesByDefault: Options.DefaultRouteTablePropagation === "enable",
        }))[0];
    });
}

/** Of every route table of the gateway; only its owner sees them. */
export function transitRoutes({ ec2 }: Cloud, id: string): Promise<CloudAnswer<TransitRoute[]>> {
    return answered("ec2:DescribeTransitGatewayRouteTables or ec2:SearchTransitGatewayRoutes", async () => {
        const tables: string[] = [];
        const sent = { Filters: [filter("transit-gateway-id", id)] };
        for await (const page of paginateDescribeTransitGatewayRouteTables({ client: ec2 }, sent)) {
            for (const { TransitGatewayRouteTableId = "" } of page.TransitGatewayRouteTables ?? []) {
                tables.push(TransitGatewayRouteTableId);
            }
        }
        return (await Promise.all(tables.map((table) => routesOf(ec2, table)))).flat();
    });
}

async function routesOf(client: Cloud["ec2"], table: string): Promise<TransitRoute[]> {
    const { Routes = [] } = await client.send(
        new SearchTransitGatewayRoutesCommand({
            TransitGatewayRouteTableId: table,
            Filters: [filter("state", "active", "blackhole")],
        }),
    );
    return Routes.map(({ DestinationCidrBlock = "", State = "", TransitGatewayAttachments = [] }) => ({
        table,
        cidr: DestinationCidrBlock,
        state: State,
        attachments: TransitGatewayAttachments.map(({ TransitGatewayAttachmentId = "" }) => TransitGatewayAttachmentId),
        resources: TransitGatewayAttachments.map(({ ResourceId = "" }) => ResourceId),
    }));
}
