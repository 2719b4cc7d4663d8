// A DNS of this process's own, and what answers at its addresses by HTTP: real packets on 127.0.0.0/8, so that the program asks as it does
// anywhere. Does not prove what other resolvers keep, or what a real balancer does on the way.
import * as dgram from "node:dgram";
import * as dns from "node:dns";
import * as http from "node:http";
import type * as net from "node:net";

/** What is answered to a question through a name, at one of its addresses; nothing: the connection is cut. */
export type Answering = (name: string, address: string) => { status: number; headers?: object } | undefined;

export interface PlayedNames {
    /** Name → addresses; a name that is not there does not exist. May be changed at any time. */
    readonly addresses: Record<string, string[]>;
    /** At which everything answers, on every address of 127.0.0.0/8. */
    readonly port: number;
    stop(): void;
}

export async function playedNames(answering: Answering): Promise<PlayedNames> {
    const addresses: Record<string, string[]> = {};
    const before = dns.getServers();
    const socket = dgram.createSocket("udp4");
    socket.on("message", (query, from) => socket.send(response(query, addresses), from.port, from.address));
    await new Promise<void>((resolve) => socket.bind(0, "127.0.0.1", resolve));
    const server = http.createServer((request, answer) => {
        const name = (request.headers.host ?? "").replace(/:\d+$/, "");
        const found = answering(name, request.socket.localAddress ?? "");
        if (!found) return void request.socket.destroy();
        answer.writeHead(found.status, found.headers as http.OutgoingHttpHeaders).end();
    });
    await new Promise<void>((resolve) => server.listen(0, "0.0.0.0", resolve));
    // Functions of dns/promises that were loaded by themselves, as libraries do, keep asking the machine's servers unless `dns` knows of them.
    void dns.promises;
    dns.setServers([`127.0.0.1:${socket.address().port}`]);
    return {
        addresses,
        port: (server.address() as net.AddressInfo).port,
        stop: () => {
            dns.setServers(before);
            socket.close();
            server.close();
            server.closeAllConnections();
        },
    };
}

const typeA = 1;

/** RFC 1035, 4: one question, and an answer for each address; NXDOMAIN for a name that is not there. */
function response(query: Buffer, addresses: Record<string, string[]>): Buffer {
    const labels: string[] = [];
    let at = 12;
    for (let length = query[at]; length > 0; length = query[at]) {
        labels.push(query.toString("ascii", at + 1, at + 1 + length));
        at += length + 1;
    }
    const question = query.subarray(12, at + 5);
    const found = addresses[labels.join(".").toLowerCase()] as string[] | undefined;
    const answers = query.readUInt16BE(at + 1) === typeA ? (found ?? []) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(found ? 0x8180 : 0x8183, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(answers.length, 6);
    const records = answers.map((address) =>
        Buffer.from([0xc0, 12, 0, typeA, 0, 1, 0, 0, 0, 1, 0, 4, ...address.split(".").map(Number)]),
    );
    return Buffer.concat([head, question, ...records]);
}
