// The findings as a person reads them: what is wrong last, where one looks first, each with what to do; then how long things take.
import type { Spread } from "../logic/aws/draws";
import { longestPart, PartName } from "../logic/aws/predict";
import { partTitles } from "../logic/aws/told";
import type { AccountFinding } from "./finding";
import type { Times } from "./judges/times";

const words: Record<AccountFinding["verdict"], string> = { ok: "ok", open: "can't be told", wrong: "wrong" };
const order: AccountFinding["verdict"][] = ["ok", "open", "wrong"];

/** One long name must not push all others to the right. */
const longestColumn = 50;

export function tableOf(findings: AccountFinding[]): string[] {
    const abouts = findings.map(({ about }) => about).filter(({ length }) => length <= longestColumn);
    const widths = { verdict: widest(Object.values(words)), about: widest(abouts) };
    const lines = order.flatMap((verdict) =>
        findings
            .filter((finding) => finding.verdict === verdict)
            .flatMap(({ about, says, remedy }) => [
                `${words[verdict].padEnd(widths.verdict)}  ${about.padEnd(widths.about)}  ${says}`,
                ...(remedy === undefined ? [] : [`${" ".repeat(widths.verdict)}  → ${remedy}`]),
            ]),
    );
    return [...lines, "", summary(findings)];
}

function widest(texts: string[]): number {
    return Math.max(0, ...texts.map(({ length }) => length));
}

function summary(findings: AccountFinding[]): string {
    const number = (verdict: AccountFinding["verdict"]) => findings.filter((one) => one.verdict === verdict).length;
    return `${number("ok")} ok, ${number("open")} can't be told, ${number("wrong")} wrong`;
}

export function timesTable(times: Times): string[] {
    const { warmUp, window, restore, cutover } = times;
    const procedures: [string, Spread, PartName?][] = [
        ...(warmUp ? [["warm-up, while everything serves", warmUp] satisfies [string, Spread]] : []),
        ["closed window of a capture", window, longestPart(window).name],
        ["restore of a capture", restore, longestPart(restore).name],
        ["cutover, from close to names", cutover, times.longest.name],
    ];
    const width = widest(procedures.map(([name]) => name));
    return [
        "How long it is likely to take:",
        ...procedures.map(
            ([name, { p50, p90 }, longest]) =>
                `  ${name.padEnd(width)}  ${spelt(p50).padStart(8)}, one time of ten over ${spelt(p90)}${longest ? ` (longest: ${partTitles[longest]})` : ""}`,
        ),
        `  a final capture's notice: backMinutes ${times.backMinutes}`,
        ...times.notes.map((note) => `  ${note}`),
    ];
}

function spelt(seconds: number): string {
    return seconds < 120 ? `${Math.round(seconds)} s` : `${Math.round(seconds / 60)} min`;
}
