// Whether the planned ranges fit into what there is, and whether anybody is reached.
import type { OwnNetwork } from "../../config/network";
import { isWithin, overlap, parseRange, Range, rangesOf, union } from "../../logic/ranges";
import { CloudAnswer, ifKnown } from "../answer";
import type { NetworkFacts, TransitFacts, TransitRoute } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface NetworkAnswers {
    zones: CloudAnswer<string[]>;
    network: CloudAnswer<NetworkFacts>;
    /** Absent without a transit gateway. */
    transit?: { facts: CloudAnswer<TransitFacts | undefined>; routes: CloudAnswer<TransitRoute[]> };
}

/** Of a network of its own; what there is to say of an existing one, account/place.ts says. */
export function judgeNetwork(planned: OwnNetwork, answers: NetworkAnswers, account: string): AccountFinding[] {
    const { transit } = answers;
    return [
        judgeZones(planned.zones, answers.zones),
        ...judgeRange(planned.vpcCidr, answers.network),
        ...(transit && planned.transitGatewayId !== undefined
            ? [
                  ...judgeTransit(planned.transitGatewayId, transit.facts, account),
                  ...judgeRoutes(planned, transit.routes, answers.network),
              ]
            : []),
    ];
}

function judgeZones(zones: string[], answer: CloudAnswer<string[]>): AccountFinding {
    const about = "zones";
    return ifKnown(
        answer,
        (available) => {
            const missing = zones.filter((zone) => !available.includes(zone));
            return missing.length > 0
                ? wrong(
                      about,
                      `${missing.join(", ")} can't be used by this account; there are ${available.join(", ")}`,
                      "set posit:network.zones, and aws:region, to zones of one region that the account has",
                  )
                : ok(about, zones.join(", "));
        },
        (why) => open(about, why),
    );
}

function judgeRange(vpcCidr: string, answer: CloudAnswer<NetworkFacts>): AccountFinding[] {
    const about = `network ${vpcCidr}`;
    const planned = parseRange(vpcCidr) as Range;
    return ifKnown(
        answer,
        ({ vpcs }) => {
            const others = vpcs.filter(
                ({ own, cidrs }) => !own && rangesOf(cidrs).some((range) => overlap(range, planned)),
            );
            return others.length === 0
                ? [ok(about, `overlaps none of the account's ${vpcs.length} VPCs in this region`)]
                : others.map(({ id, cidrs }) =>
                      open(
                          about,
                          `overlaps ${id} (${cidrs.join(", ")})`,
                          `that is no harm as long as the two never meet: neither a peering nor a transit gateway can lead to both. Take another posit:network.vpcCidr if they may`,
                      ),
                  );
        },
        (why) => [open(about, why)],
    );
}

function judgeTransit(id: string, answer: CloudAnswer<TransitFacts | undefined>, account: string): AccountFinding[] {
    const about = `transit gateway ${id}`;
    return ifKnown(
        answer,
        (transit) => {
            if (transit === undefined) {
                return [
                    wrong(
                        about,
                        "is not there for this account in this region",
                        "set posit:network.transitGatewayId to one of this region that is the account's own or shared with it",
                    ),
                ];
            }
            if (transit.state !== "available") {
                return [wrong(about, `is in state ${transit.state}`, "wait until it is available, or name another")];
            }
            const byHand = [
                ...(transit.owner !== account && !transit.acceptsShared
                    ? [`account ${transit.owner}, which owns it, must accept the attachment`]
                    : []),
                ...(transit.associatesByDefault ? [] : ["its owner must associate the attachment with a route table"]),
                ...(transit.propagatesByDefault
                    ? []
                    : ["its owner must let the attachment's range into its route tables"]),
            ];
            return byHand.length > 0
                ? [
                      open(
                          about,
                          `is available, but ${byHand.join(", and ")}`,
                          "agree on it with whoever keeps the gateway: while `pulumi up` builds the network it waits for nobody",
                      ),
                  ]
                : [ok(about, "is available, and takes attachments by itself")];
        },
        (why) => [open(about, why)],
    );
}

function judgeRoutes(
    planned: OwnNetwork,
    answer: CloudAnswer<TransitRoute[]>,
    network: CloudAnswer<NetworkFacts>,
): AccountFinding[] {
    const about = "transit gateway's routes";
    return ifKnown(
        answer,
        (routes) =>
            routes.length === 0
                ? [open(about, "none are seen from this account; its owner may tell whether the ranges have a way")]
                : [...clashes(planned.vpcCidr, routes, network), ...unreached(planned, routes)],
        (why) => [open(about, why)],
    );
}

/** The longest prefix wins: what is as narrow as the new network, or narrower, takes its answers away. */
function clashes(vpcCidr: string, routes: TransitRoute[], network: CloudAnswer<NetworkFacts>): AccountFinding[] {
    const about = `network ${vpcCidr}`;
    const vpc = parseRange(vpcCidr) as Range;
    const own = "known" in network ? network.known.vpcs.filter((one) => one.own).map(({ id }) => id) : [];
    const others = routes.filter(
        ({ cidr, resources }) =>
            rangesOf([cidr]).some((range) => isWithin(range, vpc)) && !resources.some((id) => own.includes(id)),
    );
    return others.map(({ cidr, table, resources, state }) =>
        wrong(
            about,
            `route table ${table} of the transit gateway leads ${cidr} ${whereTo(resources, state)}`,
            "set posit:network.vpcCidr (and the subnets' ranges) to a range that no route leads into: answers to the new hosts would go astray",
        ),
    );
}

function whereTo(resources: string[], state: string): string {
    return state === "blackhole" ? "nowhere" : resources.length > 0 ? `to ${resources.join(", ")}` : "elsewhere";
}

function unreached(planned: OwnNetwork, routes: TransitRoute[]): AccountFinding[] {
    const about = "transit gateway's routes";
    const tables = [...new Set(routes.map(({ table }) => table))].map((table) =>
        union(rangesOf(routes.filter((one) => one.table === table && one.state === "active").map(({ cidr }) => cidr))),
    );
    const vpc = parseRange(planned.vpcCidr) as Range;
    const keys = ["operatorCidrs", "userCidrs", "storageCidrs", "dnsCidrs"] as const;
    const lost = keys.flatMap((key) =>
        planned[key]
            .filter((cidr) => rangesOf([cidr]).some((range) => !isWithin(range, vpc)))
            .filter(
                (cidr) =>
                    !tables.some((blocks) =>
                        rangesOf([cidr]).every((range) => blocks.some((block) => isWithin(range, block))),
                    ),
            )
            .map((cidr) => ({ key, cidr })),
    );
    return lost.length === 0
        ? [ok(about, "lead to every range that posit:network names")]
        : lost.map(({ key, cidr }) =>
              wrong(
                  about,
                  `no route table leads to ${cidr} of posit:network.${key}`,
                  "have a route added to the gateway's table, or correct the range: nobody there could be answered",
              ),
          );
}
