// The questions that a run puts to hosts and cloud before it registers anything, in one place, so that tests can answer them.
import { instanceState } from "../cloud/instances";
import { heldRecords } from "../cloud/records";
import type { Changes, HostDryRun, HostMarker, HostState } from "../contract/host";
import type { PostgresAccess } from "../databases";
import type { DatabaseFacts } from "../logic/databaseFacts";
import type { NameQuestions } from "../logic/entryPoint";
import type { ProductId } from "../products";
import { ask, askState } from "../remote/ask";
import type { HostAddress } from "../remote/connection";
import { askDatabaseFacts } from "../remote/databaseFacts";
import { askDryRun, DryRunRequest } from "../remote/dryRun";
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
    /** @param master of a server of RDS */
    databaseFacts(host: AskedHost, access: PostgresAccess, master: string | undefined): Promise<DatabaseFacts>;
    /** Dumps databases to nowhere. */
    dryRun(host: AskedHost, product: ProductId, request: DryRunRequest): Promise<HostDryRun>;
}

export interface ServingQuestions extends HostQuestions, NameQuestions {
    instance(instanceId: string): Promise<string>;
}

/** For the plans of one run: what two of them want to know of a host is asked once. What is done afterwards changes it, and asks anew. */
export function askedOnce<Q extends Pick<HostQuestions, "marker">>(questions: Q): Q {
    const answers = new Map<string, Promise<HostMarker>>();
    return {
        ...questions,
        marker: (host, product, token) => {
            const key = JSON.stringify([host.target.address, host.target.port, product, token]);
            const answer = answers.get(key) ?? questions.marker(host, product, token);
            answers.set(key, answer);
            return answer;
        },
    };
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
    databaseFacts: ({ target }, access, master) => askDatabaseFacts(target, access, master),
    dryRun: askDryRun,
    instance: instanceState,
    records: heldRecords,
    answers: seenName,
};
