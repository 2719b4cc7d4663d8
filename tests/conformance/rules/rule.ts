// A rule of AWS that its models lack, and how rules look at a stack.
import type { Fact } from "../calls/mapping";
import { logicalName, Resource, StackState } from "../exports";

export interface Found {
    /** Logical name. */
    resource: string;
    /** Short, for the list of what is known: a range, an input, a kind of thing. */
    about: string;
    says: string;
}

export interface Rule extends Fact {
    name: string;
    /** AWS's own words, or of the one who met the refusal. */
    text: string;
    /** Where AWS's model says it (service:Operation or service:Shape.Member): the words are looked up there. */
    of?: string;
    finds(state: Stack): Found[];
}

/** Said by the documentation in AWS's model, where the check finds the words again. */
export function inModel(of: string, text: string): Pick<Rule, "of" | "text" | "source" | "rank"> {
    return { of, text, source: `AWS's API model, ${of}`, rank: "documented" };
}

/** A refusal that others met, as their public repositories have it. */
export function refusalSeen(text: string, call: string): Pick<Rule, "text" | "source" | "rank"> {
    return { text, source: `EC2's answer to ${call}, in several public repositories`, rank: "seen in code" };
}

export class Stack {
    constructor(private readonly state: StackState) {}

    get all(): Resource[] {
        return this.state.resources;
    }

    of(...types: string[]): Resource[] {
        return this.all.filter(({ type }) => types.includes(type));
    }

    /** The one with this id. A network that stands already is in no export. */
    withId(type: string, id: unknown): Resource | undefined {
        return this.of(type).find((one) => one.id === id);
    }
}

export function found(resource: Resource, about: string, says: string): Found {
    return { resource: logicalName(resource), about, says };
}

/** One finding for each resource of these types that `wrong` has a sentence for. */
export function each(
    types: string[],
    wrong: (inputs: Resource["inputs"], resource: Resource, stack: Stack) => string | undefined,
    about: string,
): Rule["finds"] {
    return (stack) =>
        stack.of(...types).flatMap((resource) => {
            const says = wrong(resource.inputs, resource, stack);
            return says === undefined ? [] : [found(resource, about, says)];
        });
}

/** Those that an earlier one has the key of already. */
export function again<T>(items: T[], key: (item: T) => string): T[] {
    return items.filter((item, index) => items.findIndex((other) => key(other) === key(item)) < index);
}
