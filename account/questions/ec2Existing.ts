// EC2: what is there already for an environment: a network that others made, and of its own what stands.
import {
    DescribeVpcAttributeCommand,
    Filter,
    paginateDescribeInstances,
    paginateDescribeRouteTables,
    paginateDescribeSecurityGroups,
    paginateDescribeSubnets,
    Route,
    RouteTable,
    Subnet,
} from "@aws-sdk/client-ec2";
import type { FoundNetwork } from "../../logic/networkPlace";
import { answered, CloudAnswer } from "../answer";
import type { Cloud } from "../cloud";
import type { RouteKind, SubnetFacts, SubnetRoute } from "../facts";
import { filter, ownTags } from "./ec2";
import { cidrsOf, listVpcs } from "./ec2Network";

export interface ExistingFacts {
    /** As cloud/existingNetwork.ts finds it. */
    found: FoundNetwork;
    subnets: SubnetFacts[];
}

/** By filters, which answer nothing for what is not there. */
export function existingFacts(
    { ec2 }: Cloud,
    { vpcId, subnetIds }: { vpcId: string; subnetIds: string[] },
    tags: Record<string, string>,
): Promise<CloudAnswer<ExistingFacts>> {
    const actions = "ec2:DescribeVpcs, ec2:DescribeVpcAttribute, ec2:DescribeSubnets or ec2:DescribeInstances";
    return answered(actions, async () => {
        const [vpc] = await listVpcs(ec2, [filter("vpc-id", vpcId)]);
        const here = await listSubnets(ec2, [filter("subnet-id", ...subnetIds)]);
        const names = vpc && (await ec2.send(new DescribeVpcAttributeCommand({ VpcId: vpcId, Attribute: dnsSupport })));
        const own = await ownHosts(ec2, tags);
        return {
            found: {
                ...(vpc && { vpc: { cidrs: cidrsOf(vpc), dnsSupport: names?.EnableDnsSupport?.Value ?? true } }),
                subnets: subnetIds.map((id) => ({
                    id,
                    found: foundSubnet(here.find(({ SubnetId }) => SubnetId === id)),
                })),
            },
            subnets: here.map(({ SubnetId = "", AvailableIpAddressCount }) => ({
                id: SubnetId,
                ...(AvailableIpAddressCount !== undefined && { free: AvailableIpAddressCount }),
                ownHosts: own.filter((id) => id === SubnetId).length,
            })),
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

async function listSubnets(client: Cloud["ec2"], filters: Filter[]): Promise<Subnet[]> {
    const found: Subnet[] = [];
    for await (const { Subnets = [] } of paginateDescribeSubnets({ client }, { Filters: filters })) {
        found.push(...Subnets);
    }
    return found;
}

/** Subnet of each. A stopped one keeps its address (Subnet.AvailableIpAddressCount in EC2's model). */
async function ownHosts(client: Cloud["ec2"], tags: Record<string, string>): Promise<string[]> {
    const found: string[] = [];
    const states = filter("instance-state-name", "pending", "running", "stopping", "stopped");
    const sent = { Filters: [...ownTags(tags), states] };
    for await (const { Reservations = [] } of paginateDescribeInstances({ client }, sent)) {
        found.push(
            ...Reservations.flatMap(({ Instances = [] }) => Instances.flatMap(({ SubnetId }) => SubnetId ?? [])),
        );
    }
    return found;
}

/** By subnet: of the table that it is associated with, or else of the VPC's main one, which no answer names the subnets of (EC2's model). */
export function subnetRoutes(
    { ec2 }: Cloud,
    { vpcId, subnetIds }: { vpcId: string; subnetIds: string[] },
): Promise<CloudAnswer<Record<string, SubnetRoute[] | undefined>>> {
    return answered("ec2:DescribeRouteTables", async () => {
        const tables: RouteTable[] = [];
        const sent = { Filters: [filter("vpc-id", vpcId)] };
        for await (const { RouteTables = [] } of paginateDescribeRouteTables({ client: ec2 }, sent)) {
            tables.push(...RouteTables);
        }
        const tableOf = (subnetId: string) =>
            tables.find(({ Associations = [] }) => Associations.some((one) => one.SubnetId === subnetId)) ??
            tables.find(({ Associations = [] }) => Associations.some(({ Main }) => Main === true));
        return Object.fromEntries(subnetIds.map((id) => [id, tableOf(id)?.Routes?.flatMap(routeOf)]));
    });
}

/** IPv6 is no business of an environment's. */
function routeOf(route: Route): SubnetRoute[] {
    const { DestinationCidrBlock, DestinationIpv6CidrBlock, State } = route;
    return DestinationIpv6CidrBlock !== undefined
        ? []
        : [
              {
                  ...(DestinationCidrBlock !== undefined && { cidr: DestinationCidrBlock }),
                  active: State === "active",
                  kind: kindOf(route),
              },
          ];
}

function kindOf({ GatewayId = "", NatGatewayId }: Route): RouteKind {
    return NatGatewayId !== undefined ? "nat" : GatewayId.startsWith("igw-") ? "internet" : "inside";
}

/** Where a host will be, as far as that stands: by the stack's tags, or as configured. */
export function hostPlace(
    { ec2 }: Cloud,
    tags: Record<string, string>,
    wanted: { subnetId: string; vpcId: string } | { subnetCidr: string },
): Promise<CloudAnswer<{ subnetId?: string; groupId?: string }>> {
    return answered("ec2:DescribeSubnets or ec2:DescribeSecurityGroups", async () => {
        const own = ownTags(tags);
        const found =
            "subnetId" in wanted
                ? wanted
                : (await listSubnets(ec2, [...own, filter("cidr-block", wanted.subnetCidr)])).map(
                      ({ SubnetId = "", VpcId = "" }) => ({ subnetId: SubnetId, vpcId: VpcId }),
                  )[0];
        if (found === undefined) {
            return {};
        }
        const groups: string[] = [];
        const sent = { Filters: [...own, filter("vpc-id", found.vpcId)] };
        for await (const { SecurityGroups = [] } of paginateDescribeSecurityGroups({ client: ec2 }, sent)) {
            groups.push(...SecurityGroups.flatMap(({ GroupId }) => GroupId ?? []));
        }
        return { subnetId: found.subnetId, ...(groups.length > 0 && { groupId: groups[0] }) };
    });
}
