// The client's name cache keeps an answer for its TTL and not longer: that is how long a cutover takes for users.
import assert from "node:assert/strict";
import * as dgram from "node:dgram";
import type { AddressInfo } from "node:net";
import { namesFrom } from "../../../../lab/client/names";

interface Server {
    address: string;
    asked: number;
    close(): void;
    /** The last byte of the address that it gives. */
    host: number;
}

/** Answers every question with one A record. */
function startServer(ttl: number): Promise<Server> {
    const socket = dgram.createSocket("udp4");
    const server: Server = { address: "", asked: 0, close: () => socket.close(), host: 1 };
    socket.on("message", (question, from) => {
        server.asked++;
        const end = question.indexOf(0, 12) + 5; // name, type, class
        const header = Buffer.from([0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0]);
        const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, ttl, 0, 4, 10, 0, 0, server.host]);
        socket.send(Buffer.concat([question.subarray(0, 2), header, question.subarray(12, end), record]), from.port);
    });
    return new Promise((resolve) =>
        socket.bind(0, "127.0.0.1", () => {
            server.address = `127.0.0.1:${(socket.address() as AddressInfo).port}`;
            resolve(server);
        }),
    );
}

describe("names", () => {
    it("keeps an answer for its TTL, then asks again", async () => {
        const server = await startServer(1);
        const names = namesFrom(server.address);
        assert.equal(await names.address("connect.example.com"), "10.0.0.1");
        server.host = 2;
        assert.equal(await names.address("connect.example.com"), "10.0.0.1");
        assert.equal(server.asked, 1);
        await new Promise((resolve) => setTimeout(resolve, 1100));
        assert.equal(await names.address("connect.example.com"), "10.0.0.2");
        server.close();
    });

    it("asks nobody for a name that a tester sends elsewhere", async () => {
        const server = await startServer(1);
        const names = namesFrom(server.address, { "connect.example.com": "10.9.9.9" });
        assert.equal(await names.address("connect.example.com"), "10.9.9.9");
        assert.equal(server.asked, 0);
        server.close();
    });
});
