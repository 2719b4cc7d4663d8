// What today's program does that AWS would refuse, or answer otherwise: exactly this is found. What is mended is taken away here.
import type { Finding } from "./findings";

interface Known {
    rule: string;
    about: string;
    /** Of the audit. */
    finding: string;
    /** By configuration (configurations.ts). */
    configurations: string[];
}

const everywhere = ["template", "nat", "bastion", "snapshot", "mixed"];
const withTransit = ["template", "nat", "snapshot", "mixed"];

export const known: Known[] = [
    { rule: "route-inside-vpc", about: "10.20.0.2/32", finding: "A3", configurations: withTransit },
    {
        rule: "rule-without-route",
        about: "10.7.0.10/32",
        finding: "A4",
        configurations: ["template", "bastion", "snapshot", "mixed"],
    },
    { rule: "rule-without-route", about: "10.7.1.0/24", finding: "A4", configurations: ["bastion"] },
    { rule: "no-way-in", about: "10.8.0.0/24", finding: "A5", configurations: ["bastion"] },
    { rule: "no-way-in", about: "10.9.0.0/16", finding: "A5", configurations: ["bastion"] },
    { rule: "untagged", about: "root volume", finding: "C6", configurations: everywhere },
    { rule: "minor-version-pinned", about: "engineVersion", finding: "C1", configurations: everywhere },
];

/** By a production's servers (replay/sources.ts). */
export const knownReplays: Known[] = [
    {
        // The provider's code that could be read does not tell a restore to a moment how long backups are to be kept; RDS takes the source's.
        rule: "replay.change",
        about: "aws:rds/instance:Instance.backupRetentionPeriod",
        finding: "B6",
        configurations: ["other-settings"],
    },
];

/** Without the step and the resource: one mend takes all of them away. */
export function keyOf({ stack, rule, about }: Finding): string {
    return `${stack.replace(/-\d-.*/, "")}: ${rule}: ${about}`;
}

export function expectedOf(list: Known[]): string[] {
    return list
        .flatMap(({ rule, about, configurations }) => configurations.map((one) => `${one}: ${rule}: ${about}`))
        .sort();
}

/** In a state of any other configuration: by what it is found for, not where. */
export function isKnown({ rule }: Finding): boolean {
    return [...known, ...knownReplays].some((one) => one.rule === rule);
}
