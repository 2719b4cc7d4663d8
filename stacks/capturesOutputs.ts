// What a plan of captures comes to in an `up`: what is refused, what is registered, which manifests are published.
import * as pulumi from "@pulumi/pulumi";
import { CaptureArgs } from "../components/capture";
import { ProductionConfig } from "../config/schema";
import { CaptureManifest } from "../contract/production";
import { commonTags } from "../logic/names";
import { productIds } from "../products";
import { PlannedCapture } from "./captures";
import { volumeIdsOf } from "./sides";

/** Slow operations beside the snapshots that must not keep one of them waiting while production is closed. */
const spareOperations = 4;

export function voidTokens(planned: PlannedCapture[]): string[] {
    return planned.flatMap(({ config: capture, decision, recorded }) =>
        decision.kind === "void" && recorded === undefined
            ? [
                  `capture ${capture.token} is void: ${decision.reasons.join("; ")}. Take it out of posit:captures and append one with a new token; what it left stays in the account`,
              ]
            : [],
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

/** Taken from a side that serves no more: its snapshots are released from state and stay in the cloud. */
export function standsElsewhere(plan: PlannedCapture): boolean {
    const volumes = volumeIdsOf(plan.side);
    return plan.recorded !== undefined && plan.recorded.volumes.some((volume) => !volumes.includes(volume.volumeId));
}

export function captureArgs(
    plan: PlannedCapture,
    config: ProductionConfig,
    region: string,
): Omit<CaptureArgs, "versions" | "inventoryDigest" | "after"> {
    return {
        token: plan.config.token,
        reopen: plan.config.reopen,
        stack: pulumi.getStack(),
        region,
        sources: productIds.map((product) => {
            const { target, dataVolumes, database } = plan.side.hosts[product];
            return { product, target, volumes: dataVolumes, database };
        }),
        serverMethod: plan.serverMethod,
        sharedHomes: config.sharedHomes,
        existing: plan.existing,
        warmUps: plan.warmUps,
        run: plan.run,
        engineVersions: plan.engineVersions,
        tags: commonTags(config.project, pulumi.getStack()),
    };
}

/** A complete manifest is what it was when the capture was taken; the inventory has moved on since. */
export function manifests(
    planned: PlannedCapture[],
    taken: Record<string, pulumi.Input<CaptureManifest>>,
): Record<string, pulumi.Input<CaptureManifest>> {
    const entries = planned.flatMap((plan): [string, pulumi.Input<CaptureManifest>][] => {
        const manifest = recordedManifest(plan) ?? taken[plan.config.token];
        return manifest === undefined ? [] : [[plan.config.token, manifest]];
    });
    return Object.fromEntries(entries);
}

function recordedManifest({ recorded, decision, config: capture }: PlannedCapture): CaptureManifest | undefined {
    if (recorded?.state !== "complete") {
        return undefined;
    }
    // What is open again is no final capture any longer.
    const final = recorded.final && !capture.reopen;
    return decision.kind === "void"
        ? { ...recorded, final, state: "void", reasons: decision.reasons }
        : { ...recorded, final };
}
