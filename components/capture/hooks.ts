// Hangs the closing of production on the creation of a capture's snapshots: the first that is to be created closes every host, each waits until
// all are open again, and one that fails opens at once.
import * as pulumi from "@pulumi/pulumi";
import { tryAgain } from "../tryAgain";
import { ClosedRunArgs, runOf } from "./run";

export function closingHooks(name: string, args: ClosedRunArgs): pulumi.ResourceHookBinding {
    const run = runOf(args);
    const close = new pulumi.ResourceHook(`${name}-close`, () => run.close());
    const opened = new pulumi.ResourceHook(`${name}-opened`, (taken) => run.finished(takenBy(taken)));
    const abort = new pulumi.ErrorHook(`${name}-abort`, async (failure) => {
        await run.abort(`${failure.name}: ${failure.errors[0] ?? failure.failedOperation}`);
        return false;
    });
    return { beforeCreate: [close], afterCreate: [opened], onError: [abort] };
}

/** What the cloud took for a resource in the end. */
function takenBy({ id, newInputs }: pulumi.ResourceHookArgs): { id: string; source?: string } | undefined {
    const source: unknown = newInputs?.volumeId ?? newInputs?.dbInstanceIdentifier;
    return id ? { id, ...(typeof source === "string" && { source }) } : undefined;
}

/** Tells how long a creation took, in seconds, where there was one; the engine's own waits are part of it. */
export function measuringHooks(name: string, tell: (seconds: number) => void): pulumi.ResourceHookBinding {
    let began = 0;
    const before = new pulumi.ResourceHook(`${name}-began`, () => {
        began = Date.now();
    });
    const after = new pulumi.ResourceHook(`${name}-ended`, () => tell((Date.now() - began) / 1000));
    return { beforeCreate: [before], afterCreate: [after] };
}

/** AWS allows a volume one snapshot in 15 s, whoever takes it, and a magnetic one only one pending; both pass. */
export function waitForRate(name: string): pulumi.ErrorHook {
    return tryAgain(`${name}-rate`, {
        passing: /SnapshotCreationPerVolumeRateExceeded|ConcurrentSnapshotLimitExceeded/,
        tries: 60,
        pause: () => 5_000,
        says: `${name}: another snapshot of this volume was taken just now; AWS allows the next one in some seconds`,
    });
}
