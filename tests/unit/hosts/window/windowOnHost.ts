// The window's script at work on a folder that plays a host: says the program's words, keeps what the script answered.
import type { ChildProcessWithoutNullStreams } from "node:child_process";
import { createInterface } from "node:readline";
import { hostEventSchema } from "../../../../contract/host";
import { onTheWire } from "../../../../remote/window/hostWindow";
import type { FakeHost } from "../fakeHost";

interface Event {
    event: string;
    [fact: string]: unknown;
}

export class WindowOnHost {
    private readonly events: Event[] = [];
    private readonly process: ChildProcessWithoutNullStreams;
    private readonly beats: NodeJS.Timeout;
    readonly ended: Promise<void>;

    constructor(host: FakeHost, variables: Record<string, unknown> = {}) {
        const text = host.render("window", {
            TOKEN: "t1",
            MAX_CLOSED_SECONDS: "60",
            MAX_STAY_SECONDS: "3600",
            NOTICE: 'Moving "home" <soon> $(touch x).',
            BACK_MINUTES: "5",
            DRAIN_SECONDS: "1",
            FORCE: "false",
            START_SECONDS: "10",
            DATABASES: [],
            THAW_SCRIPT: host.render("thaw", { START_SECONDS: "10" }),
            ...variables,
        });
        this.process = host.start(text);
        this.process.stdin.on("error", () => undefined);
        createInterface({ input: this.process.stdout }).on("line", (line) =>
            // What the program would not read is a failure here.
            this.events.push(hostEventSchema.strict().parse(JSON.parse(line))),
        );
        this.beats = setInterval(() => this.say("beat"), 300);
        this.ended = new Promise((resolve) =>
            this.process.on("close", () => {
                clearInterval(this.beats);
                resolve();
            }),
        );
    }

    say(word: string): void {
        this.process.stdin.write(onTheWire(word));
    }

    /** Without the beats, which would come in between. */
    sayPiece(piece: string): void {
        this.fallSilent();
        this.process.stdin.write(piece);
    }

    fallSilent(): void {
        clearInterval(this.beats);
    }

    breakOff(): void {
        this.fallSilent();
        this.process.stdin.end();
    }

    /** As systemd does at a shutdown. */
    terminate(): void {
        this.process.kill("SIGTERM");
    }

    async hear(kind: string): Promise<Event> {
        for (const until = Date.now() + 18_000; Date.now() < until;) {
            const found = this.events.find(({ event }) => event === kind);
            if (found) return found;
            await new Promise((resolve) => setTimeout(resolve, 20));
        }
        throw new Error(`no "${kind}", only ${JSON.stringify(this.events)}`);
    }

    heard(kind: string): boolean {
        return this.events.some(({ event }) => event === kind);
    }

    /** Armed, drained and frozen. */
    async close(): Promise<void> {
        for (const [word, answer] of [
            ["", "armed"],
            ["drain", "drained"],
            ["freeze", "frozen"],
        ]) {
            if (word) this.say(word);
            await this.hear(answer);
        }
    }
}

/** What a window must have taken away with it. */
export function leftovers(host: FakeHost): string[] {
    return ["var/lib/posit-upgrade/deadman", "etc/systemd/system/posit-thaw-boot.service"].filter((file) =>
        host.exists(file),
    );
}
