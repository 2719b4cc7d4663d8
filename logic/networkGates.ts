// The gate of an environment's network: what AWS would refuse half-way, and what nobody could reach. Pure. Asked before it stands: whoever has built
// one leads to it already, by whatever means.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { ProductionOutputs, SharedHomes } from "../contract/production";
import { products } from "../products";
import { NetworkPlace } from "./networkPlace";
import { answeringOf } from "./publicEndpoints";
import { plannedRoutes, unrouted } from "./routes";
import { PlannedRule, plannedRules, SecurityGroupKey } from "./securityRules";
import { placedBy } from "./servingEnvironment";
import type { Unmet } from "./unmet";

interface NetworkQuestion {
    config: EnvironmentConfig;
    production?: ProductionOutputs;
    /** Its last outputs: absent until it stands. */
    own?: EnvironmentOutputs;
    place: NetworkPlace;
}

/** Of an account that never asked for more (https://docs.aws.amazon.com/vpc/latest/userguide/amazon-vpc-limits.html, documented). */
const quotas = { rulesEachWay: 60, routes: 50 };

export function checkNetwork(question: NetworkQuestion): Unmet[] {
    const { config, production, own, place } = question;
    const rules = plannedRules({
        ...config.network,
        sshPort: config.ssh.port,
        answering: answeringOf(config, production?.inventory),
    });
    const moves = own?.phase !== config.phase || own.restored !== config.restore;
    return [
        ...(own ? otherVpc(config, own, place) : []),
        ...[
            ...(own ? [] : [...nobodyComes(place, rules), ...tooMany(place, rules)]),
            ...(moves && place.kind === "own" ? unresolved(homesOf(config, production)) : []),
        ].map(acceptable),
    ];
}

const gate = "network";

/** Whoever knows better says so, in the same words for each. */
const acceptable = (condition: string): Unmet => ({
    gate,
    condition: `${condition}. Or accept it with posit:overrides: [{gate: network, reason: …}]`,
});

/**
 * The group of subnets stays in its VPC for good. RDS to whoever tries: "The new Subnets are not in the same Vpc as the existing subnet group" (seen:
 * terraform-provider-aws#27459, aws-cdk#28369).
 */
function otherVpc(config: EnvironmentConfig, { placed: stood }: EnvironmentOutputs, place: NetworkPlace): Unmet[] {
    const placed = placedBy(config, place);
    return stood === undefined || (stood.vpcCidr === placed.vpcCidr && stood.vpcId === placed.vpcId)
        ? []
        : [
              {
                  gate,
                  firm: true,
                  condition: `posit:network: this environment stands in ${vpcWords(stood)}, and would be moved to ${vpcWords(placed)}. Its hosts would be made anew there, and then RDS would refuse, since a group of subnets can't change its VPC. Take the change back; or describe another environment stack in the other network, or destroy this one and begin anew`,
              },
          ];
}

function vpcWords({ vpcId, vpcCidr }: { vpcId?: string; vpcCidr?: string }): string {
    return vpcId === undefined
        ? `its own VPC (posit:network.vpcCidr ${vpcCidr ?? "unknown"})`
        : `${vpcId} (posit:network.existing)`;
}

function nobodyComes(place: NetworkPlace, rules: PlannedRule[]): string[] {
    const lost = place.kind === "own" ? unrouted(place.network, rules) : [];
    const words = lost.map(({ cidr, purposes }) => `${cidr} (${purposes.join(", ")})`);
    return lost.length === 0
        ? []
        : [
              `posit:network.transitGatewayId: no route of the new VPC would lead to ${words.join(", ")}: nobody could come in, by a bastion neither. Name a transit gateway that leads there; or take a network that has such routes (posit:network.existing)`,
          ];
}

function tooMany(place: NetworkPlace, rules: PlannedRule[]): string[] {
    const routes = place.kind === "own" ? plannedRoutes(place.network).length : 0;
    const groups = [...new Set(rules.map(({ group }) => group))];
    const counts = groups.flatMap((group) =>
        (["ingress", "egress"] as const).map((direction) => ({
            group,
            direction,
            count: rules.filter((rule) => rule.group === group && rule.direction === direction).length,
        })),
    );
    const raise = "Join ranges to wider ones, or have the account's quota raised";
    return [
        ...counts
            .filter(({ count }) => count > quotas.rulesEachWay)
            .map(
                ({ group, direction, count }) =>
                    `posit:network: the security group of ${groupWords(group)} would have ${count} rules ${direction === "ingress" ? "inbound" : "outbound"}, and AWS takes ${quotas.rulesEachWay} each way. ${raise}`,
            ),
        ...(routes > quotas.routes
            ? [`posit:network: its route table would have ${routes} routes, and AWS takes ${quotas.routes}. ${raise}`]
            : []),
    ];
}

function groupWords(group: SecurityGroupKey): string {
    return group === "database" ? "the databases" : `${products[group].title}'s host`;
}

/** As they are mounted: a capture's, or production's. */
function homesOf({ phase, restore }: EnvironmentConfig, production: ProductionOutputs | undefined) {
    const capture = phase === "migrate" && restore !== undefined ? production?.captures[restore] : undefined;
    return (capture ?? production)?.sharedHomes;
}

/**
 * EFS' own names are known in the VPC of its mount targets only
 * (https://docs.aws.amazon.com/efs/latest/ug/mount-fs-different-vpc.html, documented).
 */
function unresolved(homes: SharedHomes | undefined): string[] {
    const [, fileSystem] =
        /(?:^|\.)(fs-[0-9a-f]+)\.efs\.[a-z0-9-]+\.amazonaws\.com(?:\.cn)?(?::|$)/.exec(homes?.source ?? "") ?? [];
    return fileSystem === undefined
        ? []
        : [
              `posit:sharedHomes.source of the production stack is ${homes?.source}, a name that is known only in the VPC of its mount targets, and this environment is in another: write the address of the mount target instead (\`aws efs describe-mount-targets --file-system-id ${fileSystem}\`, IpAddress), and open port 2049 of its security group to posit:network.subnetCidrs`,
          ];
}
