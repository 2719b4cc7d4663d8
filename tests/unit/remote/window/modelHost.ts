// A host of the closed window as a model: a real SSH server in this process that answers the window's words as hosts/window.sh does, keeps
// a marker as it does, fails where it is told to, and opens by itself when the stream ends, nobody speaks, or its time is over.
import { Connection, Server, ServerChannel } from "ssh2";
import type { HostMarker, Reopened } from "../../../../contract/host";
import { seal } from "../../../../logic/secret";
import type { ProductId } from "../../../../products";
import { onTheWire } from "../../../../remote/window/hostWindow";
import type { WindowHost } from "../../../../remote/window/types";
import { listening } from "../../ports";
import { generateKeyPair } from "../../../../lab/keyPair";

export type Step = "arm" | "drain" | "stop" | "quiet" | "hold" | "dump" | "open";
/**
 * "error": the host says so. "gone": its script ends. "silent": it answers no more, and its dead-man opens it. "mute": it obeys, its answers
 * are lost, and a moment later the connection. "deaf": what is said to it is lost. "stall": the whole run stands still, then goes on.
 * "thaw": somebody else opens it.
 */
export type Failure = { step: Step; how: "error" | "gone" | "silent" | "mute" | "deaf" | "stall" | "thaw" };
export type ModelState = "open" | "armed" | "frozen" | "staying" | "thawing";

export interface ModelOptions {
    failure?: Failure;
    dump: boolean;
    maxClosedSeconds: number;
    /** Until the product answers after it was started, ms. */
    slowStart?: number;
    /** From the failure on, new connections are refused for so long, ms. */
    refuses?: number;
    /** Shared by all hosts of a run. */
    line?: Line;
}

export interface ModelHost {
    host: WindowHost;
    state(): ModelState;
    marker(): HostMarker;
    openedBy(): string | undefined;
    stop(): void;
}

/** Hosts wait for a word no longer than this; beats come twice a second. */
const silence = 1_500;
const startPatience = 1_000;

/** What lies between the run and all of its hosts: while the run stands still nothing passes, and afterwards all of it. */
export class Line {
    private until = 0;
    stall(): void {
        this.until = Date.now() + silence + 700;
    }
    pass(act: () => void): void {
        const wait = this.until - Date.now();
        if (wait > 0) {
            setTimeout(() => this.pass(act), wait);
        } else {
            act();
        }
    }
}

const keys = { host: generateKeyPair(), user: generateKeyPair() };

/** `note` is told everything that happens, in order, with all hosts of a test. */
export async function modelHost(
    product: ProductId,
    options: ModelOptions,
    note: (what: string) => void,
): Promise<ModelHost> {
    const model = new Model(product, options, note);
    const server = new Server({ hostKeys: [keys.host.private] }, (connection) => model.serve(connection));
    const port = await listening(server);
    const target = {
        address: "127.0.0.1",
        port,
        user: "operator",
        privateKey: seal(keys.user.private),
        hostKey: keys.host.public,
    };
    const database = {
        ...{ role: "main" as const, kind: "external", path: "/data/x.dump", dumped: true },
        server: { host: "db", port: 5432, name: "d", user: "d", password: seal("p") },
    };
    return {
        host: { product, target, ...(options.dump && { databases: [database] }) },
        state: () => model.state,
        marker: () => model.marker,
        openedBy: () => model.marker.openedBy,
        stop: () => {
            model.end();
            server.close();
        },
    };
}

type Say = (event: string, facts?: object) => void;

class Model {
    state: ModelState = "open";
    marker: HostMarker = { token: "t1", state: "absent" };
    private struck = 0;
    private silent = false;
    private mute = false;
    private deaf = false;
    private heard = 0;
    private timers: NodeJS.Timeout[] = [];
    private deadMan?: NodeJS.Timeout;
    private connections: Connection[] = [];
    private say: Say = () => undefined;
    private channel?: ServerChannel;

    constructor(
        private readonly product: ProductId,
        private readonly options: ModelOptions,
        private readonly note: (what: string) => void,
    ) {}

    serve(connection: Connection): void {
        this.connections.push(connection);
        connection.on("error", () => undefined);
        if (this.struck > 0 && Date.now() - this.struck < (this.options.refuses ?? 0)) {
            connection.end();
            return;
        }
        connection.on("authentication", (context) => context.accept());
        connection.on("session", (accept) => {
            accept().on("exec", (acceptExec, _reject, info) => {
                const channel = acceptExec();
                channel.on("error", () => undefined);
                if (info.command.includes("systemd-run")) {
                    this.window(channel, connection);
                } else if (info.command.includes("reopen:")) {
                    channel.resume().on("end", () => this.reopen(channel));
                } else {
                    if (info.command.includes("rm -f /run/posit-upgrade/window-t1.sh")) {
                        this.note(`${this.product} forgot the script`);
                    }
                    channel.on("end", () => finish(channel, 0));
                    channel.resume();
                }
            });
        });
    }

    end(): void {
        clearTimeout(this.deadMan);
        this.timers.forEach((timer) => clearInterval(timer));
        this.connections.forEach((connection) => connection.end());
    }

    private later(milliseconds: number, act: () => void): void {
        this.timers.push(setTimeout(act, milliseconds));
    }

    private window(channel: ServerChannel, connection: Connection): void {
        this.channel = channel;
        this.say = (event, facts = {}) => {
            if (this.mute) return;
            this.pass(() => {
                if (channel.writable) channel.write(`${JSON.stringify({ event, ...facts })}\n`);
            });
        };
        this.fallMute = () => {
            this.mute = true;
            this.later(300, () => connection.end());
        };
        if (this.fails("arm")) return;
        this.state = "armed";
        this.marker = { token: "t1", state: "armed", armedAt: now() };
        this.note(`${this.product} armed`);
        this.say("armed", { armedAt: now(), clock: Date.now() });
        this.heard = Date.now();
        this.timers.push(
            setInterval(() => this.waits() && Date.now() - this.heard > silence && this.thaw("lost"), 100),
        );
        let rest = "";
        channel.on("data", (data: Buffer) => {
            const lines = (rest + data.toString()).split(onTheWire(""));
            rest = lines.pop() ?? "";
            this.pass(() => lines.forEach((word) => this.hear(word)));
        });
        const lost = () => this.waits() && this.thaw("lost");
        channel.on("end", lost);
        channel.on("close", lost);
    }

    private fallMute: () => void = () => undefined;

    private pass(act: () => void): void {
        (this.options.line ?? new Line()).pass(act);
    }

    /** For words: neither open, nor being opened, nor closed without a connection. */
    private waits(): boolean {
        return !this.silent && (this.state === "armed" || this.state === "frozen");
    }

    private hear(word: string): void {
        if (!this.waits() || this.deaf) return;
        this.heard = Date.now();
        switch (word.split(" ")[0]) {
            case "beat":
                return;
            case "drain":
                if (this.fails("drain")) return;
                this.note(`${this.product} drained`);
                this.say("drained");
                return;
            case "freeze":
                this.freeze();
                return;
            case "dump":
                if (!this.fails("dump")) this.say("dumped", { bytes: 1, seconds: 0 });
                return;
            case "note":
                this.marker.notes = JSON.parse(word.slice(5)) as HostMarker["notes"];
                this.say("noted");
                return;
            case "complete":
            case "abort":
                if (word === "complete" && this.fails("open")) return;
                this.say("heard", { word });
                this.note(`${this.product} starting`);
                this.thaw(word);
                return;
            case "stay":
                if (this.fails("open")) return;
                this.state = "staying";
                this.marker = { ...this.marker, state: "staying", stayingSince: now() };
                clearTimeout(this.deadMan);
                this.say("staying", { stayUntil: new Date(Date.now() + 3600_000).toISOString() });
                this.leave(0);
                return;
            default:
                this.thaw("lost");
        }
    }

    private freeze(): void {
        this.note(`${this.product} closing`);
        this.marker.closedAt = now();
        this.deadMan = setTimeout(() => this.thaw("dead-man"), this.options.maxClosedSeconds * 1000);
        if (this.fails("stop")) return;
        this.say("stopped");
        if (this.fails("quiet")) return;
        this.state = "frozen";
        this.marker = { ...this.marker, state: "frozen", frozenAt: now(), quiet: { units: "inactive" } };
        this.note(`${this.product} frozen`);
        this.later(50, () => this.state === "frozen" && this.fails("hold"));
        this.say("frozen", { closedAt: this.marker.closedAt, quiet: { units: "inactive" } });
    }

    /** Whether that is the end of obeying. Once: what failed a moment ago may be asked to abort. */
    private fails(step: Step): boolean {
        const { failure } = this.options;
        if (failure?.step !== step || this.struck > 0) return false;
        this.struck = Date.now();
        this.note(`${this.product} fails to ${step} (${failure.how})`);
        switch (failure.how) {
            case "silent":
                this.silent = true;
                return true;
            case "mute":
                this.fallMute();
                return false;
            case "deaf":
                this.deaf = true;
                return true;
            case "stall":
                // What is being said now comes later, and so does all that follows.
                this.options.line?.stall();
                return false;
            case "thaw":
                this.thaw("by-hand");
                return true;
            case "error":
                this.say("error", { reason: `${step} failed` });
                if (step === "arm") this.leave(1);
                if (step === "open") this.thaw("error");
                return true;
            case "gone":
                if (this.waits()) this.thaw("lost", "gone");
                this.leave(1);
                return true;
        }
    }

    /** The first word counts, and is written before anything is started. `gone`: nobody is left to tell. */
    private thaw(by: string, gone?: "gone"): void {
        clearTimeout(this.deadMan);
        if (this.state === "open" || this.state === "thawing") return;
        const tell: Say = gone || this.silent ? () => undefined : this.say;
        this.state = "thawing";
        this.marker = { ...this.marker, state: "thawing", thawingAt: now(), openedBy: by };
        this.note(`${this.product} open by ${by}`);
        const slow = this.options.slowStart ?? 0;
        tell("thawing", { openedBy: by });
        tell("starting", { openedBy: by });
        if (slow > startPatience) {
            this.later(startPatience, () => {
                tell("open", { openedBy: by, health: "failed", reason: "it does not answer" });
                this.leave(0);
            });
        }
        const opened = () => {
            this.state = "open";
            this.marker = { ...this.marker, state: "open", openedAt: now(), health: "ok" };
            if (slow <= startPatience) {
                tell("open", { openedBy: by, openedAt: now(), health: "ok" });
                this.leave(0);
            }
        };
        if (slow === 0) {
            opened();
        } else {
            this.later(slow, opened);
        }
    }

    private leave(code: number): void {
        if (this.silent || this.mute) return;
        this.pass(() => this.channel && finish(this.channel, code));
    }

    /** hosts/reopen.sh, with STAYING=open. */
    private reopen(channel: ServerChannel): void {
        const answer = (state: Reopened["state"]) => {
            const { openedBy = "", openedAt = "" } = this.marker;
            const text: Reopened = { state, note: "", token: "t1", since: "", until: "", openedBy, openedAt };
            if (channel.writable) channel.write(`${JSON.stringify(text)}\n`);
            finish(channel, 0);
        };
        if (this.state === "open") {
            answer("open");
            return;
        }
        this.thaw("called-off");
        this.later(Math.min(this.options.slowStart ?? 0, startPatience) + 20, () =>
            answer(this.marker.openedAt ? "opened" : "down"),
        );
    }
}

const now = () => new Date().toISOString();

function finish(channel: ServerChannel, code: number): void {
    if (channel.writable) {
        channel.exit(code);
        channel.end();
    }
}
