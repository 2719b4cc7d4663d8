// What the same installation would take on AWS, as the program predicts it: the lab's own seconds have no AWS in them.
import type { CaptureManifest, ProductionContract } from "../../../contract/production";
import { installationOf } from "../../../logic/aws/installation";
import { predict } from "../../../logic/aws/predict";
import { predictionLines } from "../../../logic/aws/told";
import { databaseShare, publicNames } from "../../legacy/world";
import { tokens } from "../commits";
import type { Rehearsal } from "../rehearsal";
import { finalDatabase } from "../values";
import type { OnAws } from "./reportTypes";

/** By the final capture; nothing is measured of these stand-ins that real products would take as long for. */
export function recordOnAws({ recorder, stacks, options }: Rehearsal): void {
    const { captures } = stacks.prod.outputs.contract as ProductionContract;
    const final = captures[tokens.final];
    if (final !== undefined)
        recorder.report.onAws = predictedOf(final, { ...options, prepared: finalDatabase === "dump" });
}

/**
 * @param size GiB of filler data.
 * @param prepared a server stood before the capture.
 */
export function predictedOf(
    manifest: Pick<CaptureManifest, "volumes" | "databases" | "volumeDatabases">,
    { size, external, prepared }: { size: number; external?: boolean; prepared?: boolean },
): OnAws {
    const installation = installationOf(
        {
            volumeIds: [...new Set(manifest.volumes.map(({ volumeId }) => volumeId))],
            methods: [
                ...manifest.databases.map(({ method }) => ({ method })),
                ...manifest.volumeDatabases.map(({ product, method }) => ({
                    method,
                    ...(product === "connect" && { size: { bytes: size * databaseShare * 2 ** 30 } }),
                })),
            ],
            prepared,
            names: external ? 0 : Object.keys(publicNames).length,
        },
        [{ volumes: manifest.volumes, phases: {} }],
    );
    const prediction = predict(installation);
    return { prediction, lines: predictionLines(prediction, installation) };
}
