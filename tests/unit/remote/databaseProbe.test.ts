// Asking a database that does not answer as one should: every question ends. Real sockets and TLS; the server is played, so this proves nothing
// about Postgres (the rehearsal does).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import * as tls from "node:tls";
import type { PostgresAccess } from "../../../databases";
import { seal } from "../../../logic/secret";
import { selfSigned } from "../certificate";
import { listening } from "../ports";
import type { HostConnection } from "../../../remote/connection";
import { probeDatabase } from "../../../remote/databaseProbe";

const limits = { connect: 0.4, question: 0.4, end: 0.2 };
const target: PostgresAccess = {
    host: "db.example.com",
    port: 5432,
    name: "connect",
    user: "connect",
    password: seal("x"),
};

/** AuthenticationOk, ReadyForQuery. */
const welcome = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 0, 0x5a, 0, 0, 0, 5, 0x49]);

/** RowDescription, DataRow, CommandComplete, ReadyForQuery, of one text. */
function answer(column: string, value: string): Buffer {
    const message = (type: string, ...parts: Buffer[]) => {
        const body = Buffer.concat(parts);
        return Buffer.concat([Buffer.from(type), int(body.length + 4, 4), body]);
    };
    const int = (number: number, bytes: 2 | 4) => {
        const buffer = Buffer.alloc(bytes);
        buffer.writeIntBE(number, 0, bytes);
        return buffer;
    };
    const text = int(25, 4);
    return Buffer.concat([
        message(
            "T",
            int(1, 2),
            Buffer.from(`${column}\0`),
            int(0, 4),
            int(0, 2),
            text,
            int(-1, 2),
            int(-1, 4),
            int(0, 2),
        ),
        message("D", int(1, 2), int(value.length, 4), Buffer.from(value)),
        message("C", Buffer.from("SELECT 1\0")),
        message("Z", Buffer.from("I")),
    ]);
}

describe("a database that is asked", () => {
    const servers: net.Server[] = [];
    let folder: string;
    let certificate: { key: Buffer; cert: Buffer };
    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "probe-"));
        const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
        selfSigned("db.example.com", key, cert);
        certificate = { key: fs.readFileSync(key), cert: fs.readFileSync(cert) };
    });
    after(() => {
        servers.forEach((server) => server.close());
        fs.rmSync(folder, { recursive: true });
    });

    async function through(serve: (socket: net.Socket) => void): Promise<HostConnection & { closed: boolean }> {
        const sockets = new Set<net.Socket>();
        const server = net.createServer((socket) => {
            sockets.add(socket);
            socket.on("error", () => undefined);
            serve(socket);
        });
        servers.push(server);
        const port = await listening(server);
        const connection = {
            host: "connect",
            closed: false,
            broken: new Promise<never>(() => undefined),
            run: () => assert.fail("runs nothing"),
            start: () => assert.fail("starts nothing"),
            forward: async () => net.connect(port, "127.0.0.1"),
            close: () => {
                connection.closed = true;
                sockets.forEach((socket) => socket.destroy());
            },
        };
        return connection;
    }

    /** Says yes to TLS, and goes on encrypted. */
    const encrypted = (serve: (socket: tls.TLSSocket) => void) => (socket: net.Socket) =>
        socket.once("data", () => {
            socket.write("S");
            const secure = new tls.TLSSocket(socket, { isServer: true, ...certificate });
            secure.on("error", () => undefined);
            serve(secure);
        });

    const silent: [string, (socket: net.Socket) => void, RegExp][] = [
        ["closes the connection at once", (socket) => socket.destroy(), /closes the connection|ECONNRESET/],
        ["ends the connection at once", (socket) => socket.end(), /closes the connection at once/],
        ["never answers", () => undefined, /"connect" on db.example.com: no answer within 0.4 s/],
        ["offers no TLS", (socket) => socket.once("data", () => socket.write("N")), /offers no TLS/],
        ["never shakes hands", (socket) => socket.once("data", () => socket.write("S")), /no answer within/],
        [
            "breaks off the handshake",
            (socket) => socket.once("data", () => socket.end("S")),
            /TLS failed|closes the connection/,
        ],
        ["lets nobody in", (socket) => encrypted(() => undefined)(socket), /can't be asked.*timeout/i],
    ];
    for (const [what, serve, says] of silent) {
        it(`is given up soon where it ${what}`, async () => {
            const began = Date.now();
            await assert.rejects(probeDatabase(await through(serve), target, limits), says);
            assert.ok(Date.now() - began < 2000);
        });
    }

    const told: [string, string, string, RegExp | undefined][] = [
        ["a time", "now", "2026-01-02T03:04:05.678Z", undefined],
        ["a time that is none", "now", "soon", /db\.example\.com told no time: it answered something else/],
        [
            "something else",
            "later",
            "2026-01-02T03:04:05Z",
            /db\.example\.com told no time: it answered something else/,
        ],
    ];
    for (const [what, column, value, refused] of told) {
        it(`is believed only what can be read: ${what}`, async () => {
            const serve = encrypted((secure) => {
                secure.once("data", () => {
                    secure.write(welcome);
                    secure.on("data", () => secure.write(answer(column, value)));
                });
            });
            const probe = await probeDatabase(await through(serve), target, limits);
            if (refused) {
                await assert.rejects(probe.nextQuietMoment(), refused);
            } else {
                assert.ok((await probe.nextQuietMoment()) > new Date(value));
            }
            await probe.close();
        });
    }

    it("is given up soon where it says nothing after the login, and closed all the same", async () => {
        const greets = encrypted((secure) => secure.once("data", () => secure.write(welcome)));
        const connection = await through(greets);
        const probe = await probeDatabase(connection, target, limits);
        const began = Date.now();
        await assert.rejects(probe.openSessions("connect", ["connect"]), /timeout/i);
        await assert.rejects(probe.nextQuietMoment(), /timeout/i);
        await probe.close();
        assert.ok(connection.closed);
        assert.ok(Date.now() - began < 2000);
    });
});
