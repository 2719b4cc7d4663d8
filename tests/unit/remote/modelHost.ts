// A host of the closed window as a model: a real SSH server in this process that answers the window's words as hosts/window.sh
// does, fails where it is told to, and opens by itself when the stream ends or its time is over.
import type { AddressInfo } from "node:net";
import { Connection, Server, ServerChannel, utils } from "ssh2";
import type { ProductId } from "../../../products";
import type { WindowHost } from "../../../remote/windowTypes";

export type Step = "arm" | "drain" | "stop" | "quiet" | "hold" | "dump" | "open";
/** "error": the host says so. "gone": its script ends. "silent": it answers no more, and its dead-man opens it. */
export type Failure = { step: Step; how: "error" | "gone" | "silent" };
export type HostState = "open" | "armed" | "frozen" | "staying";

export interface ModelHost {
    host: WindowHost;
    state(): HostState;
    openedBy(): string | undefined;
    stop(): void;
}

const keys = { host: utils.generateKeyPairSync("ed25519"), user: utils.generateKeyPairSync("ed25519") };

/** `note` is told everything that happens, in order, with all hosts of a test. */
export async function modelHost(
    product: ProductId,
    options: { failure?: Failure; dump: boolean; maxClosedSeconds: number },
    note: (what: string) => void,
): Promise<ModelHost> {
    const model = new Model(product, options, note);
    const server = new Server({ hostKeys: [keys.host.private] }, (connection) => model.serve(connection));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const target = {
        address: "127.0.0.1",
        port: (server.address() as AddressInfo).port,
        user: "operator",
        privateKey: keys.user.private,
        hostKey: keys.host.public,
    };
    const database = {
        method: "dump" as const,
        path: "/data/x.dump",
        host: "db",
        port: 5432,
        name: "d",
        user: "d",
        password: "p",
    };
    return {
        host: { product, target, ...(options.dump && { database }) },
        state: () => model.state,
        openedBy: () => model.openedBy,
        stop: () => {
            model.end();
            server.close();
        },
    };
}

class Model {
    state: HostState = "open";
    openedBy?: string;
    private silent = false;
    private deadMan?: NodeJS.Timeout;
    private connections: Connection[] = [];

    constructor(
        private readonly product: ProductId,
        private readonly options: { failure?: Failure; maxClosedSeconds: number },
        private readonly note: (what: string) => void,
    ) {}

    serve(connection: Connection): void {
        this.connections.push(connection);
        connection.on("authentication", (context) => context.accept());
        connection.on("error", () => undefined);
        connection.on("session", (accept) => {
            accept().on("exec", (acceptExec, _reject, info) => {
                const channel = acceptExec();
                channel.on("error", () => undefined);
                if (info.command.includes("systemd-run")) {
                    this.window(channel);
                } else if (info.command.includes("thaw.sh")) {
                    this.open("called-off", channel);
                    finish(channel, 0);
                } else {
                    channel.on("end", () => finish(channel, 0));
                    channel.resume();
                }
            });
        });
    }

    end(): void {
        clearTimeout(this.deadMan);
        this.connections.forEach((connection) => connection.end());
    }

    private window(channel: ServerChannel): void {
        const say = (event: string, facts: object = {}) => {
            if (channel.writable) channel.write(`${JSON.stringify({ event, ...facts })}\n`);
        };
        if (this.fails("arm", channel, say)) return;
        this.state = "armed";
        this.note(`${this.product} armed`);
        say("armed", { armedAt: new Date().toISOString(), clock: Date.now() });
        let rest = "";
        channel.on("data", (data: Buffer) => {
            const lines = (rest + data.toString()).split("\n");
            rest = lines.pop() ?? "";
            lines.forEach((word) => this.hear(word, channel, say));
        });
        const lost = () => {
            if (this.state === "armed" || this.state === "frozen") this.open("lost", channel);
        };
        channel.on("end", lost);
        channel.on("close", lost);
    }

    private hear(word: string, channel: ServerChannel, say: (event: string, facts?: object) => void): void {
        if (this.silent || word === "beat" || this.state === "open" || this.state === "staying") return;
        switch (word.split(" ")[0]) {
            case "drain":
                if (!this.fails("drain", channel, say)) {
                    this.note(`${this.product} drained`);
                    say("drained");
                }
                return;
            case "freeze":
                this.note(`${this.product} closing`);
                this.deadMan = setTimeout(() => this.open("dead-man", channel), this.options.maxClosedSeconds * 1000);
                if (this.fails("stop", channel, say)) return;
                say("stopped");
                if (this.fails("quiet", channel, say)) return;
                this.state = "frozen";
                this.note(`${this.product} frozen`);
                setTimeout(() => this.state === "frozen" && this.fails("hold", channel, say), 50);
                say("frozen", { closedAt: new Date().toISOString(), quiet: { units: "inactive" } });
                return;
            case "dump":
                if (!this.fails("dump", channel, say)) say("dumped", { bytes: 1, seconds: 0 });
                return;
            case "note":
                say("noted");
                return;
            case "complete":
            case "abort":
                if (word === "complete" && this.fails("open", channel, say)) return;
                this.note(`${this.product} starting`);
                say("starting");
                this.open(word, channel);
                return;
            case "stay":
                if (this.fails("open", channel, say)) return;
                this.state = "staying";
                clearTimeout(this.deadMan);
                say("staying", { stayUntil: new Date(Date.now() + 3600_000).toISOString() });
                finish(channel, 0);
                return;
            default:
                this.open("lost", channel);
        }
    }

    /** Once: what failed a moment ago may be asked to abort. */
    private fails(step: Step, channel: ServerChannel, say: (event: string, facts?: object) => void): boolean {
        const { failure } = this.options;
        if (failure?.step !== step) return false;
        this.note(`${this.product} fails to ${step} (${failure.how})`);
        if (failure.how === "silent") {
            this.silent = true;
        } else if (failure.how === "error") {
            say("error", { reason: `${step} failed` });
            if (step === "arm") finish(channel, 1);
            if (step === "open") this.open("error", channel);
        } else {
            if (this.state !== "open") this.open("lost", channel);
            finish(channel, 1);
        }
        return true;
    }

    private open(by: string, channel: ServerChannel): void {
        clearTimeout(this.deadMan);
        if (this.state === "open") return;
        this.state = "open";
        this.openedBy = by;
        this.note(`${this.product} open by ${by}`);
        if (channel.writable) {
            channel.write(`${JSON.stringify({ event: "open", openedBy: by, openedAt: new Date().toISOString() })}\n`);
        }
        finish(channel, 0);
    }
}

function finish(channel: ServerChannel, code: number): void {
    if (channel.writable) {
        channel.exit(code);
        channel.end();
    }
}
