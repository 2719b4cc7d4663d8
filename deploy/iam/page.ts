// calls.md: the table of calls for people, with what each rests on; what is only assumed stands first.
import { providerCalls } from "./calls";
import { operations, Rank, Said } from "./calls/calls";

const ranks: Rank[] = ["assumed", "documented", "seen in code"];

function row(token: string, said: Said): string {
    const asked = operations
        .flatMap((operation) => (said[operation] === undefined ? [] : [`${operation}: ${listed(said[operation])}`]))
        .join("; ");
    return `| \`${token}\` | ${said.source} | ${asked} |`;
}

function listed(actions: string[]): string {
    return actions.length === 0 ? "nothing" : actions.join(", ");
}

export function callsPage(): string {
    const all = Object.entries(providerCalls).flatMap(([token, said]) => said.map((one) => ({ token, one })));
    return [
        "# What the provider asks AWS for",
        "",
        "<!-- Generated from deploy/iam/calls by `make iam`; do not edit. -->",
        "",
        "By Pulumi's types. Each operation reads too. What is seen in code is stored single files of the provider, of various versions, not of exactly the one in",
        "the plugin. The policies are made from this table.",
        ...ranks.flatMap((rank) => [
            "",
            `## ${rank[0].toUpperCase()}${rank.slice(1)}`,
            "",
            "| type | by | asks for |",
            "| --- | --- | --- |",
            ...all.filter(({ one }) => one.rank === rank).map(({ token, one }) => row(token, one)),
        ]),
        "",
    ].join("\n");
}
