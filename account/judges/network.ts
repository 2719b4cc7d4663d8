// Whether the planned ranges fit into what there is, and whether anybody is reached.
import type { OwnNetwork } from "../../config/network";
import { isWithin, overlap, parseRange, Range, rangesOf } from "../../logic/ranges";
import { plannedRoutes } from "../../logic/routes";
import { CloudAnswer, ifKnown } from "../answer";
import type { NetworkFacts, TransitFacts, TransitRoute, TransitTable } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";
import { isLed } from "./leads";

export interface NetworkAnswers {
    zones: CloudAnswer<string[]>;
    network: CloudAnswer<NetworkFacts>;
    /** Absent without a transit gateway. */
    transit?: { facts: CloudAnswer<TransitFacts | undefined>; tables: CloudAnswer<TransitTable[]> };
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
                  ...judgeRoutes(planned, transit, answers.network),
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

const aboutRoutes = "transit gateway's routes";

function judgeRoutes(
    planned: OwnNetwork,
    { facts, tables: answer }: NonNullable<NetworkAnswers["transit"]>,
    network: CloudAnswer<NetworkFacts>,
): AccountFinding[] {
    const used = "known" in facts ? facts.known?.associationTable : undefined;
    return ifKnown(
        answer,
        (tables) =>
            tables.every(({ routes }) => routes.length === 0)
                ? [
                      open(
                          aboutRoutes,
                          "none are seen from this account; its owner may tell whether the ranges have a way",
                      ),
                  ]
                : [
                      ...clashes(planned.vpcCidr, tables, used, network),
                      ...reached(planned, tables, used),
                      ...cutShort(tables),
                  ],
        (why) => [open(aboutRoutes, why)],
    );
}

/** The longest prefix wins: what is as narrow as the new network, or narrower, takes its answers away from whoever is associated with that table. */
function clashes(
    vpcCidr: string,
    tables: TransitTable[],
    used: string | undefined,
    network: CloudAnswer<NetworkFacts>,
): AccountFinding[] {
    const about = `network ${vpcCidr}`;
    const vpc = parseRange(vpcCidr) as Range;
    const own = "known" in network ? network.known.vpcs.filter((one) => one.own).map(({ id }) => id) : [];
    const leadsAway = ({ cidr, resources }: TransitRoute) =>
        rangesOf([cidr]).some((range) => isWithin(range, vpc)) && !resources.some((id) => own.includes(id));
    return tables.flatMap(({ id, routes }) =>
        routes.filter(leadsAway).map(({ cidr, resources, state }) => {
            const says = `route table ${id} of the transit gateway leads ${cidr} ${whereTo(resources, state)}`;
            const another =
                "set posit:network.vpcCidr (and the subnets' ranges) to a range that no route leads into: answers to the new hosts would go astray";
            return tables.length === 1 || id === used
                ? wrong(about, says, another)
                : open(
                      about,
                      `${says}; whether users, operators or mirrors come by that table is not told`,
                      `ask whoever keeps the gateway; if they do, ${another}`,
                  );
        }),
    );
}

function whereTo(resources: string[], state: string): string {
    return state === "blackhole" ? "nowhere" : resources.length > 0 ? `to ${resources.join(", ")}` : "elsewhere";
}

/** Every range that has a route by the gateway (logic/routes.ts), in the table that the attachment will be associated with. */
function reached(planned: OwnNetwork, tables: TransitTable[], used: string | undefined): AccountFinding[] {
    const asked = tables.filter(({ id }) => used === undefined || id === used);
    if (asked.length === 0) {
        return [open(aboutRoutes, `route table ${used}, which new attachments are associated with, is not seen`)];
    }
    const found = plannedRoutes(planned)
        .filter(({ via }) => via === "transit")
        .flatMap(({ destination }) => reach(planned, destination, asked, used !== undefined));
    return found.length > 0 ? found : [ok(aboutRoutes, "lead to every range that posit:network names")];
}

/** Nothing where all is well. @param isUsed the one table is that of the attachment. */
function reach(planned: OwnNetwork, cidr: string, tables: TransitTable[], isUsed: boolean): AccountFinding[] {
    const leading = tables.filter((table) => rangesOf([cidr]).every((range) => isLed(range, routesOf(table))));
    const where = `${cidr} of posit:network.${keyOf(planned, cidr)}`;
    if (leading.length === tables.length) {
        return [];
    }
    if (leading.length > 0) {
        const ids = leading.map(({ id }) => id).join(", ");
        return [
            open(
                aboutRoutes,
                `${ids} leads to ${where}, and not every route table does; which one the attachment will be associated with is not known`,
                "agree with whoever keeps the gateway on a table that leads there",
            ),
        ];
    }
    if (tables.some(({ more }) => more)) {
        return [open(aboutRoutes, `no route to ${where} was told, and not all routes were`)];
    }
    return [
        wrong(
            aboutRoutes,
            isUsed ? `route table ${tables[0].id} does not lead to ${where}` : `no route table leads to ${where}`,
            "have a route added to the gateway's table, or correct the range: nobody there could be answered",
        ),
    ];
}

function routesOf({ routes }: TransitTable) {
    return routes.flatMap(({ cidr, state }) => rangesOf([cidr]).map((range) => ({ range, good: state === "active" })));
}

function keyOf(planned: OwnNetwork, cidr: string): string {
    const keys = ["operatorCidrs", "userCidrs", "packageCidrs", "storageCidrs", "dnsCidrs"] as const;
    return keys.filter((key) => planned[key].includes(cidr)).join(" and ");
}

function cutShort(tables: TransitTable[]): AccountFinding[] {
    return tables
        .filter(({ more }) => more)
        .map(({ id, routes }) =>
            open(
                aboutRoutes,
                `route table ${id} has more than the ${routes.length} routes that were told, and one of them may lead elsewhere`,
                "ask whoever keeps the gateway whether a route leads into posit:network.vpcCidr",
            ),
        );
}
