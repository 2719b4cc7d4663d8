// One host's end of the closed window: the live connection, the words, the heartbeats. hosts/window.sh is the other end.
import type { ClientChannel } from "ssh2";
import type { HostDatabase } from "../databases";
import { reveal } from "../logic/secret";
import { parseEvents } from "./answer";
import { connect, HostConnection } from "./connection";
import { within } from "./patience";
import { quote, renderScript } from "./script";
import type { AnswerOf, VariablesOf } from "./scripts";
import type { WindowHost, WindowOptions } from "./windowTypes";

type Said = AnswerOf<"window">;
/** What a host says, one JSON object a line; and that it is gone. */
export type HostEvent = Omit<Said, "event"> & { event: Said["event"] | "gone" };

/** How long a host may keep us waiting after its last word, in seconds. */
export interface Patience {
    /** Until it says anything at all. */
    first: number;
    /** From one of its events to the next. */
    between: number;
    all: number;
}

const beatMilliseconds = 500;
const endings: HostEvent["event"][] = ["open", "staying", "gone"];
/** Of anything that is no wait for a product, a disk or a person, seconds. */
const usualSeconds = 30;
/** Until a host is armed: its questions to a database have limits of their own. */
const armSeconds = 60;
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
    /** How it ended, once it has; nothing that it says after that counts. */
    private ending?: HostEvent;

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
    static async open(host: WindowHost, options: WindowOptions): Promise<{ window: HostWindow; armed: HostEvent }> {
        const { product, target } = host;
        try {
            const connecting = connect(target);
            const connection = await within(
                usualSeconds,
                connecting,
                `${target.address} can't be reached in time`,
            ).catch((error: Error) => {
                connecting.then((late) => late.close()).catch(() => undefined);
                throw error;
            });
            return await HostWindow.armed(host, connection, options);
        } catch (error) {
            throw error instanceof Error && error.message.startsWith(product)
                ? error
                : new Error(`${product}: ${(error as Error).message}`);
        }
    }

    private static async armed(
        host: WindowHost,
        connection: HostConnection,
        options: WindowOptions,
    ): Promise<{ window: HostWindow; armed: HostEvent }> {
        const script = `${runFolder}/window-${options.token}.sh`;
        let window: HostWindow | undefined;
        try {
            const stored = await within(
                usualSeconds,
                storeScript(connection, script, host, options),
                "the window's script can't be stored in time",
            );
            if (stored.exitCode !== 0) {
                throw new Error(
                    `${host.product}: the window's script can't be stored (is sudo without a password allowed?): ${stored.stderr.trim()}`,
                );
            }
            const unit = `posit-window-${options.token}`;
            // Should the script itself be killed, systemd opens the host; after a thaw there is nothing left to run ("-"). Not when it was
            // refused because another capture's window is open.
            const last = quote(`--property=ExecStopPost=-/bin/bash ${thawScript} lost - ${options.token}`);
            // Not from the operator's home, which may be data that is about to be proved quiet.
            const channel = await within(
                usualSeconds,
                connection.start(
                    `cd / && exec sudo -n systemd-run --quiet --pipe --wait --collect --unit=${unit} ${last} /bin/bash ${script}`,
                ),
                "the window's script can't be started in time",
            );
            window = new HostWindow(host, connection, channel);
            return { window, armed: await window.expect(["armed"], armSeconds) };
        } catch (error) {
            // It may hold a password, and systemd may never have read it.
            await within(usualSeconds, connection.run(`sudo -n rm -f ${script}`), "").catch(() => undefined);
            window?.close();
            connection.close();
            throw error;
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
            if (event && kinds.includes(event.event)) {
                return event;
            }
            const end = event ? endOf(event) : notInTime;
            if (end !== undefined) {
                throw new Error(`${this.host.product}: ${end}`);
            }
            if (event) {
                onOther(event);
            }
        }
    }

    /**
     * Says the word that ends the window and answers with what came of it: "open", "staying", or "gone" when the host did not tell.
     * Whoever still waited for something else is released with an error.
     */
    async lastWord(word: string, patience: Patience, onOther: (event: HostEvent) => void): Promise<HostEvent> {
        const released = this.waiting.splice(0);
        released.forEach((tell) => tell({ event: "error", reason: `ended by "${word}"` }));
        this.events.splice(0);
        if (this.ending) {
            return this.ending;
        }
        this.say(word);
        const began = Date.now();
        let silent = began + patience.first * 1000;
        for (;;) {
            const event = await this.next(Math.min(silent, began + patience.all * 1000) - Date.now());
            if (!event) {
                return { event: "gone", reason: notInTime };
            }
            if (endings.includes(event.event)) {
                return event;
            }
            silent = Date.now() + patience.between * 1000;
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

    /** Ends the connection; a host that is still closed opens at that. */
    close(): void {
        clearInterval(this.beats);
        this.channel.end();
        this.connection.close();
    }

    /** Nothing when the time is over. */
    private next(milliseconds: number): Promise<HostEvent | undefined> {
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
                    resolve(undefined);
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
        if (endings.includes(event.event)) {
            this.ending ??= event;
        }
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

const notInTime = "the host did not answer in time";

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

function storeScript(connection: HostConnection, script: string, host: WindowHost, options: WindowOptions) {
    const { product, layout } = host;
    const text = renderScript({ script: "window", product, layout, variables: variablesOf(host, options) });
    return connection.run(
        `sudo -n bash -c ${quote(`umask 077 && mkdir -p -m 0700 ${runFolder} && cat >${script}`)}`,
        text,
    );
}

function variablesOf(host: WindowHost, options: WindowOptions): VariablesOf<"window"> {
    const { product, layout } = host;
    return {
        DATABASES: databaseRows(host.databases ?? []),
        TOKEN: options.token,
        MAX_CLOSED_SECONDS: options.maxClosedSeconds,
        MAX_STAY_SECONDS: options.maxStaySeconds,
        NOTICE: options.notice,
        BACK_MINUTES: options.backMinutes,
        DRAIN_SECONDS: options.drainSeconds,
        FORCE: options.force,
        START_SECONDS: options.startSeconds,
        // It stays on disk while the host may be closed, so no secret is among its variables.
        THAW_SCRIPT: renderScript({
            script: "thaw",
            product,
            layout,
            variables: { START_SECONDS: options.startSeconds },
        }),
    };
}

function databaseRows(databases: HostDatabase[]): VariablesOf<"window">["DATABASES"] {
    return databases.map(({ role, kind, path, unit, server }) => ({
        ...{ role, kind, path, unit },
        ...(server && {
            ...{ host: server.host, port: server.port, name: server.name, user: server.user, ca: server.ca },
            password: server.password && reveal(server.password),
        }),
    }));
}
