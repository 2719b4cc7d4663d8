// What is read back, as data: how a table is written, and what several of them say.
import type { Fact } from "../../calls/mapping";

export interface Property {
    /** In the answer: a path. */
    at: string;
    /** A difference makes a new resource (the schema's ForceNew). */
    replaces?: true;
    /** What the provider takes for an absent input that the cloud does not compute; a difference from it is a change. */
    absent?: unknown;
}

interface Read {
    operation: string;
    /** Parameters, of the resource's id and inputs. */
    parameters(id: string, inputs: Record<string, unknown>): object;
    /** Of the answer. */
    at: string;
    inputs: Record<string, Property>;
}

export interface ReadBack extends Fact {
    reads: Read[];
}

export const ec2 = "terraform-provider-aws, internal/service/ec2";
export const tagsRead: Record<string, Property> = { tags: { at: "Tags" } };
export const filtered = (Name: string) => (id: string) => ({ Filters: [{ Name, Values: [id] }] });
export const listed = (parameter: string) => (id: string) => ({ [parameter]: [id] });
