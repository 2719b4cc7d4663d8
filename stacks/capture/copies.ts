// A capture that is adopted while its snapshots are still being copied: a run that ended early left it so. `up` waits for them, as the run
// that took them would have, so that no manifest calls complete what fails an hour later.
import * as pulumi from "@pulumi/pulumi";
import { snapshotsInState } from "../../cloud/capture/snapshots";
import { Refusal } from "../../logic/refusal";
import type { PlannedCapture } from "./plan";

const lookMilliseconds = 15_000;
/** How often to say that it goes on, in looks. */
const sayEvery = 8;

/** A preview only says so. */
export async function copiesCompleted(planned: PlannedCapture[], pause = lookMilliseconds): Promise<void> {
    await Promise.all(
        planned.map(async ({ capture: { token }, decision, recorded }) => {
            if (decision.kind !== "adopt" || decision.pending.length === 0 || recorded) {
                return;
            }
            const { pending } = decision;
            if (pulumi.runtime.isDryRun()) {
                void pulumi.log.info(
                    `capture ${token}: ${pending.join(", ")} still being copied; \`pulumi up\` waits for that and publishes its manifest then`,
                );
                return;
            }
            let left = pending;
            for (let look = 0; left.length > 0; look++) {
                if (look % sayEvery === 0) {
                    void pulumi.log.info(`capture ${token}: waits for the copies of ${left.join(", ")}`);
                }
                await new Promise((resolve) => setTimeout(resolve, look === 0 ? 0 : pause));
                left = await snapshotsInState(left, "pending");
            }
            const completed = await snapshotsInState(pending, "completed");
            const failed = pending.filter((id) => !completed.includes(id));
            if (failed.length > 0) {
                throw new Refusal(
                    `capture ${token} is void: the snapshot ${failed.join(", ")} failed in the cloud while it was copied. Take it out of posit:captures and append one with a new token`,
                );
            }
        }),
    );
}
