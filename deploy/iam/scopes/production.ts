// How far production's role reaches: it takes snapshots of what is named, deletes warm-ups alone, and leads three names.
import type { PolicyValues } from "../values";
import { any, isNotCaptured, isWarmUp, made, on, own, Scopes } from "./kinds";
import { keyScopes } from "./keys";

export function productionScopes(values: PolicyValues): Scopes {
    const { production } = values;
    const ours = own(production);
    const serverSnapshot = ["posit-*"];
    const warmUp = { label: "WarmUp", conditions: { ...ours.conditions, Null: { ...isWarmUp, ...isNotCaptured } } };
    return {
        "ec2:CreateSnapshot": [on("snapshot", made(production)), on("volume", { label: "Source" }, production.volumes)],
        "ec2:DeleteSnapshot": [on("snapshot", warmUp)],
        "rds:CreateDBSnapshot": [
            on("db", { label: "Source" }, production.servers),
            on("snapshot", made(production), serverSnapshot),
        ],
        // As logic/names.ts calls them.
        "rds:DeleteDBSnapshot": [on("snapshot", warmUp, ["posit-warm-up-*"])],
        "rds:AddTagsToResource": [on("snapshot", any, serverSnapshot)],
        "rds:RemoveTagsFromResource": [on("snapshot", ours, serverSnapshot)],
        ...recordScopes(values),
        ...keyScopes(values, production.kmsKeys),
    };
}

/** The three names' addresses, made or changed: none is ever taken away. */
function recordScopes({ production: { entryPoints } }: PolicyValues): Scopes {
    const zone = entryPoints === undefined ? [] : [entryPoints.zone];
    const names = (entryPoints?.names ?? []).map((name) => name.toLowerCase().replace(/\.$/, ""));
    const only = (key: string, list: string[]) => ({ [`route53:ChangeResourceRecordSets${key}`]: list });
    return {
        "route53:ChangeResourceRecordSets": [
            on(
                "hostedzone",
                {
                    label: "Names",
                    conditions: {
                        "ForAllValues:StringEquals": {
                            ...only("NormalizedRecordNames", names),
                            ...only("RecordTypes", ["A"]),
                            ...only("Actions", ["CREATE", "UPSERT"]),
                        },
                    },
                },
                zone,
            ),
        ],
        "route53:GetHostedZone": [on("hostedzone", any, zone)],
        "route53:ListResourceRecordSets": [on("hostedzone", any, zone)],
        "route53:GetChange": [on("change")],
    };
}
