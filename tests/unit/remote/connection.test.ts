// What a connection does on the day on which things break: a bastion that goes away, a host that says nothing, keys that are no keys.
// No error of a connection may end the process, and none may be waited for without end. Real SSH servers in this process.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as net from "node:net";
import * as path from "node:path";
import { promisify } from "node:util";
import { utils } from "ssh2";
import { Refusal } from "../../../logic/refusal";
import { seal } from "../../../logic/secret";
import { ask } from "../../../remote/ask";
import { connect, ConnectionError, HostAddress } from "../../../remote/connection";
import { listening } from "../ports";
import { keys, silentPort, sshServer, stopServers } from "./sshServers";
import { generateKeyPair } from "../../../lab/keyPair";

const short = { dialSeconds: 1 };

async function within<T>(seconds: number, promise: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`still waiting after ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

describe("a connection", () => {
    after(stopServers);

    it("runs a command, directly and through a bastion", async () => {
        const host = await sshServer({ answer: (command, stdin) => ({ stdout: `${command} ${stdin}`, code: 3 }) });
        const bastion = await sshServer();
        for (const target of [host.address, { ...host.address, bastion: bastion.asBastion }]) {
            const connection = await connect(target);
            const { exitCode, stdout } = await connection.run("say", "ünïcödé");
            assert.deepEqual({ exitCode, stdout }, { exitCode: 3, stdout: "say ünïcödé" });
            connection.close();
        }
        assert.equal(bastion.logins(), 1);
    });

    for (const what of ["host", "bastion"] as const) {
        it(`says that it broke when the ${what} resets it, and the process lives`, async () => {
            const host = await sshServer({ answer: () => undefined });
            const bastion = await sshServer();
            const connection = await connect({ ...host.address, bastion: bastion.asBastion });
            const running = connection.run("sleep");
            running.catch(() => undefined);
            setTimeout(() => (what === "host" ? host : bastion).reset(), 50);
            await within(5, assert.rejects(connection.broken, /the connection to 127\.0\.0\.1 broke/));
            await within(1, assert.rejects(running, ConnectionError));
            await within(1, assert.rejects(connection.run("again"), ConnectionError));
            connection.close();
        });
    }

    it("is not called broken when it was closed on purpose", async () => {
        const host = await sshServer();
        const bastion = await sshServer();
        const connection = await connect({ ...host.address, bastion: bastion.asBastion });
        let broke = false;
        connection.broken.catch(() => (broke = true));
        connection.close();
        await new Promise((resolve) => setTimeout(resolve, 100));
        bastion.reset();
        await new Promise((resolve) => setTimeout(resolve, 100));
        assert.ok(!broke);
    });

    it("says each word at once: one that waits for the last one's receipt (Nagle) keeps production closed for it", async () => {
        const host = await sshServer();
        const { connect: dial } = net.Socket.prototype;
        const dialled: { noDelay?: boolean }[] = [];
        net.Socket.prototype.connect = function (this: net.Socket, ...args: unknown[]) {
            dialled.push([args].flat(2)[0] as (typeof dialled)[number]);
            return Reflect.apply(dial, this, args) as net.Socket;
        } as typeof dial;
        try {
            (await connect(host.address)).close();
        } finally {
            net.Socket.prototype.connect = dial;
        }
        assert.deepEqual(
            dialled.map(({ noDelay }) => noDelay),
            [true],
        );
    });

    it("leaves nothing behind that keeps the process from ending, even where the other end hangs", async () => {
        const script = `
            const { connect } = require("./remote/connection");
            const { seal } = require("./logic/secret");
            void (async () => {
                const { privateKey, ...address } = JSON.parse(process.argv[1]);
                const connection = await connect({ ...address, privateKey: seal(privateKey) });
                connection.run("never").catch(() => undefined);
                setTimeout(() => connection.close(), 100);
            })();`;
        const host = await sshServer({ answer: () => undefined, freezes: true });
        const root = path.join(__dirname, "../../..");
        const address = { ...host.address, privateKey: keys.user.private };
        const loader = ["--require", "ts-node/register/transpile-only"];
        const child = promisify(execFile)(process.execPath, [...loader, "-e", script, JSON.stringify(address)], {
            cwd: root,
            timeout: 10000,
        });
        await child;
    });
});

describe("a dial", () => {
    after(stopServers);

    it("has a limit where the host takes the connection and says nothing", async () => {
        const silent = await silentPort();
        await within(3, assert.rejects(connect(silent, short), /does not answer on port/));
    });

    it("has a limit where that host is behind a bastion", async () => {
        const silent = await silentPort();
        const bastion = await sshServer();
        const target = { ...silent, bastion: bastion.asBastion };
        await within(3, assert.rejects(connect(target, short), /does not answer on port/));
    });

    it("has a limit where the bastion does not lead on", async () => {
        const host = await sshServer();
        const bastion = await sshServer({ leading: "silent" });
        const target = { ...host.address, bastion: bastion.asBastion };
        await within(3, assert.rejects(connect(target, short), /bastion 127\.0\.0\.1 .*did not lead/));
    });

    it("fails, and no more, where the bastion resets after its own login", async () => {
        const host = await sshServer();
        const bastion = await sshServer({ leading: "resets" });
        const target = { ...host.address, bastion: bastion.asBastion };
        await within(5, assert.rejects(connect(target), /bastion 127\.0\.0\.1/));
    });

    it("tells what may pass by itself from what does not", async () => {
        const host = await sshServer();
        const passing = async (target: HostAddress) =>
            connect(target, short).then(
                () => assert.fail("connected"),
                (error: unknown) => error instanceof ConnectionError && error.passing,
            );
        assert.ok(await passing(await silentPort()));
        const closed = net.createServer();
        const port = await listening(closed);
        closed.close();
        assert.ok(await passing({ ...host.address, port }));
        const stranger = generateKeyPair().public;
        assert.ok(!(await passing({ ...host.address, hostKey: stranger })));
    });

    it("to a host whose script hangs ends with the question's own limit", async () => {
        const host = await sshServer({ answer: () => undefined });
        const asked = ask(host.address, { script: "state", product: "connect" }, { seconds: 0.5 });
        await within(3, assert.rejects(asked, /state:connect did not answer within 0\.5 s/));
    });
});

describe("keys", () => {
    after(stopServers);

    async function refused(change: Partial<HostAddress>): Promise<string> {
        const { address } = await sshServer();
        try {
            await connect({ ...address, ...change }, short);
        } catch (error) {
            assert.ok(error instanceof Refusal, `no Refusal: ${String(error)}`);
            return error.message;
        }
        assert.fail("connected");
    }

    it("that are no keys are refused in one sentence that does not quote them", async () => {
        for (const privateKey of [
            "",
            "hunter2",
            "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        ]) {
            const message = await refused({ privateKey: seal(privateKey) });
            assert.match(message, /the private key is no private key that can be read/);
            assert.doesNotMatch(message, /hunter2|AAAA|\n/);
        }
    });

    it("for hosts: a public one and one with a passphrase don't open anything", async () => {
        assert.match(await refused({ privateKey: seal(keys.user.public) }), /is a public key/);
        const locked = generateKeyPair({ passphrase: "x" });
        assert.match(await refused({ privateKey: seal(locked.private) }), /passphrase/);
    });

    it("of hosts: a private one is not repeated, nor taken", async () => {
        const message = await refused({ hostKey: keys.host.private });
        assert.match(message, /is a private key/);
        assert.doesNotMatch(message, /BEGIN/);
    });

    it("of hosts: RSA and DSA are refused with the reason, before anything is dialled", async () => {
        const rsa = utils.generateKeyPairSync("rsa", { bits: 2048 }).public;
        assert.match(await refused({ hostKey: rsa, port: 1 }), /RSA.*SHA-1.*ed25519/);
    });

    it("of a bastion are held to the same", async () => {
        const { address, asBastion } = await sshServer();
        const target = { ...address, bastion: { ...asBastion, privateKey: seal("nonsense") } };
        await assert.rejects(
            connect(target),
            /bastion 127\.0\.0\.1: the private key is no private key that can be read/,
        );
    });
});

/** What may be offered; whatever the library's next version adds by default is looked at before it gets in. */
const modern = [
    /^(curve25519-sha256(@libssh\.org)?|ecdh-sha2-nistp(256|384|521)|diffie-hellman-group(1[4-8])-sha(256|512)|diffie-hellman-group-exchange-sha256|ext-info-c|kex-strict-c-v00@openssh\.com)$/,
    /^(ssh-ed25519)$/,
    /^(aes(128|256)-gcm@openssh\.com|aes(128|192|256)-ctr|chacha20-poly1305@openssh\.com)$/,
    /^(aes(128|256)-gcm@openssh\.com|aes(128|192|256)-ctr|chacha20-poly1305@openssh\.com)$/,
    /^hmac-sha2-(256|512)(-etm@openssh\.com)?$/,
    /^hmac-sha2-(256|512)(-etm@openssh\.com)?$/,
    /^none$/,
    /^none$/,
];

describe("what is offered to a server", () => {
    it("is modern, of every kind: no SHA-1, no CBC, no compression", async () => {
        let hello = Buffer.alloc(0);
        const server = net.createServer((socket) => {
            socket.on("error", () => undefined);
            socket.write("SSH-2.0-listener\r\n");
            socket.on("data", (data) => {
                hello = Buffer.concat([hello, data]);
                if (hello.length > 300) socket.destroy();
            });
        });
        const port = await listening(server);
        const target = {
            address: "127.0.0.1",
            port,
            user: "x",
            privateKey: seal(keys.user.private),
            hostKey: keys.host.public,
        };
        await assert.rejects(connect(target, short));
        server.close();
        const offered = nameLists(hello.subarray(hello.indexOf("\r\n") + 2));
        assert.ok(offered.length >= modern.length);
        modern.forEach((pattern, kind) =>
            offered[kind].forEach((name) => assert.match(name, pattern, `offers ${name}`)),
        );
        modern.forEach((_pattern, kind) => assert.ok(offered[kind].length > 0));
    });
});

/** The name-lists of a KEXINIT packet (RFC 4253, 7.1): length, padding, type, cookie of 16 bytes, then lists. */
function nameLists(packet: Buffer): string[][] {
    const lists: string[][] = [];
    for (let at = 4 + 1 + 1 + 16; lists.length < 8;) {
        const length = packet.readUInt32BE(at);
        lists.push(
            packet
                .subarray(at + 4, at + 4 + length)
                .toString()
                .split(",")
                .filter(Boolean),
        );
        at += 4 + length;
    }
    return lists;
}
