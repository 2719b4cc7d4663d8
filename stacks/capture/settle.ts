// What is done about planned captures before anything is registered.
import * as pulumi from "@pulumi/pulumi";
import type { SideReport } from "../../logic/sideReport";
import { HostQuestions, realQuestions } from "../questions";
import { refuse } from "../refusals";
import { NamedSide } from "../sides";
import { copiesCompleted } from "./copies";
import { voidTokens } from "./findings";
import { openGivenUp } from "./givenUp";
import type { PlannedCapture } from "./plan";
import { sayPrediction } from "./prediction";

export interface Settling {
    side: NamedSide;
    /** How its hosts stand, as the plan of who serves was told. */
    standing: SideReport;
    /** The names lead, or are taken, to another side: nothing that stays is opened a moment before it is retired. */
    moving: boolean;
    questions?: Pick<HostQuestions, "marker">;
    /** That lead the names; none when absent. */
    records?: number;
    /** Between two looks at a copy, ms. */
    pause?: number;
}

/**
 * What is done about captures before anything is registered, once no gate refuses: what stays closed for nothing is opened, also where its
 * capture is void; what is void is refused; copies that an ended run left behind are waited for. Says what happens to each.
 */
export async function settleCaptures(
    planned: PlannedCapture[],
    { side, standing, moving, questions = realQuestions, records, pause }: Settling,
): Promise<PlannedCapture[]> {
    const settled = moving ? planned : await openGivenUp(planned, side, standing, questions);
    refuse("production can't be changed like that", voidTokens(settled));
    settled.forEach((plan) => {
        say(plan);
        if (plan.decision.kind === "begin") {
            sayPrediction(plan, planned, records);
        }
    });
    await copiesCompleted(settled, pause);
    return settled;
}

function say({ capture: { token, warmUp }, decision, methods, recorded }: PlannedCapture): void {
    const info = (line: string) => void pulumi.log.info(`capture ${token}${line}`);
    switch (decision.kind) {
        case "waiting":
            info(
                ` waits: ${decision.reason}; ${warmUp ? "its warm-up snapshots are taken, and nothing else is touched" : "nothing is touched"}`,
            );
            decision.unasked.forEach((host) => {
                void pulumi.log.warn(
                    `capture ${token} waits, so this run goes on: ${host}. Inside its maintenance window every host must be there`,
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
