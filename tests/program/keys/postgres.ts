// A Postgres server as far as a capture asks one: TLS, a login with a password, nobody else there, and the time. Writes down who logs in where.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import type { Duplex } from "node:stream";
import * as tls from "node:tls";
import { selfSigned } from "../../unit/certificate";

export interface Certificate {
    key: string;
    cert: string;
}

/** Signed by itself, for that host. */
export function certificateFor(host: string): Certificate {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "posit-keys-"));
    try {
        const [key, cert] = ["key.pem", "cert.pem"].map((name) => path.join(folder, name));
        selfSigned(host, key, cert);
        return { key: fs.readFileSync(key, "utf8"), cert: fs.readFileSync(cert, "utf8") };
    } finally {
        fs.rmSync(folder, { recursive: true });
    }
}

/** Length and body behind a letter, as every message of the server is made. */
function message(letter: string, ...parts: (Buffer | string)[]): Buffer {
    const body = Buffer.concat(parts.map((part) => (typeof part === "string" ? Buffer.from(part) : part)));
    const head = Buffer.alloc(5);
    head.write(letter);
    head.writeInt32BE(body.length + 4, 1);
    return Buffer.concat([head, body]);
}

const int32 = (number: number) => {
    const buffer = Buffer.alloc(4);
    buffer.writeInt32BE(number);
    return buffer;
};
const int16 = (number: number) => int32(number).subarray(2);
const askPassword = message("R", int32(3));
const ready = message("Z", "I");
const welcome = Buffer.concat([message("R", int32(0)), ready]);
/** One column of text called "now". */
const columns = message("T", int16(1), "now\0", int32(0), int16(0), int32(25), int16(-1), int32(-1), int16(0));
const timeNow = () => {
    const text = new Date().toISOString();
    return Buffer.concat([
        columns,
        message("D", int16(1), int32(text.length), text),
        message("C", "SELECT 1\0"),
        ready,
    ]);
};
const nobody = Buffer.concat([message("1"), message("2"), columns, message("C", "SELECT 0\0"), ready]);

export function servePostgres(stream: Duplex, certificate: Certificate, told: (what: string) => void): void {
    stream.on("error", () => undefined);
    stream.once("data", () => {
        stream.write("S");
        const secure = new tls.TLSSocket(stream as never, { isServer: true, ...certificate });
        secure.on("error", () => undefined);
        secure.once("data", (startup: Buffer) => {
            told(`logs in as ${startup.subarray(8).toString().split("\0").filter(Boolean).join(" ")}`);
            secure.write(askPassword);
            secure.on("data", (data: Buffer) => {
                const letter = data.toString("latin1", 0, 1);
                if (letter === "p") {
                    told(`with password ${data.subarray(5, -1).toString()}`);
                    secure.write(welcome);
                } else if (letter === "Q") {
                    secure.write(timeNow());
                } else if (letter === "P") {
                    // Who is there, in which database, of which roles.
                    told(`asks ${data.toString("latin1").replace(/[^ -~]+/g, " ")}`);
                    secure.write(nobody);
                } else if (letter === "X") {
                    secure.end();
                }
            });
        });
    });
}
