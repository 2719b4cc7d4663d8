// Every resource type and look-up of AWS's provider that the program uses → what it asks AWS for.
import { Calls, Operation } from "./calls";
import { databaseCalls, databaseLookups } from "./databases";
import { machineCalls, machineLookups } from "./machines";
import { networkCalls, networkLookups } from "./network";
import { recordCalls, recordLookups } from "./records";

/** By Pulumi's token: "aws:ec2/vpc:Vpc", "aws:ebs/getSnapshot:getSnapshot". */
export const providerCalls: Record<string, Calls> = {
    ...networkCalls,
    ...networkLookups,
    ...machineCalls,
    ...machineLookups,
    ...databaseCalls,
    ...databaseLookups,
    ...recordCalls,
    ...recordLookups,
};

/** What one operation takes; every one of them reads too. */
export function actionsFor(token: string, operation: Operation): string[] {
    const said = providerCalls[token];
    if (said === undefined) {
        throw new Error(
            `deploy/iam/calls has no row for ${token}: add one, with the actions that the provider needs and where you have seen them`,
        );
    }
    return [...new Set(said.flatMap((one) => [...(one[operation] ?? []), ...(one.read ?? [])]))].sort();
}
