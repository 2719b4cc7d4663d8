// Production's hosts behind real SSH, as far as a capture talks to them: they take its script, answer its words, and lead to a database. All that
// they are told is written down.
import type { AddressInfo } from "node:net";
import { Connection, Server, ServerChannel } from "ssh2";
import { perProduct, ProductId, productIds } from "../../../products";
import { onTheWire } from "../../../remote/window/hostWindow";
import { asRead } from "./footprint";
import { Certificate, servePostgres } from "./postgres";
import { generateKeyPair } from "../../../lab/keyPair";

export interface Hosts {
    /** What the configuration says of each. */
    listed: Record<ProductId, { address: string; port: number; hostKey: string }>;
    /** Since it was asked for last. */
    told(): string[];
    /** All were told to stop, and none to go on. */
    closed(): boolean;
    stop(): void;
}

const hostKey = generateKeyPair();
const now = () => new Date().toISOString();

export async function playedHosts(certificate: Certificate): Promise<Hosts> {
    const told: string[] = [];
    const frozen = new Set<ProductId>();
    const servers = perProduct((product) => {
        const tell = (what: string) => told.push(`told ${product}: ${what}`);
        return new Server({ hostKeys: [hostKey.private] }, (connection) =>
            serve(connection, tell, certificate, (word) =>
                word === "freeze" ? frozen.add(product) : frozen.delete(product),
            ),
        );
    });
    await Promise.all(
        productIds.map((product) => new Promise<void>((resolve) => servers[product].listen(0, "localhost", resolve))),
    );
    return {
        listed: perProduct((product) => ({
            address: "localhost",
            port: (servers[product].address() as AddressInfo).port,
            hostKey: hostKey.public,
        })),
        told: () => told.splice(0).filter((line, index, all) => all.indexOf(line) === index),
        closed: () => frozen.size === productIds.length,
        stop: () => productIds.forEach((product) => servers[product].close()),
    };
}

type Tell = (what: string) => void;

function serve(connection: Connection, tell: Tell, certificate: Certificate, turned: Tell): void {
    // Its types leave this out.
    (connection as Connection & { setNoDelay(on: boolean): void }).setNoDelay(true);
    connection.on("authentication", (context) => context.accept());
    connection.on("error", () => undefined);
    connection.on("tcpip", (accept, _reject, { destIP, destPort }) => {
        tell(`leads to ${destIP}:${destPort}`);
        servePostgres(accept(), certificate, (what) => tell(`${destIP}:${destPort} ${what}`));
    });
    connection.on("session", (accept) => {
        accept().on("exec", (acceptExec, _reject, { command }) => {
            const channel = acceptExec();
            channel.on("error", () => undefined);
            if (command.includes("systemd-run")) {
                tell(command);
                converse(channel, tell, turned);
                return;
            }
            let stdin = "";
            channel.on("data", (data: Buffer) => (stdin += data.toString()));
            channel.on("end", () => {
                tell(`${command}\n${asRead(stdin)}`);
                leave(channel);
            });
        });
    });
}

/** As hosts/window.sh answers, without doing anything. */
function converse(channel: ServerChannel, tell: Tell, turned: Tell): void {
    const say = (event: string, facts: object = {}) => channel.write(`${JSON.stringify({ event, ...facts })}\n`);
    say("armed", { armedAt: now(), clock: Date.now() });
    let rest = "";
    channel.on("data", (data: Buffer) => {
        const lines = (rest + data.toString()).split(onTheWire(""));
        rest = lines.pop() ?? "";
        for (const line of lines.filter((each) => each !== "beat")) {
            tell(line);
            const word = line.split(" ")[0];
            turned(word === "note" || word === "dump" ? "freeze" : word);
            switch (word) {
                case "drain":
                    say("drained");
                    break;
                case "freeze":
                    say("stopped");
                    say("frozen", { closedAt: now(), quiet: { units: "inactive" } });
                    break;
                case "dump":
                    say("dumped", { bytes: 1, seconds: 0 });
                    break;
                case "note":
                    say("noted");
                    break;
                case "stay":
                    say("staying", { stayUntil: now() });
                    leave(channel);
                    break;
                default:
                    say("open", { openedBy: word, openedAt: now(), health: "ok" });
                    leave(channel);
            }
        }
    });
}

function leave(channel: ServerChannel): void {
    channel.exit(0);
    channel.end();
}
