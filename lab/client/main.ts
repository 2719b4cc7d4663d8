// The client outside: a process of its own in the users' network, so that it sees only what users see.
// It is asked by lines of JSON on its standard input and answers, and tells of outages, by lines on its output.
// It ends when its input does: a rehearsal that was killed leaves no client behind.
import * as readline from "node:readline";
import { namesFrom } from "./names";
import { observe, type Questions } from "./observe";
import { startProber, type Target } from "./prober";
import { act, type Deed } from "./act";
import { where } from "./where";

export type Ask =
    | { id: number; ask: "probe"; targets: Target[] }
    | { id: number; ask: "where"; targets: Target[] }
    | { id: number; ask: "observe"; overrides: Record<string, string>; questions: Questions }
    | { id: number; ask: "act"; overrides: Record<string, string>; deed: Deed };

function write(line: unknown): void {
    process.stdout.write(`${JSON.stringify(line)}\n`);
}

async function answer(server: string, ask: Ask): Promise<unknown> {
    switch (ask.ask) {
        case "probe":
            startProber(namesFrom(server), ask.targets, write);
            return {};
        case "where":
            return await where(namesFrom(server), ask.targets);
        case "observe":
            return await observe(namesFrom(server, ask.overrides), ask.questions);
        case "act":
            return await act(namesFrom(server, ask.overrides), ask.deed);
    }
}

function main(server: string): void {
    const input = readline.createInterface({ input: process.stdin });
    input.on("line", (line) => {
        const ask = JSON.parse(line) as Ask;
        answer(server, ask).then(
            (result) => write({ id: ask.id, result }),
            (error: Error) => write({ id: ask.id, error: error.message }),
        );
    });
    input.on("close", () => process.exit(0));
    // Ctrl-C in a terminal reaches the whole group; the rehearsal decides when its client ends.
    process.on("SIGINT", () => undefined);
}

main(process.argv[2] ?? "");
