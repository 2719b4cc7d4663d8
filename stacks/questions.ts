// The questions that a run puts to hosts and cloud before it registers anything, in one place, so that tests can answer them.
import { instanceState } from "../cloud/instances";
import { heldRecords } from "../cloud/records";
import type { Changes, HostMarker, HostState } from "../contract/host";
import type { NameQuestions } from "../logic/entryPoint";
import type { ProductId } from "../products";
import { ask, askState } from "../remote/ask";
import type { HostAddress } from "../remote/connection";
import { seenName } from "../remote/publicNames";
import type { HostLayout } from "../remote/script";

export interface AskedHost {
    target: HostAddress;
    layout?: HostLayout;
}

export interface HostQuestions {
    state(host: AskedHost, product: ProductId): Promise<HostState>;
    /** What it remembers of a capture. */
    marker(host: AskedHost, product: ProductId, token: string): Promise<HostMarker>;
    changes(host: AskedHost, product: ProductId, since: string): Promise<Changes>;
}

export interface ServingQuestions extends HostQuestions, NameQuestions {
    instance(instanceId: string): Promise<string>;
}

/** Of one host; all are asked side by side. */
const seconds = 20;
/** Longer than hosts/changes.sh looks. */
const secondsToLook = 60;

export const realQuestions: ServingQuestions = {
    state: ({ target, layout }, product) => askState(target, product, layout, seconds),
    marker: ({ target, layout }, product, token) =>
        ask(target, { script: "record", product, layout, variables: { TOKEN: token } }, { seconds }),
    changes: ({ target, layout }, product, since) =>
        ask(target, { script: "changes", product, layout, variables: { SINCE: since } }, { seconds: secondsToLook }),
    instance: instanceState,
    records: heldRecords,
    answers: seenName,
};
