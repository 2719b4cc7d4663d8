// A stack file's text → what `pulumi up` would do with it: index.ts is loaded as the engine loads it, and is refused, or registers a graph.
// The engine's part (reading the file, decrypting its secrets, the stacks' last outputs), the cloud and the hosts are played.
//
// Proves the whole way from the text to the registrations. Does not prove that the engine reads files so, or that anything happens.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { parse } from "yaml";
import { forgetPeers } from "../../stacks/peers";
import { handedOver, Values } from "../unit/config/samples";
import { Answer, Lookup, record, Recording } from "./recorder";

export interface StackRun {
    stack: "staging" | "prod";
    /** Of Pulumi.STACK.yaml; null where there is no such file. */
    text: string | null;
    /** Last outputs, by the stack's short name. */
    published?: Record<string, { contract?: unknown; secrets?: unknown }>;
    answer: Answer;
    lookup: Lookup;
    preview?: boolean;
}

export type Ran =
    | { refused: undefined; recording: Recording; said: string[] }
    /** `plainly`: without a stack trace, as what a person can act on. */
    | { refused: string; plainly: boolean; registered: number; said: string[] };

/** As `pulumi config set --secret` writes it, for an engine that decrypts nothing. */
export function secured(value: unknown): unknown {
    return typeof value === "object" && value !== null
        ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, secured(item)]))
        : { secure: `v1:${Buffer.from(String(value)).toString("base64")}` };
}

function decrypted(value: unknown, found: { secret: boolean }): unknown {
    if (typeof value !== "object" || value === null) {
        return value;
    }
    if (Array.isArray(value)) {
        return value.map((item) => decrypted(item, found));
    }
    const { secure } = value as { secure?: string };
    if (typeof secure === "string" && Object.keys(value).length === 1) {
        found.secret = true;
        return Buffer.from(secure.replace(/^v1:/, ""), "base64").toString();
    }
    return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, decrypted(item, found)]));
}

/** The engine's part: each key as text, and which of them hold a secret. */
function configure(text: string | null): void {
    const { config } = (text === null ? { config: {} } : parse(text)) as { config: Values };
    const secretKeys: string[] = [];
    const plain = Object.fromEntries(
        Object.entries(config).map(([key, value]) => {
            const found = { secret: false };
            const whole = decrypted(value, found);
            if (found.secret) secretKeys.push(key);
            return [key, whole];
        }),
    );
    pulumi.runtime.setAllConfig(handedOver(plain), secretKeys);
    // The SDK does not tell which keys are secrets; the engine does, by its environment.
    process.env.PULUMI_CONFIG_SECRET_KEYS = JSON.stringify(secretKeys);
}

export async function runStack({ stack, text, published = {}, answer, lookup, preview }: StackRun): Promise<Ran> {
    const before = { folder: process.cwd(), log: { ...pulumi.log }, lines: Error.stackTraceLimit };
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "stack-run-"));
    const said: string[] = [];
    let registered = 0;
    const say = (line: string) => Promise.resolve(void said.push(line));
    try {
        process.chdir(folder);
        // The SDK notes where each promise was made, of which there are thousands; with source maps that is most of a run's time.
        Error.stackTraceLimit = 0;
        Object.assign(pulumi.log, { info: say, warn: say, error: say });
        if (text !== null) fs.writeFileSync(`Pulumi.${stack}.yaml`, text);
        configure(text);
        forgetPeers();
        // eslint-disable-next-line @typescript-eslint/no-require-imports -- as the engine's runner does; the program is `export =`
        const main = require("../../index") as () => Promise<Record<string, unknown>>;
        const recording = await record(main, {
            stack,
            preview,
            lookup,
            answer: (args) => {
                if (args.type === "pulumi:pulumi:StackReference") {
                    const outputs = published[args.name.split("/").pop()!] ?? {};
                    return { id: args.name, state: { ...args.inputs, outputs, secretOutputNames: ["secrets"] } };
                }
                registered += Number(!args.type.startsWith("pulumi:pulumi:"));
                return answer(args);
            },
        });
        return { refused: undefined, recording, said };
    } catch (error) {
        const { message } = error as Error;
        return { refused: message, plainly: pulumi.RunError.isInstance(error), registered, said };
    } finally {
        process.chdir(before.folder);
        Error.stackTraceLimit = before.lines;
        Object.assign(pulumi.log, before.log);
        pulumi.runtime.setAllConfig({}, []);
        delete process.env.PULUMI_CONFIG_SECRET_KEYS;
        fs.rmSync(folder, { recursive: true });
    }
}
