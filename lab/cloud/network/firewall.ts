// Security groups as nftables in each member's own namespace: default deny, stateful, the union of its groups' rules;
// a rule that names a group means the addresses of that group's members. Set from outside: a guest can't change them.
import { addresses } from "../../paths";
import type { SecurityGroupRule } from "../api";
import { run } from "../run";
import type { NetworkMember } from "../service";

/** The nftables table of one member. */
export function renderFirewall(member: NetworkMember, members: NetworkMember[], rules: SecurityGroupRule[]): string {
    const own = rules.filter((rule) => member.securityGroupIds.includes(rule.groupId));
    const lines = (direction: SecurityGroupRule["direction"]): string[] =>
        own.filter((rule) => rule.direction === direction).flatMap((rule) => renderRule(rule, members));
    return [
        "table inet security_groups",
        "flush table inet security_groups",
        "table inet security_groups {",
        ...chain("input", ['iif "lo" accept', ...lines("ingress")]),
        // As on AWS, asking the resolver is no matter of security groups.
        ...chain("output", [
            'oif "lo" accept',
            `ip daddr ${addresses.dns} meta l4proto { tcp, udp } th dport 53 accept`,
            ...lines("egress"),
        ]),
        "}",
        "",
    ].join("\n");
}

function chain(hook: "input" | "output", rules: string[]): string[] {
    return [
        `chain ${hook} {`,
        `type filter hook ${hook} priority 0; policy drop;`,
        "ct state established,related accept",
        ...[...new Set(rules)],
        "}",
    ];
}

function renderRule(rule: SecurityGroupRule, members: NetworkMember[]): string[] {
    const peers = peersOf(rule, members);
    if (peers.length === 0) {
        return [];
    }
    const side = rule.direction === "ingress" ? "saddr" : "daddr";
    const match = protocolMatch(rule);
    return [`ip ${side} { ${peers.join(", ")} }${match ? ` ${match}` : ""} accept`];
}

function peersOf(rule: SecurityGroupRule, members: NetworkMember[]): string[] {
    if (rule.cidr !== undefined) {
        return [rule.cidr];
    }
    return members
        .filter((member) => rule.referencedGroupId && member.securityGroupIds.includes(rule.referencedGroupId))
        .map((member) => member.address)
        .sort();
}

function protocolMatch({ protocol, fromPort, toPort }: SecurityGroupRule): string {
    if (protocol === "-1") {
        return "";
    }
    if (protocol === "icmp") {
        return "meta l4proto icmp";
    }
    const from = fromPort ?? 0;
    const to = toPort ?? 65535;
    return `${protocol} dport ${from === to ? from : `${from}-${to}`}`;
}

/** Remembers what each namespace has, so that a change touches only those it changes. */
export function firewallKeeper(): {
    /** `targets` are those of the members whose namespaces exist. */
    apply(targets: NetworkMember[], members: NetworkMember[], rules: SecurityGroupRule[]): Promise<void>;
    forget(namespace: string): void;
} {
    const applied = new Map<string, string>();
    return {
        forget: (namespace) => applied.delete(namespace),
        async apply(targets, members, rules) {
            for (const member of targets) {
                const text = renderFirewall(member, members, rules);
                if (applied.get(member.namespace) !== text) {
                    await run(["nft", "-f", "-"], { namespace: member.namespace, input: text });
                    applied.set(member.namespace, text);
                }
            }
        },
    };
}
