// What a run that would close production says of how long it will take on AWS, before it closes anything.
import * as pulumi from "@pulumi/pulumi";
import { installationOf } from "../../logic/aws/installation";
import { predict } from "../../logic/aws/predict";
import { predictionLines } from "../../logic/aws/told";
import { sideVolumeIds } from "../sides";
import type { PlannedCapture } from "./plan";

/** @param records that lead the names. */
export function sayPrediction({ capture, side, methods }: PlannedCapture, all: PlannedCapture[], records = 0): void {
    const { token, reopen, backMinutes } = capture;
    const earlier = all.flatMap(({ recorded }) => recorded ?? []);
    const installation = installationOf({ volumeIds: sideVolumeIds(side), methods, names: records }, earlier);
    const prediction = predict(installation);
    const lines = predictionLines(prediction, installation);
    lines.forEach((line) => void pulumi.log.info(`capture ${token}: ${line}`));
    if (!reopen && backMinutes < prediction.backMinutes) {
        void pulumi.log.warn(
            `capture ${token}: its notice says that the products are back after ${backMinutes} min (backMinutes); as predicted, nine of ten such cutovers are over after ${prediction.backMinutes}`,
        );
    }
}
