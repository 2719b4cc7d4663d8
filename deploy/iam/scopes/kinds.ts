// How far an action reaches: to which resources, under which conditions. Conditions are named by what they let through.
import { captureTagNames } from "../../../logic/names";
import { rdsName } from "../../../logic/physicalNames";
import type { PolicyValues } from "../values";

/** Operator → key → values, as IAM has it. */
export type Conditions = Record<string, Record<string, string | string[]>>;

export interface When {
    /** Part of the statement's id. */
    label: string;
    conditions?: Conditions;
}

/** One kind of resource that an action may reach; an action that needs several has several. */
export interface Scope extends When {
    /** As the reference calls it. */
    type: string;
    /** What is put for its name in the ARN. */
    things: string[];
}

/** Action → how far it reaches. */
export type Scopes = Record<string, Scope[]>;

/** Whatever its tags are: its name is all that is asked for. */
export const any: When = { label: "Any" };

export function on(type: string, when: When = any, things = ["*"]): Scope {
    return { type, things, ...when };
}

export type Side = Pick<PolicyValues["production"], "project" | "stack">;

const tagsOf = (which: "RequestTag" | "ResourceTag", { project, stack }: Side) => ({
    [`aws:${which}/Project`]: project,
    [`aws:${which}/Environment`]: stack,
});

/** Made with this stack's tags. */
export function made(side: Side): When {
    return { label: "Made", conditions: { StringEquals: tagsOf("RequestTag", side) } };
}

/** Has this stack's tags already. */
export function own(side: Side): When {
    return { label: "Own", conditions: { StringEquals: tagsOf("ResourceTag", side) } };
}

const tag = (name: string) => `aws:ResourceTag/${name}`;
export const isCaptured = { [tag(captureTagNames.token)]: "false" };
export const isNotCaptured = { [tag(captureTagNames.token)]: "true" };
export const isWarmUp = { [tag(captureTagNames.warmUp)]: "false" };

/** By EC2 and RDS on the caller's behalf, never by the caller alone. */
export function throughServices({ region }: PolicyValues): When {
    const services = ["ec2", "rds"].map((service) => `${service}.${region}.amazonaws.com`);
    return { label: "KeysThroughServices", conditions: { StringEquals: { "kms:ViaService": services } } };
}

export function grantsThroughServices(values: PolicyValues): When {
    const { conditions } = throughServices(values);
    return { label: "Grants", conditions: { ...conditions, Bool: { "kms:GrantIsForAWSResource": "true" } } };
}

/** All that the program names on RDS for this stack begins so (logic/physicalNames.ts cuts and hashes what is too long, so it is cut here too). */
export function serverNames({ project, stack }: Side): string[] {
    const plain = rdsName([`${project}-${stack}`], { longest: 250 }).replace(/-[0-9a-f]{8}$/, "");
    return [`${plain.slice(0, 40)}*`];
}

/** Of its subnets for servers, as RDS keeps it. */
export function subnetGroupName({ project, stack }: Side): string {
    return `${project}-${stack}-subnets`.toLowerCase();
}
