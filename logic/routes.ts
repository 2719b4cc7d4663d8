// The routes of an environment's own network, planned from its configuration: what leads to each range that a security rule names. Pure.
// Within the VPC's range AWS's own route leads everywhere, and no gateway may be the target of another. EC2 to whoever tries, in its words (seen in
// public repositories, with a transit gateway too): "The destination CIDR block … is equal to or more specific than one of this VPC's CIDR blocks.
// This route can target only an interface or an instance."
import type { OwnNetwork } from "../config/network";
import { isPrivate, isWithin, Range, rangesOf, union } from "./ranges";
import type { PlannedRule } from "./securityRules";

export interface PlannedRoute {
    destination: string;
    via: "transit" | "nat";
}

const everywhere = "0.0.0.0/0";

/**
 * Each destination once, since EC2 refuses the same one twice. A range within another keeps a route of its own: that does no harm, and stands in
 * somebody's state.
 */
export function plannedRoutes(network: OwnNetwork): PlannedRoute[] {
    const { natSubnetCidr, transitGatewayId } = network;
    const inward = transitGatewayId === undefined ? [] : transitDestinations(network);
    return [
        ...inward.map((destination): PlannedRoute => ({ destination, via: "transit" })),
        ...(natSubnetCidr === undefined ? [] : [{ destination: everywhere, via: "nat" as const }]),
    ];
}

function transitDestinations(network: OwnNetwork): string[] {
    const [vpc] = rangesOf([network.vpcCidr]);
    const outside = (range: Range) => !isWithin(range, vpc);
    const byNat = (range: Range) => network.natSubnetCidr !== undefined && !isPrivate(range);
    const those = (cidrs: string[], wanted: (range: Range) => boolean) =>
        cidrs.filter((cidr) => rangesOf([cidr]).every(wanted));
    const { operatorCidrs, userCidrs, dnsCidrs, storageCidrs, packageCidrs } = network;
    return [
        ...new Set([
            ...those([...operatorCidrs, ...userCidrs, ...dnsCidrs, ...storageCidrs], outside),
            ...those(packageCidrs, (range) => outside(range) && !byNat(range)),
        ]),
    ];
}

/** Ranges that a rule names and nothing leads to, with what they are named for. NAT leads out only, and to nothing that is private. */
export function unrouted(network: OwnNetwork, rules: PlannedRule[]): { cidr: string; purposes: string[] }[] {
    const routes = plannedRoutes(network);
    const inward = routes.filter(({ via }) => via === "transit").map(({ destination }) => destination);
    const led = union(rangesOf([network.vpcCidr, ...inward]));
    const byNat = routes.some(({ via }) => via === "nat");
    const isLed = ({ direction }: PlannedRule, range: Range) =>
        led.some((block) => isWithin(range, block)) || (byNat && direction === "egress" && !isPrivate(range));
    const lost = rules.flatMap((rule) =>
        rule.cidr === undefined || rangesOf([rule.cidr]).every((range) => isLed(rule, range))
            ? []
            : [{ cidr: rule.cidr, purpose: rule.description }],
    );
    return [...new Set(lost.map(({ cidr }) => cidr))].map((cidr) => ({
        cidr,
        purposes: [...new Set(lost.filter((one) => one.cidr === cidr).map(({ purpose }) => purpose))],
    }));
}
