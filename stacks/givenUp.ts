// A cutover that is given up before it serves: hosts say for which capture they stay closed, and one that waits for nothing any more is opened.
import * as pulumi from "@pulumi/pulumi";
import type { HostState } from "../contract/host";
import { openedSince, whyGivenUp } from "../logic/captureEnding";
import { startSecondsOf } from "../logic/startSeconds";
import { ProductId, productIds } from "../products";
import { ask } from "../remote/ask";
import { messageOf } from "../remote/limits";
import { PlannedCapture, stillRemembered } from "./captures";
import { HostQuestions } from "./questions";
import { NamedSide } from "./sides";

/** Of an answer, beside the time that the product may take; the host goes on trying when that is over. */
const spareSeconds = 120;

/**
 * Opens what stays closed for nothing, side by side: users wait, so it is not left to a resource's turn. Answers the plans with who was
 * opened.
 */
export async function openGivenUp(
    planned: PlannedCapture[],
    side: NamedSide,
    questions: HostQuestions,
): Promise<PlannedCapture[]> {
    const opened = Object.fromEntries(
        planned.map((plan) => [plan.config.token, [...(plan.recorded?.openedSince ?? []), ...plan.opened]]),
    );
    const voids = Object.fromEntries(
        planned.flatMap(({ config: { token }, decision }) =>
            decision.kind === "void" && !decision.lost ? [[token, decision.reasons]] : [],
        ),
    );
    const captures = planned.map(({ config }) => config);
    const staying = (await standings(side, questions)).flatMap(({ product, token }) => {
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
    await Promise.all(staying.map((one) => open(side, one)));
    const tokens = new Set(staying.map(({ token }) => token));
    return Promise.all(
        planned.map(async (plan) =>
            tokens.has(plan.config.token)
                ? { ...plan, opened: openedSince(await stillRemembered(plan.config.token, side, questions)) }
                : plan,
        ),
    );
}

/** The hosts that stay closed on purpose; those that can't be asked are named. */
async function standings(side: NamedSide, questions: HostQuestions): Promise<{ product: ProductId; token: string }[]> {
    const states = await Promise.all(
        productIds.map((product) => {
            return questions.state(side.hosts[product], product).catch((error: unknown): undefined => {
                void pulumi.log.warn(`${product} can't be asked whether it stays closed: ${messageOf(error)}`);
            });
        }),
    );
    return states
        .filter((state): state is HostState => state?.side === "staying")
        .map(({ product, token }) => ({ product, token }));
}

async function open(
    side: NamedSide,
    { product, token, why, startSeconds }: { product: ProductId; token: string; why: string; startSeconds: number },
): Promise<void> {
    const what = `${product} stays closed for capture ${token}, but ${why}`;
    const { target, layout } = side.hosts[product];
    const variables = { REASON: "given-up", STAYING: "open", WAIT_SECONDS: String(startSeconds) };
    try {
        const { state, note } = await ask<{ state: string; note?: string }>(
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
