// What the steps of one rehearsal share.
import type { ClientProcess } from "../client/process";
import type { Observation } from "../client/observe";
import type { LegacyFacts } from "../legacy/facts";
import type { SourcesName } from "../legacy/sources";
import type { EarlierCommit } from "./earlier/checkout";
import type { EarlierLab } from "./earlier/lab";
import type { ExistingNetwork } from "./existingNetwork";
import type { Led } from "./externalNames";
import type { Recorder } from "./report/recorder";
import type { Stack, StackName } from "./stack";
import type { StackSecrets } from "./values";

export interface RehearsalOptions {
    /** GiB of filler data. */
    size: number;
    /** How production keeps its data. */
    sources: SourcesName;
    /** Measure the manual ways too. */
    baseline: boolean;
    /** Destroy the staging stack in both phases, and build it anew. */
    destroy: boolean;
    /** Make an operator's mistakes on the way. */
    mistakes: boolean;
    /** People lead the three names: the program says what, and waits. */
    external?: boolean;
    /** The environment is built in a network that is there already. */
    existing?: boolean;
    /** The dress rehearsal is performed by the program of this commit, which lies ready in the lab's folder. */
    from?: EarlierCommit;
}

export interface Rehearsal {
    options: RehearsalOptions;
    facts: LegacyFacts;
    secrets: StackSecrets;
    /** With options.from: that commit's lab, and the secrets as it has written them. */
    earlier?: { lab: EarlierLab; secrets: Record<StackName, object> };
    recorder: Recorder;
    client: ClientProcess;
    stacks: Record<StackName, Stack>;
    /** What the client found, by the moment's name. */
    observed: Record<string, Observation>;
    /** When moments of interest were, in milliseconds since 1970. */
    moments: Record<string, number>;
    /** With options.external: what each commit asked people to change, by its name. */
    led?: Record<string, Led>;
    /** With options.existing. */
    existing?: ExistingNetwork;
}
