// What a plan of captures is refused for: each answers sentences, of all captures at once.
import type { PlannedCapture } from "./plan";
import { sideVolumeIds } from "../sides";

/** Slow operations beside the snapshots that must not keep one of them waiting while production is closed. */
const spareOperations = 4;

/** What is void may be published as such, but never begun anew. */
export function voidTokens(planned: PlannedCapture[]): string[] {
    return planned.flatMap(({ capture, decision, recorded }) =>
        decision.kind === "void" && recorded === undefined
            ? [
                  `capture ${capture.token} is void: ${decision.reasons.join("; ")}. Take it out of posit:captures and append one with a new token; what it left stays in the account`,
              ]
            : [],
    );
}

/** Nothing is begun, adopted or called void on the word of some hosts only. */
export function undecidable(planned: PlannedCapture[]): string[] {
    return planned.flatMap(({ capture: { token }, decision }) =>
        decision.kind === "unknown"
            ? [
                  `capture ${token} can neither begin nor be adopted while ${decision.reasons.join("; ")}. Start that host; or, when nothing was closed for it yet, give the capture a notBefore, and it waits`,
              ]
            : [],
    );
}

/** Each closes production: two in one run would stand in each other's way. */
export function severalBeginnings(planned: PlannedCapture[]): string[] {
    const tokens = planned.filter(({ decision }) => decision.kind === "begin").map(({ capture }) => capture.token);
    return tokens.length < 2
        ? []
        : [
              `captures ${tokens.join(" and ")} would both close production in this run: take them one after the other (append the second when the first is complete, or give it a notBefore)`,
          ];
}

/** Too little parallelism would request snapshots one after the other while users wait. */
export function parallelismFindings(planned: PlannedCapture[]): string[] {
    const allowed = Number(process.env.PULUMI_NODEJS_PARALLEL ?? "0") || Infinity;
    return planned
        .filter((plan) => plan.decision.kind === "begin")
        .flatMap(({ capture, side }) => {
            const needed = sideVolumeIds(side).length + spareOperations;
            return allowed < needed
                ? [
                      `capture ${capture.token} needs ${needed} operations side by side, but this run allows ${allowed}: run \`pulumi up --parallel ${needed}\``,
                  ]
                : [];
        });
}
