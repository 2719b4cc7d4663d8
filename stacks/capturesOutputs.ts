// What a plan of captures comes to in an `up`: what is refused, what is registered, which manifests are published.
import * as pulumi from "@pulumi/pulumi";
import { CaptureArgs } from "../components/capture";
import { ProductionConfig } from "../config/schema";
import { CaptureManifest } from "../contract/production";
import { endedWell } from "../logic/captureState";
import { commonTags } from "../logic/names";
import type { SideReport } from "../logic/sideReport";
import { byProduct } from "../products";
import { PlannedCapture, standsElsewhere } from "./captures";
import { copiesCompleted } from "./copies";
import { openGivenUp } from "./givenUp";
import { HostQuestions, realQuestions } from "./questions";
import { refuse } from "./refusals";
import { NamedSide, volumeIdsOf } from "./sides";

/** Slow operations beside the snapshots that must not keep one of them waiting while production is closed. */
const spareOperations = 4;

function voidTokens(planned: PlannedCapture[]): string[] {
    return planned.flatMap(({ config: capture, decision, recorded }) =>
        decision.kind === "void" && recorded === undefined
            ? [
                  `capture ${capture.token} is void: ${decision.reasons.join("; ")}. Take it out of posit:captures and append one with a new token; what it left stays in the account`,
              ]
            : [],
    );
}

export interface Settling {
    side: NamedSide;
    /** How its hosts stand, as the plan of who serves was told. */
    standing: SideReport;
    /** The names lead, or are taken, to another side: nothing that stays is opened a moment before it is retired. */
    moving: boolean;
    questions?: Pick<HostQuestions, "marker">;
    /** Between two looks at a copy, ms. */
    pause?: number;
}

/**
 * What is done about captures before anything is registered, once no gate refuses: what stays closed for nothing is opened, also where its
 * capture is void; what is void is refused; copies that an ended run left behind are waited for. Says what happens to each.
 */
export async function settleCaptures(
    planned: PlannedCapture[],
    { side, standing, moving, questions = realQuestions, pause }: Settling,
): Promise<PlannedCapture[]> {
    const settled = moving ? planned : await openGivenUp(planned, side, standing, questions);
    refuse("production can't be changed like that", voidTokens(settled));
    settled.forEach(say);
    await copiesCompleted(settled, pause);
    return settled;
}

function say({ config: { token, warmUp }, decision, methods, recorded }: PlannedCapture): void {
    const info = (line: string) => void pulumi.log.info(`capture ${token}${line}`);
    switch (decision.kind) {
        case "waiting":
            info(
                ` waits: ${decision.reason}; ${warmUp ? "its warm-up snapshots are taken, and nothing else is touched" : "nothing is touched"}`,
            );
            decision.unasked.forEach((host) => {
                void pulumi.log.warn(
                    `capture ${token} waits, so this run goes on: ${host}. Inside its window every host must be there`,
                );
            });
            return;
        case "begin":
            methods.forEach(({ of, method, why }) => info(`: ${of} by ${method}: ${why}`));
            return;
        case "adopt":
            for (const { id, source } of decision.extras) {
                void pulumi.log.warn(
                    `capture ${token}: snapshot ${id} of ${source} carries its token and is no part of it; it may be deleted by hand`,
                );
            }
            return;
        case "void":
            if (recorded) {
                void pulumi.log.warn(`capture ${token} is void: ${decision.reasons.join("; ")}`);
            }
    }
}

/** Nothing is begun, adopted or called void on the word of some hosts only. */
export function undecidable(planned: PlannedCapture[]): string[] {
    return planned.flatMap(({ config: { token }, decision }) =>
        decision.kind === "unknown"
            ? [
                  `capture ${token} can neither begin nor be adopted while ${decision.reasons.join("; ")}. Start that host; or, when nothing was closed for it yet, give the capture a notBefore, and it waits`,
              ]
            : [],
    );
}

/** Each closes production: two in one run would stand in each other's way. */
export function severalBeginnings(planned: PlannedCapture[]): string[] {
    const tokens = planned.filter(({ decision }) => decision.kind === "begin").map(({ config }) => config.token);
    return tokens.length < 2
        ? []
        : [
              `captures ${tokens.join(" and ")} would both close production in this run: take them one after the other (append the second when the first is complete, or give it a notBefore)`,
          ];
}

/** The captures that this run registers: those it takes or adopts, and the warm-ups of those that wait. */
export function registered(planned: PlannedCapture[]): PlannedCapture[] {
    return planned.filter(
        (plan) => plan.decision.kind !== "void" && plan.decision.kind !== "unknown" && !standsElsewhere(plan),
    );
}

/** Too little parallelism would request snapshots one after the other while users wait. */
export function parallelismFindings(planned: PlannedCapture[]): string[] {
    const allowed = Number(process.env.PULUMI_NODEJS_PARALLEL ?? "0") || Infinity;
    return planned
        .filter((plan) => plan.decision.kind === "begin")
        .flatMap(({ config: capture, side }) => {
            const needed = volumeIdsOf(side).length + spareOperations;
            return allowed < needed
                ? [
                      `capture ${capture.token} needs ${needed} operations side by side, but this run allows ${allowed}: run \`pulumi up --parallel ${needed}\``,
                  ]
                : [];
        });
}

export function captureArgs(
    plan: PlannedCapture,
    config: ProductionConfig,
    region: string,
): Omit<CaptureArgs, "versions" | "inventoryDigest" | "after"> {
    return {
        token: plan.config.token,
        stack: pulumi.getStack(),
        region,
        sources: byProduct(plan.side.hosts).map(([product, { target, dataVolumes, databases }]) => ({
            ...{ product, target, databases },
            volumes: dataVolumes,
        })),
        serverMethod: plan.serverMethod,
        sharedHomes: config.sharedHomes,
        existing: plan.decision.kind === "adopt" ? plan.decision.snapshots : {},
        warmUp: plan.config.warmUp,
        warmUps: plan.warmUps,
        recorded: recordedManifest(plan),
        waits: plan.decision.kind === "waiting",
        run: plan.run,
        descriptions: plan.descriptions,
        tags: commonTags(config.project, pulumi.getStack()),
    };
}

/** A manifest is what it was when the capture was taken; the inventory has moved on since. */
export function manifests(
    planned: PlannedCapture[],
    taken: Record<string, pulumi.Input<CaptureManifest>>,
): Record<string, pulumi.Input<CaptureManifest>> {
    const entries = planned.flatMap((plan): [string, pulumi.Input<CaptureManifest>][] => {
        const { token } = plan.config;
        const manifest = recordedManifest(plan) ?? (taken[token] && asOfNow(taken[token], plan));
        return manifest === undefined ? [] : [[token, manifest]];
    });
    return Object.fromEntries(entries);
}

function recordedManifest(plan: PlannedCapture): CaptureManifest | undefined {
    const { recorded, decision } = plan;
    if (recorded === undefined || !endedWell(recorded)) {
        return recorded?.state === "void" ? recorded : undefined;
    }
    const lost = decision.kind === "void";
    return {
        ...sinceThen(recorded, plan),
        state: lost ? "void" : "complete",
        reasons: lost ? decision.reasons : [],
        lost: lost || undefined,
    };
}

/** What the engine read of hosts may be of a run that failed later, and published nothing of it. */
function asOfNow(read: pulumi.Input<CaptureManifest>, plan: PlannedCapture): pulumi.Output<CaptureManifest> {
    return pulumi
        .output(read)
        .apply((manifest) =>
            manifest.state === "complete"
                ? sinceThen(manifest as CaptureManifest, plan)
                : (manifest as CaptureManifest),
        );
}

function sinceThen(recorded: CaptureManifest, { config, opened }: PlannedCapture): CaptureManifest {
    // What was opened once, or given up, is no final capture any longer, whatever the configuration says next.
    const givenUp = config.reopen && opened.length === 0 ? [`nobody yet, by "reopen: true"`] : [];
    const since = recorded.final ? [...opened, ...givenUp] : [];
    const names = (recorded.openedSince ?? []).map(nameOf);
    const openedSince = [...(recorded.openedSince ?? []), ...since.filter((one) => !names.includes(nameOf(one)))];
    const final = recorded.final && openedSince.length === 0;
    return {
        ...recorded,
        final,
        openedSince: openedSince.length > 0 ? openedSince : undefined,
        stayUntil: final ? recorded.stayUntil : undefined,
    };
}

/** "connect" of "connect at …": a host is named once, as it was found first. */
function nameOf(opened: string): string {
    return opened.split(" ")[0];
}
