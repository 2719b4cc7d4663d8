// How fast production's volumes are, and what stands in the way of a snapshot of each: asked before anything is closed.
import * as aws from "@pulumi/aws";
import { pendingLimit, VolumeSpeed } from "../../logic/volumeSpeed";
import { questions } from "./snapshots";

/** By volume; what could not be asked is said, and stops nothing: a restored volume is a plain gp3 then. */
export async function volumeSpeeds(
    volumeIds: string[],
    say: (line: string) => void,
    ask = aws.ebs.getVolume,
): Promise<Record<string, VolumeSpeed>> {
    const answers = await Promise.all(
        volumeIds.map(async (volumeId): Promise<[string, VolumeSpeed][]> => {
            try {
                const found = await ask({ filters: [{ name: "volume-id", values: [volumeId] }] });
                return [[volumeId, speedOf(found)]];
            } catch (error) {
                say(
                    `volume ${volumeId} can't be asked how fast it is (${firstLine(error)}): a restored one will be gp3 with 3000 IOPS and 125 MiB/s, whatever it is`,
                );
                return [];
            }
        }),
    );
    return Object.fromEntries(answers.flat());
}

/** The look-up has 0 for what a kind of volume does not have. */
function speedOf({ volumeType, iops, throughput }: aws.ebs.GetVolumeResult): VolumeSpeed {
    return { type: volumeType, ...(iops > 0 && { iops }), ...(throughput > 0 && { throughput }) };
}

/** Why AWS would refuse one more snapshot of some volume now: it has as many pending as its kind may have. */
export async function tooManyPending(
    volumeIds: string[],
    speeds: Record<string, VolumeSpeed>,
    cloud = questions,
): Promise<string[]> {
    const findings = await Promise.all(
        volumeIds.map(async (volumeId) => {
            const filters = [
                { name: "volume-id", values: [volumeId] },
                { name: "status", values: ["pending"] },
            ];
            const { ids } = await cloud.snapshotIds({ owners: ["self"], filters });
            const limit = pendingLimit(speeds[volumeId]?.type);
            return ids.length < limit
                ? []
                : [
                      `volume ${volumeId}${limit === 1 ? ` (${speeds[volumeId].type})` : ""} has ${ids.length} pending snapshot${ids.length === 1 ? "" : "s"} (${ids.join(", ")}), and AWS takes ${limit} at a time: wait until one is completed, and see that no other job takes snapshots of it in these hours`,
                  ];
        }),
    );
    return findings.flat();
}

function firstLine(error: unknown): string {
    return (error instanceof Error ? error.message : String(error)).split("\n")[0];
}
