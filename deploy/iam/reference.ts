// What AWS's service authorization reference says of the actions that are used here: which resources each can be held to, by which conditions.
// service-authorization.json is made from it (reference.py) and read back here, so that tests need no network.
import * as fs from "node:fs";
import * as path from "node:path";
import { z } from "zod";
import type { PolicyValues } from "./values";

const schema = z.strictObject({
    source: z.string(),
    /** "ec2:CreateVpc" → */
    actions: z.record(
        z.string(),
        z.strictObject({
            level: z.string(),
            /** Conditions that the action knows, whatever the resource. */
            conditions: z.array(z.string()),
            /** By type, for this service: conditions that the action knows on it. */
            resources: z.record(z.string(), z.strictObject({ required: z.boolean(), conditions: z.array(z.string()) })),
        }),
    ),
    /** "ec2:vpc" → "arn:${Partition}:ec2:${Region}:${Account}:vpc/${VpcId}" */
    arns: z.record(z.string(), z.string()),
});

export const reference = schema.parse(
    JSON.parse(fs.readFileSync(path.join(__dirname, "service-authorization.json"), "utf8")),
);

export const serviceOf = (action: string) => action.split(":")[0];

/** Whether the reference lets an action be held to resources at all. */
export function isScopable(action: string): boolean {
    const said = reference.actions[action];
    if (said === undefined) {
        throw new Error(
            `${action} is not in deploy/iam/service-authorization.json: run \`make iam-reference\`; if it is not there then, AWS has no such action`,
        );
    }
    return Object.keys(said.resources).length > 0;
}

/** The ARN of a thing of this service, or of all whose name fits; what is another account's is named by its ARN already. */
export function arnOf(service: string, type: string, thing: string, values: PolicyValues): string {
    if (thing.startsWith("arn:")) {
        return thing;
    }
    const pattern = reference.arns[`${service}:${type}`];
    if (pattern === undefined) {
        throw new Error(
            `deploy/iam/service-authorization.json has no ARN of ${service}:${type}: run \`make iam-reference\``,
        );
    }
    const filled = pattern
        .replace("${Partition}", values.partition)
        .replace("${Region}", values.region)
        .replace("${Account}", values.account);
    return filled.replace(/\$\{\w+\}/, thing).replace(/\$\{\w+\}/g, "*");
}
