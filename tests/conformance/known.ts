// What today's program does that AWS would refuse, or answer otherwise: exactly this is found. What is mended is taken away here.

export interface Known {
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
