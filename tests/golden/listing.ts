// A recorded graph as text for reviewers: a line for each resource, below its parent, with the options that decide what becomes of what stands
// in a user's stack; then, where there are any, what it comes after (what follows from another one named there is left out).
import { Recording, Registration } from "../program/recorder";

export function listing({ registrations }: Recording): string {
    const known = registrations.filter(({ type }) => !type.startsWith("pulumi:pulumi:"));
    const show = nameIn(known);
    const below = (parent: string, depth: number): string[] =>
        known
            .filter((one) => (known.some(({ urn }) => urn === one.parent) ? one.parent : "") === parent)
            .sort((a, b) => compare(key(a), key(b)))
            .flatMap((one) => [...lines(one, known, show, "  ".repeat(depth)), ...below(one.urn, depth + 1)]);
    return `${below("", 0).join("\n")}\n`;
}

const key = ({ name, type }: Registration) => `${name} ${type}`;
/** By letter, not by anybody's language. */
const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);

type Show = (urn: string) => string;

/** Logical names are unique within a type only. */
function nameIn(known: Registration[]): Show {
    return (urn) => {
        const [type, name] = urn.split("::").slice(2);
        const alike = known.filter((other) => other.name === name).length > 1;
        return alike ? `${name} (${type.split(/[$:]/).pop()})` : name;
    };
}

function lines(one: Registration, known: Registration[], show: Show, indent: string): string[] {
    const options = optionsOf(one, show);
    const after = earlier(one, known).map(show).sort(compare);
    return [
        `${indent}${one.type} ${one.name}${options.length > 0 ? ` | ${options.join(" | ")}` : ""}`,
        ...(after.length > 0 ? [`${indent}  > after ${after.join(", ")}`] : []),
    ];
}

function optionsOf(one: Registration, show: Show): string[] {
    const list = (word: string, items: string[]) =>
        items.length > 0 ? [`${word} ${[...items].sort(compare).join(", ")}`] : [];
    const hooks = Object.entries(one.hooks).map(([when, names]) => list(`hooks ${when}`, names));
    const times = Object.entries(one.timeouts).flatMap(([of, time]) => (time === "" ? [] : [`${of} ${time}`]));
    return [
        ...(one.protect ? ["protected"] : []),
        ...(one.retainOnDelete ? ["retained"] : []),
        ...(one.deleteBeforeReplace ? ["deleted before it is replaced"] : []),
        ...(one.deletedWith === "" ? [] : [`deleted with ${show(one.deletedWith)}`]),
        ...(one.importId === "" ? [] : [`imports ${one.importId}`]),
        ...list("ignores", one.ignoreChanges),
        ...list("replaced on", one.replaceOnChanges),
        ...list("secret outputs", one.additionalSecretOutputs),
        ...list("aliases", one.aliases),
        ...(one.provider === "" ? [] : [`provider ${show(one.provider)}`]),
        ...list("timeouts", times),
        ...hooks.flat(),
    ];
}

/** Of what it waits for, those that no other one of them waits for already. */
function earlier({ dependencies, urn }: Registration, known: Registration[]): string[] {
    const next = new Map(known.map((one) => [one.urn, one.dependencies]));
    const own = [...new Set(dependencies)].filter((other) => other !== urn && next.has(other));
    const reached = (from: string, seen = new Set<string>()): Set<string> => {
        for (const other of next.get(from) ?? []) {
            if (!seen.has(other)) {
                seen.add(other);
                reached(other, seen);
            }
        }
        return seen;
    };
    const implied = new Set(own.flatMap((other) => [...reached(other)]));
    return own.filter((other) => !implied.has(other));
}

export interface Entry {
    /** As in a URN: the types from the top, then the name. */
    key: string;
    options: string;
    after: string;
}

/** A listing read back, by key. */
export function entriesOf(text: string): Map<string, Entry> {
    const chain: string[] = [];
    const entries = new Map<string, Entry>();
    let last: Entry | undefined;
    for (const line of text.split("\n").filter((one) => one.trim() !== "")) {
        const [, indent, said] = /^( *)(.*)$/.exec(line)!;
        if (said.startsWith("> after ")) {
            if (last) last.after = said.slice("> after ".length);
            continue;
        }
        const [what, ...options] = said.split(" | ");
        const [type, name] = what.split(" ");
        chain.splice(indent.length / 2, Infinity, type);
        last = { key: `${chain.join("$")}::${name}`, options: options.join(" | "), after: "" };
        entries.set(last.key, last);
    }
    return entries;
}

/** What changed, a sentence each, with what it would do to a stack that stands. */
export function differences(before: string, after: string): string[] {
    const [old, now] = [entriesOf(before), entriesOf(after)];
    const gone = [...old.values()].filter(({ key: one }) => !now.has(one));
    const made = [...now.values()].filter(({ key: one }) => !old.has(one));
    const other = [...now.values()].flatMap((entry) => {
        const was = old.get(entry.key);
        return was === undefined ? [] : changed(was, entry);
    });
    return [
        ...gone.map(lost),
        ...made.map(({ key: one }) => `+ ${one}: is new${gone.length > 0 ? alias : ""}`),
        ...other,
    ];
}

const alias = "; if it is another name of one above, give it an alias";

function lost({ key: one, options }: Entry): string {
    const [becomes, why] = options.split(" | ").includes("retained")
        ? ["let go", ", as it is retained"]
        : ["DELETED", ""];
    return `- ${one}: is no longer registered, so it is ${becomes} in every stack that has it${why}`;
}

function changed(was: Entry, is: Entry): string[] {
    const show = (text: string) => text || "none";
    return [
        ...(was.options === is.options
            ? []
            : [`~ ${is.key}: options were: ${show(was.options)}; are: ${show(is.options)}`]),
        ...(was.after === is.after
            ? []
            : [`~ ${is.key}: came after: ${show(was.after)}; comes after: ${show(is.after)}`]),
    ];
}
