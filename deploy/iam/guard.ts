// What is denied to both roles whatever else they have: to delete captures and restored volumes, and to take away the tags by which they are known.
import { captureTagNames } from "../../logic/names";
import { arnOf } from "./reference";
import { isCaptured } from "./scopes/kinds";
import type { Statement } from "./statements";
import type { PolicyValues } from "./values";

/** By these a capture's snapshots are found again (cloud/capture). */
const kept = [captureTagNames.token, captureTagNames.stack];

export function guardStatements(values: PolicyValues): Statement[] {
    const arn = (service: string, type: string) => arnOf(service, type, "*", values);
    const [snapshots, volumes] = [arn("ec2", "snapshot"), arn("ec2", "volume")];
    const copies = [snapshots, volumes];
    const serverSnapshots = arn("rds", "snapshot");
    const theseTags = { "ForAnyValue:StringEquals": { "aws:TagKeys": kept } };
    const keys = [...new Set([...values.production.kmsKeys, ...values.environment.kmsKeys])];
    return [
        deny("KeepCaptures", ["ec2:DeleteSnapshot"], [snapshots], { Null: isCaptured }),
        deny("KeepRestoredVolumes", ["ec2:DeleteVolume"], [volumes], { Null: isCaptured }),
        deny("KeepCapturedServers", ["rds:DeleteDBSnapshot"], [serverSnapshots], { Null: isCaptured }),
        deny("KeepTheirTags", ["ec2:DeleteTags"], copies, theseTags),
        // A request that names no tag takes all of them.
        deny("KeepAllTheirTags", ["ec2:DeleteTags"], copies, { Null: { ...isCaptured, "aws:TagKeys": "true" } }),
        // Not those that come with the call that makes a thing.
        deny("KeepWhatTheirTagsSay", ["ec2:CreateTags"], copies, {
            ...theseTags,
            Null: { ...isCaptured, "ec2:CreateAction": "true" },
        }),
        deny("KeepServersTags", ["rds:RemoveTagsFromResource"], [serverSnapshots], theseTags),
        deny("KeepWhatServersTagsSay", ["rds:AddTagsToResource"], [serverSnapshots], {
            ...theseTags,
            Null: isCaptured,
        }),
        // What is encrypted is gone with its key.
        deny(
            "KeepTheirKeys",
            ["kms:DisableKey", "kms:ScheduleKeyDeletion"],
            keys.length === 0 ? [arn("kms", "key")] : keys,
        ),
    ];
}

function deny(Sid: string, Action: string[], Resource: string[], Condition?: Statement["Condition"]): Statement {
    return { Sid, Effect: "Deny", Action, Resource, ...(Condition && { Condition }) };
}
