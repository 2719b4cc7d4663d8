// A cutover that is given up before it serves: hosts say for which capture they stay closed, and one that waits for nothing any more is opened.
import * as pulumi from "@pulumi/pulumi";
import { openedSince, whyGivenUp } from "../../logic/capture/ending";
import type { SideReport } from "../../logic/sideReport";
import { startSecondsOf } from "../../logic/startSeconds";
import { unknownOf } from "../../logic/unreachable";
import type { ProductId } from "../../products";
import { ask } from "../../remote/ask";
import { messageOf } from "../../remote/limits";
import { stillRemembered } from "./markers";
import type { PlannedCapture } from "./plan";
import { HostQuestions } from "../questions";
import { NamedSide } from "../sides";

/** Of an answer, beside the time that the product may take; the host goes on trying when that is over. */
const spareSeconds = 120;

/**
 * Opens what stays closed for nothing, side by side: users wait, so it is not left to a resource's turn. Answers the plans with who was
 * opened.
 *
 * Who stays is taken from the plan, which has just asked: no other run can have closed a host since, and one that was opened since looks at
 * itself before it obeys (hosts/reopen.sh). What hosts remember is asked once more where this run has opened one, since that changes it.
 */
export async function openGivenUp(
    planned: PlannedCapture[],
    side: NamedSide,
    standing: SideReport,
    questions: Pick<HostQuestions, "marker">,
): Promise<PlannedCapture[]> {
    const opened = Object.fromEntries(
        planned.map((plan) => [plan.capture.token, [...(plan.recorded?.openedSince ?? []), ...plan.opened]]),
    );
    const voids = Object.fromEntries(
        planned.flatMap(({ capture: { token }, decision }) =>
            decision.kind === "void" && !decision.lost ? [[token, decision.reasons]] : [],
        ),
    );
    const captures = planned.map(({ capture }) => capture);
    const staying = stayingOnes(standing).flatMap(({ product, token }) => {
        const why = whyGivenUp(token, captures, opened, voids);
        return why === undefined ? [] : [{ product, token, why, startSeconds: startSecondsOf(captures, token) }];
    });
    if (pulumi.runtime.isDryRun()) {
        for (const { product, token, why } of staying) {
            void pulumi.log.info(
                `${product} stays closed for capture ${token || "(unknown)"}, but ${why}: \`pulumi up\` opens it`,
            );
        }
        return planned;
    }
    if (staying.length > 0) {
        nameSilent(standing);
    }
    await Promise.all(staying.map((one) => open(side, one)));
    const tokens = new Set(staying.map(({ token }) => token));
    return Promise.all(
        planned.map(async (plan) =>
            tokens.has(plan.capture.token)
                ? { ...plan, opened: openedSince(await stillRemembered(plan.capture.token, side, questions)) }
                : plan,
        ),
    );
}

/** Production would be open in part, and nobody would look there. */
function nameSilent(standing: SideReport): void {
    for (const { product } of unknownOf(standing)) {
        void pulumi.log.warn(
            `${product} can't be asked, so it may stay closed while the others are opened: when it is there again, \`pulumi up\` opens it, and so does \`make thaw HOSTS=… GIVE_UP=1\``,
        );
    }
}

/** The hosts that stay closed on purpose. The plan has named those that can't be asked. */
function stayingOnes({ hosts }: SideReport): { product: ProductId; token: string }[] {
    return hosts.flatMap(({ product, state }) => (state?.side === "staying" ? [{ product, token: state.token }] : []));
}

async function open(
    side: NamedSide,
    { product, token, why, startSeconds }: { product: ProductId; token: string; why: string; startSeconds: number },
): Promise<void> {
    const what = `${product} stays closed for capture ${token}, but ${why}`;
    const { target, layout } = side.hosts[product];
    const variables = { REASON: "given-up", STAYING: "open", WAIT_SECONDS: startSeconds } as const;
    try {
        const { state, note } = await ask(
            target,
            { script: "reopen", product, layout, variables },
            { seconds: startSeconds + spareSeconds },
        );
        if (state === "opened" || state === "open") {
            void pulumi.log.info(`${what}: it is open again`);
        } else {
            void pulumi.log.warn(`${what}: it was told to open, and is ${state}${note ? ` (${note})` : ""}`);
        }
    } catch (error) {
        void pulumi.log.warn(
            `${what}. It could not be opened (${messageOf(error)}): \`make thaw HOSTS=… GIVE_UP=1\` tries again, and it opens by itself when its time is over`,
        );
    }
}
