// One host's end of the closed window: the live connection, the words, the heartbeats. hosts/window.sh is the other end.
import type { ClientChannel } from "ssh2";
import { connect, HostConnection } from "./connection";
import { quote, renderScript } from "./script";
import type { HostDatabase, WindowHost } from "./windowTypes";

/** What a host says, one JSON object a line. */
export interface HostEvent {
    event:
        | "armed"
        | "busy"
        | "cut"
        | "drained"
        | "stopped"
        | "frozen"
        | "dumped"
        | "noted"
        | "staying"
        | "starting"
        | "open"
        | "error"
        | "gone";
    reason?: string;
    work?: string[];
    armedAt?: string;
    /** The host's clock when it said so, ms since 1970. */
    clock?: number;
    closedAt?: string;
    frozenAt?: string;
    quiet?: Record<string, string>;
    /** Of a dump. */
    bytes?: number;
    seconds?: number;
    openedAt?: string;
    openedBy?: string;
    health?: string;
    stayUntil?: string;
}

export interface HostWindowArgs {
    token: string;
    maxClosedSeconds: number;
    maxStaySeconds: number;
    notice: string;
    backMinutes: number;
    drainSeconds: number;
    force: boolean;
}

const beatMilliseconds = 500;
const endings: HostEvent["event"][] = ["open", "staying", "gone"];
const runFolder = "/run/posit-upgrade";
/** Written by hosts/window.sh as it arms. */
const thawScript = "/var/lib/posit-upgrade/deadman/thaw.sh";

/** A connected host; `expect` answers with the event that a word led to. */
export class HostWindow {
    private readonly events: HostEvent[] = [];
    private readonly waiting: ((event: HostEvent) => void)[] = [];
    private readonly beats: NodeJS.Timeout;
    private rest = "";
    private complaints = "";
    /** Told when the host opens, fails or goes without having been told to. */
    private onEnd?: (reason: string) => void;
    private ended?: string;

    private constructor(
        readonly host: WindowHost,
        private readonly connection: HostConnection,
        private readonly channel: ClientChannel,
    ) {
        channel.on("data", (chunk: Buffer) => this.take(chunk.toString()));
        channel.stderr.on("data", (chunk: Buffer) => (this.complaints += chunk.toString()));
        channel.on("close", () =>
            this.deliver({ event: "gone", reason: this.complaints.trim().split("\n").pop() || "its window ended" }),
        );
        channel.on("error", () => undefined);
        connection.broken.catch((error: Error) => this.deliver({ event: "gone", reason: error.message }));
        this.beats = setInterval(() => this.say("beat"), beatMilliseconds);
    }

    /** Connects and arms; nothing of the product is touched by that. Rejects with what to check. */
    static async open(host: WindowHost, args: HostWindowArgs): Promise<{ window: HostWindow; armed: HostEvent }> {
        const connection = await connect(host.target);
        try {
            const script = `${runFolder}/window-${args.token}.sh`;
            const { text } = renderScript({
                script: "window",
                product: host.product,
                layout: host.layout,
                variables: variablesOf(host, args),
            });
            const store = `sudo -n bash -c ${quote(`umask 077 && mkdir -p -m 0700 ${runFolder} && cat >${script}`)}`;
            const stored = await connection.run(store, text);
            if (stored.exitCode !== 0) {
                throw new Error(
                    `${host.product}: the window's script can't be stored (is sudo without a password allowed?): ${stored.stderr.trim()}`,
                );
            }
            const unit = `posit-window-${args.token}`;
            // Should the script itself be killed, systemd opens the host; after a thaw there is nothing left to run ("-").
            const last = quote(`--property=ExecStopPost=-/bin/bash ${thawScript} lost`);
            const channel = await connection.start(
                `sudo -n systemd-run --quiet --pipe --wait --collect --unit=${unit} ${last} /bin/bash ${script}`,
            );
            const window = new HostWindow(host, connection, channel);
            const armed = await window.expect(["armed"], 30);
            return { window, armed };
        } catch (error) {
            connection.close();
            throw error instanceof Error && error.message.startsWith(host.product)
                ? error
                : new Error(`${host.product}: ${(error as Error).message}`);
        }
    }

    say(word: string): void {
        if (this.channel.writable) {
            this.channel.write(`${word}\n`);
        }
    }

    /** The next event of one of these kinds; others are handed to `onOther`. Rejects on "error", on the end, and when the time is over. */
    async expect(
        kinds: HostEvent["event"][],
        seconds: number,
        onOther: (event: HostEvent) => void = () => undefined,
    ): Promise<HostEvent> {
        const deadline = Date.now() + seconds * 1000;
        for (;;) {
            const event = await this.next(deadline - Date.now());
            if (kinds.includes(event.event)) {
                return event;
            }
            const end = endOf(event);
            if (end !== undefined) {
                throw new Error(`${this.host.product}: ${end}`);
            }
            onOther(event);
        }
    }

    /**
     * Says the word that ends the window and answers with what came of it: "open", "staying", or "gone" when the host did not tell.
     * Whoever still waited for something else is released with an error.
     */
    async lastWord(word: string, seconds: number, onOther: (event: HostEvent) => void): Promise<HostEvent> {
        const released = this.waiting.splice(0);
        released.forEach((tell) => tell({ event: "error", reason: `ended by "${word}"` }));
        const before = this.events.splice(0).filter((event) => endings.includes(event.event));
        this.events.push(...before);
        this.say(word);
        const deadline = Date.now() + seconds * 1000;
        for (;;) {
            const event = await this.next(deadline - Date.now());
            if (endings.includes(event.event) || Date.now() >= deadline) {
                return event;
            }
            onOther(event);
        }
    }

    /** Calls back once when the host can't be held closed any longer; at once when that is so already. */
    whenEnded(tell: (reason: string) => void): void {
        this.onEnd = tell;
        if (this.ended !== undefined) {
            tell(this.ended);
        }
    }

    /** Opens a host that stays closed, by what its dead-man would run. */
    async openStaying(): Promise<HostEvent | undefined> {
        const { stdout } = await this.connection.run(`sudo -n /bin/bash ${thawScript} called-off`);
        return parseEvents(stdout).find((event) => event.event === "open");
    }

    /** Ends the connection; a host that is still closed opens at that. */
    close(): void {
        clearInterval(this.beats);
        this.channel.end();
        this.connection.close();
    }

    private next(milliseconds: number): Promise<HostEvent> {
        const ready = this.events.shift();
        if (ready) {
            return Promise.resolve(ready);
        }
        return new Promise((resolve) => {
            const take = (event: HostEvent) => {
                clearTimeout(timer);
                resolve(event);
            };
            const timer = setTimeout(
                () => {
                    this.waiting.splice(this.waiting.indexOf(take), 1);
                    resolve({ event: "error", reason: "the host did not answer in time" });
                },
                Math.max(0, milliseconds),
            );
            this.waiting.push(take);
        });
    }

    private take(text: string): void {
        const all = this.rest + text;
        const complete = all.lastIndexOf("\n") + 1;
        this.rest = all.slice(complete);
        parseEvents(all.slice(0, complete)).forEach((event) => this.deliver(event));
    }

    private deliver(event: HostEvent): void {
        const end = endOf(event);
        if (end !== undefined && this.ended === undefined) {
            this.ended = end;
            this.onEnd?.(end);
        }
        const waiting = this.waiting.shift();
        if (waiting) {
            waiting(event);
        } else {
            this.events.push(event);
        }
    }
}

/** Why the host is not at our command any longer after this event. */
function endOf(event: HostEvent): string | undefined {
    switch (event.event) {
        case "error":
        case "gone":
            return event.reason ?? "the host's script ended";
        case "open":
            return `opened by itself (${event.openedBy ?? "unknown"})`;
        default:
            return undefined;
    }
}

/** Lines that are no JSON objects are some command's chatter. */
function parseEvents(text: string): HostEvent[] {
    return text
        .split("\n")
        .filter((line) => line.startsWith("{"))
        .flatMap((line) => {
            try {
                return [JSON.parse(line) as HostEvent];
            } catch {
                return [];
            }
        });
}

function variablesOf(host: WindowHost, args: HostWindowArgs): Record<string, string> {
    const { product, layout } = host;
    const port: Record<string, string> = host.port === undefined ? {} : { PORT: String(host.port) };
    return {
        ...port,
        ...databaseVariables(host.database),
        TOKEN: args.token,
        MAX_CLOSED_SECONDS: String(args.maxClosedSeconds),
        MAX_STAY_SECONDS: String(args.maxStaySeconds),
        NOTICE: args.notice,
        BACK_MINUTES: String(args.backMinutes),
        DRAIN_SECONDS: String(args.drainSeconds),
        FORCE: String(args.force),
        // It stays on disk while the host may be closed, so no secret is among its variables.
        THAW_SCRIPT: renderScript({ script: "thaw", product, layout, variables: port }).text,
    };
}

function databaseVariables(database: HostDatabase | undefined): Record<string, string> {
    const { method, path }: { method: string; path: string } = database ?? { method: "", path: "" };
    return {
        DATABASE_METHOD: method,
        DATABASE_PATH: path,
        ...(database?.method === "dump" && {
            DATABASE_HOST: database.host,
            DATABASE_PORT: String(database.port),
            DATABASE_NAME: database.name,
            DATABASE_USER: database.user,
            DATABASE_PASSWORD: database.password,
            DATABASE_CA: database.ca ?? "",
        }),
    };
}
