// What a run of the program does that somebody could notice: what it asks the engine for, says, refuses, shows to people and tells hosts. As
// lines of text, so that two runs are compared by their lines. What only repeats the configuration (a receipt's digest of it, a variable that
// the script it is sent with never reads) is left out: it is no effect.
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { forgetPeers } from "../../../stacks/peers";
import { Answer, Lookup, record, Recording, Registration } from "../recorder";

export type Footprint = string[];

export interface Run {
    stack: string;
    program: () => Promise<Record<string, unknown>>;
    answer: Answer;
    lookup: Lookup;
    preview?: boolean;
    /** What the engine does once all is registered; answers lines. */
    afterwards?: (recording: Recording) => Promise<Footprint>;
}

export interface Outcome {
    footprint: Footprint;
    /** Absent where the program refused. */
    recording?: Recording;
}

/** Outputs that only other stacks read are seen in what these do. */
const forPeople = ["parity", "serving", "repairs"];

export async function run({ stack, program, answer, lookup, preview, afterwards }: Run): Promise<Outcome> {
    const said: string[] = [];
    const log = { ...pulumi.log };
    const say = (line: string) => Promise.resolve(void said.push(line));
    // A trace for each resource, mapped back to its source, is most of a run's time, and nothing of it is seen.
    const { stackTraceLimit } = Error;
    forgetPeers();
    Object.assign(pulumi.log, { info: say, warn: say, error: say });
    Error.stackTraceLimit = 0;
    try {
        const recording = await record(program, { stack, answer, lookup, preview, quiet: 30 });
        const outputs = await Promise.all(
            forPeople.map(async (name) => `shown ${name}: ${text(await plain(recording.outputs[name]))}`),
        );
        const more = (await afterwards?.(recording)) ?? [];
        const registered = recording.registrations.filter(({ type }) => type !== "pulumi:pulumi:StackReference");
        const lines = [...registered.map(line), ...outputs, ...more, ...said.map((words) => `said: ${words}`)];
        return { recording, footprint: lines };
    } catch (error) {
        return { footprint: [...said.map((words) => `said: ${words}`), `refused: ${(error as Error).message}`] };
    } finally {
        Error.stackTraceLimit = stackTraceLimit;
        Object.assign(pulumi.log, log);
    }
}

/** Lines of the one that the other lacks; moments of the run itself are no difference. */
export function difference(before: Footprint, after: Footprint): string[] {
    const [old, now] = [before, after].map((lines) => new Set(lines.map(timeless)));
    return [...[...old].filter((one) => !now.has(one)), ...[...now].filter((one) => !old.has(one))];
}

/** Of an output of the stack, also where it holds outputs. */
export function plain(value: unknown): Promise<unknown> {
    return new Promise((resolve) => (pulumi.output(value) as pulumi.Output<unknown>).apply(resolve));
}

function timeless(text: string): string {
    return text
        .replace(/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, "NOW")
        .replace(/quiet in \d+\.\d s/g, "quiet in N s");
}

function line({ type, name, inputs, dependencies, ...options }: Registration): string {
    return `registered ${type} ${name}: ${text({ inputs, options, dependencies: [...dependencies].sort() })}`;
}

function text(value: unknown): string {
    return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === "string" ? asRead(inner) : inner)) ?? "";
}

const head = "set -euo pipefail\n";
/** NAME='…', NAME=('…' '…'), NAME=5 or SCRIPT=name, as remote/script.ts writes them. */
const assignment = /([A-Z][A-Za-z0-9_]*)=((?:'[^']*'|\\')+|\((?:'[^']*'|\\'| )*\)|[\w-]+)\n/y;

/** A host's program as the variables that it reads and a digest of its code; any other text as it is. */
export function asRead(program: string): string {
    if (!program.startsWith(head)) {
        return program;
    }
    const given: [string, string][] = [];
    let end = head.length;
    for (;;) {
        assignment.lastIndex = end;
        const found = assignment.exec(program);
        if (!found) {
            break;
        }
        given.push([found[1], found[2]]);
        end = assignment.lastIndex;
    }
    const { digest, read } = codeOf(program.slice(end));
    return [
        ...given
            .filter(([name]) => name === "SCRIPT" || read.has(name))
            .map(([name, value]) => `${name}=${asRead(unquoted(value))}`),
        digest,
    ].join("\n");
}

interface Code {
    digest: string;
    /** Words that could be variables. */
    read: Set<string>;
}

/** The same few scripts come in every run. */
const known = new Map<string, Code>();

function codeOf(text: string): Code {
    // A key of run_once is made of a command's triggers, which are compared as such.
    const plain = text.replace(/(run_once '[^']*') '[0-9a-f]{64}'/, "$1");
    let code = known.get(plain);
    if (code === undefined) {
        const words = plain.replace(/^\s*#.*$/gm, "").match(/\b[A-Z][A-Za-z0-9_]*\b/g);
        code = { digest: createHash("sha256").update(plain).digest("hex"), read: new Set(words) };
        known.set(plain, code);
    }
    return code;
}

function unquoted(value: string): string {
    return value.startsWith("'") ? value.slice(1, -1).replace(/'\\''/g, "'") : value;
}

/** What a run published, for a peer to read; a refusal publishes nothing. */
export async function publishedBy({ recording }: Outcome): Promise<{ contract?: unknown; secrets?: unknown }> {
    const [contract, secrets] = await Promise.all(
        ["contract", "secrets"].map((output) => plain(recording?.outputs[output])),
    );
    return { contract, secrets };
}
