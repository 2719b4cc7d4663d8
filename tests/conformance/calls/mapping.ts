// How a resource becomes the calls that the provider makes for it: as data, each with where it is known from. Applying that data is all that is
// done here.
import { logicalName, Resource, StackState } from "../exports";

/** Weakest first. */
export type Rank = "assumed" | "documented" | "seen in code" | "tried";

export interface Fact {
    /** A page, a file of a public repository, a shape of AWS's model. */
    source: string;
    rank: Rank;
}

export type As = (value: unknown, resource: Resource) => unknown;

export interface CallMapping {
    /** "ec2:CreateVpc" */
    operation: string;
    /** Absent: always. */
    when?(inputs: Record<string, unknown>): boolean;
    fixed?: Record<string, unknown>;
    /** Input → parameter (a path such as "IpPermissions.0.FromPort"; "": several at once), as it is or as something else. */
    takes: Record<string, string | [string, As]>;
    /** The parameter that has the resource's own id. */
    own?: string;
    /** Where the answer has the id. */
    id?: string;
}

export interface TypeMapping extends Fact {
    calls: CallMapping[];
    /** Inputs that no call of a creation has, and why. */
    unsent?: Record<string, string>;
}

export interface Call {
    /** Logical name. */
    resource: string;
    operation: string;
    parameters: Record<string, unknown>;
    /** The export's id of this resource, and where the answer has the real one. */
    id?: { known: string; at: string };
}

/** Of a whole stack, in the order of its export: what a resource needs comes before it. */
export function callsOf({ resources }: StackState, mappings: Record<string, TypeMapping>): Call[] {
    return resources
        .filter(({ type }) => type in mappings)
        .flatMap((resource) =>
            mappings[resource.type].calls
                .filter(({ when }) => when?.(resource.inputs) ?? true)
                .map((mapping) => callOf(resource, mapping)),
        );
}

function callOf(resource: Resource, { operation, fixed, takes, own, id }: CallMapping): Call {
    const parameters: Record<string, unknown> = structuredClone(fixed ?? {});
    for (const [input, to] of Object.entries(takes)) {
        const [place, as] = typeof to === "string" ? [to, (value: unknown) => value] : to;
        const value = resource.inputs[input];
        if (value !== undefined && value !== null) put(parameters, place.split("."), as(value, resource));
    }
    if (own !== undefined) put(parameters, own.split("."), resource.id);
    return {
        resource: logicalName(resource),
        operation,
        parameters,
        ...(id !== undefined && { id: { known: String(resource.id), at: id } }),
    };
}

function put(into: Record<string, unknown>, [first, ...rest]: string[], value: unknown): void {
    if (first === "") {
        Object.assign(into, value);
        return;
    }
    if (rest.length === 0) {
        into[first] = value;
        return;
    }
    into[first] ??= /^\d+$/.test(rest[0]) ? [] : {};
    put(into[first] as Record<string, unknown>, rest, value);
}

/** The provider's own notes, the tags with its defaults, and where it calls. */
const besides = /^(__.*|tagsAll|region)$/;

/** What a stack says that no call has: a resource that is not known, or an input. */
export function unmapped(
    { resources }: StackState,
    mappings: Record<string, TypeMapping>,
): { resource: string; about: string; says: string }[] {
    return resources
        .filter(({ type }) => type.startsWith("aws:"))
        .flatMap((resource) => {
            const of = { resource: logicalName(resource), about: resource.type };
            const mapping = mappings[resource.type] as TypeMapping | undefined;
            if (mapping === undefined) return [{ ...of, says: `no call is known for ${resource.type}` }];
            const known = [
                ...mapping.calls.flatMap(({ takes }) => Object.keys(takes)),
                ...Object.keys(mapping.unsent ?? {}),
            ];
            return Object.keys(resource.inputs)
                .filter((input) => !besides.test(input) && !known.includes(input))
                .map((input) => ({
                    ...of,
                    about: input,
                    says: `no call is known that has ${resource.type}'s ${input}`,
                }));
        });
}

/** {Name: "x"} → [{Key: "Name", Value: "x"}] */
export function tagList(tags: unknown): { Key: string; Value: unknown }[] {
    return Object.entries(tags as Record<string, unknown>).map(([Key, Value]) => ({ Key, Value }));
}

/** EC2's way to tag what is being created. */
export function tagsOf(resourceType: string): CallMapping["takes"] {
    return { tags: ["TagSpecifications", (tags) => [{ ResourceType: resourceType, Tags: tagList(tags) }]] };
}
