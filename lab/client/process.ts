// The rehearsal's end of the client: starts it in the users' network, asks it, and keeps what it tells.
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as readline from "node:readline";
import { addresses, checkout, logFolder, netns } from "../paths";
import type { Deed } from "./act";
import type { Observation, Questions } from "./observe";
import type { Answered } from "./where";
import { type Outage, outages, type ProbeEvent, type Target } from "./prober";

export interface ClientProcess {
    /** Everything that the probes have told so far, in order. */
    readonly events: ProbeEvent[];
    outages(): Outage[];
    probe(targets: Target[]): Promise<void>;
    /** Where each name leads somebody who asks for the first time. */
    where(targets: Target[]): Promise<Answered[]>;
    /** `overrides` sends names to other addresses, as a tester's hosts file does. */
    observe(questions: Questions, overrides?: Record<string, string>): Promise<Observation>;
    act(deed: Deed, overrides?: Record<string, string>): Promise<unknown>;
    stop(): void;
}

interface Pending {
    resolve: (result: unknown) => void;
    reject: (error: Error) => void;
}

type Reply = { id: number; result?: unknown; error?: string };

export function startClient(onEvent: (event: ProbeEvent) => void): ClientProcess {
    fs.mkdirSync(logFolder, { recursive: true });
    const program = ["node", "--require", "ts-node/register/transpile-only", path.join(checkout, "lab/client/main.ts")];
    const child = spawn("ip", ["netns", "exec", netns.users, ...program, addresses.dns], {
        cwd: checkout,
        stdio: ["pipe", "pipe", fs.openSync(path.join(logFolder, "client.log"), "a")],
    });
    const { stdin, stdout } = child;
    if (stdin === null || stdout === null) throw new Error("The client has no pipes.");
    const events: ProbeEvent[] = [];
    const pending = new Map<number, Pending>();
    let lastId = 0;
    readline.createInterface({ input: stdout }).on("line", (line) => {
        const message = JSON.parse(line) as ProbeEvent | Reply;
        if ("event" in message) {
            events.push(message);
            onEvent(message);
            return;
        }
        const asked = pending.get(message.id);
        pending.delete(message.id);
        if (message.error === undefined) asked?.resolve(message.result);
        else asked?.reject(new Error(message.error));
    });
    child.on("exit", () => {
        for (const asked of pending.values()) asked.reject(new Error("The client ended; see .lab/logs/client.log."));
        pending.clear();
    });
    const ask = <T>(question: Record<string, unknown>): Promise<T> =>
        new Promise<T>((resolve, reject) => {
            const id = ++lastId;
            pending.set(id, { resolve: (result) => resolve(result as T), reject });
            stdin.write(`${JSON.stringify({ id, ...question })}\n`);
        });
    return {
        events,
        outages: () => outages(events),
        probe: (targets) => ask({ ask: "probe", targets }),
        where: (targets) => ask({ ask: "where", targets }),
        observe: (questions, overrides = {}) => ask({ ask: "observe", questions, overrides }),
        act: (deed, overrides = {}) => ask({ ask: "act", deed, overrides }),
        stop: () => stdin.end(),
    };
}
