// What a run that would close production says of how long it will take on AWS, before it closes anything.
import * as pulumi from "@pulumi/pulumi";
import { installationOf } from "../../logic/aws/installation";
import { Installation, predict } from "../../logic/aws/predict";
import { predictionLines, preparedLines } from "../../logic/aws/told";
import { sideVolumeIds } from "../sides";
import type { PlannedCapture } from "./plan";

/** @param records that lead the names. */
export function sayPrediction(plan: PlannedCapture, all: PlannedCapture[], records = 0): void {
    const { capture, prepared, methods, methodsIfPrepared } = plan;
    const { token, reopen, backMinutes } = capture;
    const installation = installationWith({ ...plan, methods, prepared: prepared.length > 0 }, all, records);
    const prediction = predict(installation);
    const ifPrepared = installationWith({ ...plan, methods: methodsIfPrepared, prepared: true }, all, records);
    const lines = [
        ...predictionLines(prediction, installation),
        // Nobody waits for the restore of one that opens again.
        ...(reopen ? [] : preparedLines({ token, stacks: prepared, installation, ifPrepared })),
    ];
    lines.forEach((line) => void pulumi.log.info(`capture ${token}: ${line}`));
    if (!reopen && backMinutes < prediction.backMinutes) {
        void pulumi.log.warn(
            `capture ${token}: its notice says that the products are back after ${backMinutes} min (backMinutes); as predicted, nine of ten such cutovers are over after ${prediction.backMinutes}`,
        );
    }
}

function installationWith(
    { side, methods, prepared }: Pick<PlannedCapture, "side" | "methods"> & { prepared: boolean },
    all: PlannedCapture[],
    names: number,
): Installation {
    const earlier = all.flatMap(({ recorded }) => recorded ?? []);
    return installationOf({ volumeIds: sideVolumeIds(side), methods, prepared, names }, earlier);
}
