// Whether a network that others made is good for an environment: its parts, free addresses, and routes to every range that a rule names.
import type { ExistingNetwork } from "../../config/network";
import { existingPlace, NetworkPlace } from "../../logic/networkPlace";
import { isPrivate, isWithin, Range, rangesOf } from "../../logic/ranges";
import type { PlannedRule } from "../../logic/securityRules";
import { inOrder } from "../../products";
import { CloudAnswer, ifKnown } from "../answer";
import type { SubnetFacts, SubnetRoute } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";
import type { ExistingFacts } from "../questions/ec2Existing";
import { isLed } from "./leads";

export interface ExistingQuestion {
    network: ExistingNetwork;
    rules: PlannedRule[];
    /** A person has overridden gate `network`. */
    accepted: boolean;
    routes: CloudAnswer<Record<string, SubnetRoute[] | undefined>>;
}

type Existing = Extract<NetworkPlace, { kind: "existing" }>;

/** @returns the place besides, where there is one. */
export function judgeExisting(
    facts: ExistingFacts,
    question: ExistingQuestion,
): { place?: Existing; findings: AccountFinding[] } {
    const { network } = question;
    const about = `network ${network.existing.vpcId}`;
    const place = existingPlace(network, facts.found);
    if (Array.isArray(place) || place.kind === "own") {
        const remedy = "correct posit:network.existing, or the account and region";
        return { findings: (Array.isArray(place) ? place : []).map((says) => wrong(about, says, remedy)) };
    }
    const zones = [...new Set(place.subnets.map(({ zone }) => zone))];
    return {
        place,
        findings: [
            ok(about, `is there, with subnets in ${zones.join(", ")}${publicWords(place.subnets[0])}`),
            ...place.subnets.flatMap(({ id }, index) => freeAddresses(facts.subnets, id, index === 0)),
            ...judgeRoutes(place, question),
        ],
    };
}

const acceptedWords = "accepted by posit:overrides (gate network)";

function publicWords(hosts: { id: string; publicAddresses: boolean } | undefined): string {
    return hosts?.publicAddresses
        ? `; hosts get no public address in ${hosts.id}, though it gives them, so they need another way out than an internet gateway`
        : "";
}

/** A server of RDS takes one, and another in another zone when it fails over. */
const ofServers = 1;

function freeAddresses(subnets: SubnetFacts[], id: string, isHosts: boolean): AccountFinding[] {
    const about = `subnet ${id}`;
    const { free, ownHosts = 0 } = subnets.find((one) => one.id === id) ?? {};
    if (free === undefined) {
        return [open(about, "how many addresses are free is not told")];
    }
    const needed = isHosts ? Math.max(0, inOrder.length - ownHosts) : 0;
    if (free < needed) {
        return [
            wrong(
                about,
                `has ${free} free addresses, and the hosts need ${needed}`,
                "name another subnet first in posit:network.existing.subnetIds (before anything is built), or have addresses set free",
            ),
        ];
    }
    return free < needed + ofServers
        ? [
              open(
                  about,
                  `has ${free} free addresses: none is left for a database server`,
                  "right where the servers stand already, or lie in another of the subnets; else have some set free",
              ),
          ]
        : [ok(about, `has ${free} free addresses`)];
}

/** Hosts live in the first subnet; the databases' servers may be in any. */
function judgeRoutes(place: Existing, { network, rules, accepted, routes }: ExistingQuestion): AccountFinding[] {
    const about = `routes of ${network.existing.vpcId}`;
    return ifKnown(
        routes,
        (bySubnet) => {
            const found = place.subnets.flatMap(({ id }, index) => {
                const own = bySubnet[id];
                const asked = rules.filter(({ group }) => index === 0 || group === "database");
                return own === undefined
                    ? [open(about, `which route table ${id} has is not told`)]
                    : lostFrom(about, { id, routes: own, rules: asked, inside: place.vpcCidrs, accepted });
            });
            return found.length > 0 ? found : [ok(about, "lead to every range that posit:network names")];
        },
        (why) => [open(about, why)],
    );
}

interface Looked {
    id: string;
    routes: SubnetRoute[];
    rules: PlannedRule[];
    /** Where AWS's own route leads. */
    inside: string[];
    accepted: boolean;
}

function lostFrom(about: string, { id, routes, rules, inside, accepted }: Looked): AccountFinding[] {
    const within = rangesOf(inside);
    const lost = rules.filter(({ cidr, direction }) =>
        rangesOf(cidr === undefined ? [] : [cidr]).some(
            (range) =>
                !within.some((block) => isWithin(range, block)) &&
                !isLed(
                    range,
                    routes.flatMap((route) => leadingOf(route, range, direction)),
                ),
        ),
    );
    const byList = routes.some(({ cidr, active }) => cidr === undefined && active);
    return [...new Set(lost.map(({ cidr = "" }) => cidr))].map((cidr) => {
        const purposes = [
            ...new Set(lost.filter((one) => one.cidr === cidr).map(({ description }) => description)),
        ].join(", ");
        const says = `no route of ${id} leads to ${cidr} (${purposes})`;
        const remedy = "have one added to its route table, or correct the range: nobody there could be answered";
        return byList
            ? open(about, `${says}, unless one of its lists of prefixes does`, remedy)
            : accepted
              ? open(about, `${says}; ${acceptedWords}`, remedy)
              : wrong(about, says, remedy);
    });
}

/** Hosts have private addresses only: an internet gateway leads them nowhere, and NAT out to what is public. */
function leadingOf({ cidr, active, kind }: SubnetRoute, range: Range, direction: PlannedRule["direction"]) {
    const good = active && (kind === "inside" || (kind === "nat" && direction === "egress" && !isPrivate(range)));
    return rangesOf(cidr === undefined ? [] : [cidr]).map((block) => ({ range: block, good }));
}
