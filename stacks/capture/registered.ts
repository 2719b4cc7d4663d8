// Which of the planned captures an `up` registers, and with what.
import * as pulumi from "@pulumi/pulumi";
import { CaptureArgs } from "../../components/capture/capture";
import { ProductionConfig } from "../../config/schema";
import { commonTags } from "../../logic/names";
import { byProduct } from "../../products";
import { recordedManifest } from "./manifests";
import { standsElsewhere } from "./markers";
import type { PlannedCapture } from "./plan";

/** The captures that this run registers: those it takes or adopts, and the warm-ups of those that wait. */
export function registered(planned: PlannedCapture[]): PlannedCapture[] {
    return planned.filter(
        (plan) => plan.decision.kind !== "void" && plan.decision.kind !== "unknown" && !standsElsewhere(plan),
    );
}

export function captureArgs(
    plan: PlannedCapture,
    config: ProductionConfig,
    region: string,
): Omit<CaptureArgs, "inventory" | "after"> {
    const { capture, side, serverMethod, warmUps, closing, descriptions, speeds, decision } = plan;
    return {
        ...{ capture, serverMethod, warmUps, closing, descriptions, speeds, region },
        stack: pulumi.getStack(),
        sources: byProduct(side.hosts).map(([product, { target, dataVolumes, databases }]) => ({
            ...{ product, target, databases },
            volumes: dataVolumes,
        })),
        sharedHomes: config.sharedHomes,
        existing: decision.kind === "adopt" ? decision.snapshots : {},
        recorded: recordedManifest(plan),
        waits: decision.kind === "waiting",
        tags: commonTags(config, pulumi.getStack()),
    };
}
