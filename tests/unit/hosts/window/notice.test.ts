// The program that answers in place of a closed product, by itself: what every kind of client gets, whatever it sends and whatever the
// notice says. Does not prove that systemd hands it connections (the rehearsal does).
import { strict as assert } from "node:assert";
import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";

const program = path.join(__dirname, "../../../../hosts/carried/notice.sh");

interface Answer {
    status: string;
    headers: Record<string, string>;
    body: string;
}

describe("the maintenance notice", function () {
    this.timeout(60_000);
    let folder: string;
    let file: string;
    before(() => {
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "notice-"));
        file = path.join(folder, "notice.txt");
    });
    beforeEach(() => fs.writeFileSync(file, "Moving.\nBack at 12:00 UTC.\n"));
    after(() => fs.rmSync(folder, { recursive: true }));

    /** What it wrote, once it ended; `rest` stays open when `hold` says so, as a client that waits would leave it. */
    function raw(request: string | Buffer, { hold = false, args = [file] } = {}): Promise<Buffer> {
        return new Promise((resolve, reject) => {
            const child = spawn("bash", [program, ...args], { cwd: folder, stdio: ["pipe", "pipe", "ignore"] });
            const out: Buffer[] = [];
            child.stdin.on("error", () => undefined); // it need not read all
            child.stdout.on("data", (chunk: Buffer) => out.push(chunk));
            child.on("error", reject);
            child.on("close", () => resolve(Buffer.concat(out)));
            child.stdin.write(request);
            if (!hold) child.stdin.end();
        });
    }

    function parse(text: Buffer): Answer {
        const end = text.indexOf("\r\n\r\n");
        const [status, ...lines] = text.subarray(0, end).toString().split("\r\n");
        const body = text.subarray(end + 4);
        const headers = Object.fromEntries(
            lines.map((line) => [
                line.slice(0, line.indexOf(":")).toLowerCase(),
                line.slice(line.indexOf(":") + 1).trim(),
            ]),
        );
        return { status, headers, body: body.toString() };
    }
    const ask = async (request: string, options = {}) => parse(await raw(request, options));

    it("tells programs in JSON, with a time to come back", async () => {
        const { status, headers, body } = await ask(
            "GET /src/contrib/PACKAGES HTTP/1.1\r\nHost: x\r\nAccept: */*\r\n\r\n",
        );
        assert.equal(status, "HTTP/1.1 503 Service Unavailable");
        assert.deepEqual(
            [headers["retry-after"], headers["cache-control"], headers.connection, headers["content-type"]],
            ["60", "no-store", "close", "application/json"],
        );
        assert.deepEqual(JSON.parse(body), { error: "Moving. Back at 12:00 UTC. " });
    });

    it("shows browsers a page", async () => {
        const { headers, body } = await ask("GET / HTTP/1.1\r\nACCEPT: text/html,application/xhtml+xml\r\n\r\n");
        assert.match(headers["content-type"], /^text\/html/);
        assert.match(body, /^<!doctype html>.*<p>Moving\. Back at 12:00 UTC\. <\/p>/);
    });

    it("sends no body where none is asked for, and says how long it would be", async () => {
        const get = await ask("GET / HTTP/1.1\r\n\r\n");
        const head = await ask("HEAD / HTTP/1.1\r\n\r\n");
        assert.equal(head.body, "");
        assert.equal(head.headers["content-length"], get.headers["content-length"]);
    });

    it("says any text as it is, and as many bytes as it tells", async () => {
        const texts = fc.string({ unit: "grapheme", maxLength: 60 }).filter((text) => !/[\0-\x1f]/.test(text));
        const odd = fc.constantFrom(
            '"\\"',
            "\\n",
            "$(touch x)",
            "`touch x`",
            "<b>&amp;</b>",
            "%s%n",
            "é漢🐧",
            "&&&",
            "-n",
        );
        await fc.assert(
            fc.asyncProperty(fc.oneof(texts, odd), async (text) => {
                fs.writeFileSync(file, `${text}\n`);
                const json = await raw("GET / HTTP/1.1\r\n\r\n");
                const told = parse(json);
                assert.deepEqual(JSON.parse(told.body), { error: `${text} ` });
                assert.equal(Number(told.headers["content-length"]), json.length - json.indexOf("\r\n\r\n") - 4);
                const page = (await ask("GET / HTTP/1.1\r\naccept: text/html\r\n\r\n")).body;
                const escaped = text.replace(/&/g, "&amp;").replace(/</g, "&lt;");
                assert.ok(page.includes(`<p>${escaped} </p>`), page);
            }),
            { numRuns: 40 },
        );
        assert.deepEqual(fs.readdirSync(folder), ["notice.txt"]);
    });

    for (const [what, request] of Object.entries({
        "a line without an end": "x".repeat(2_000_000),
        "headers without an end": `GET / HTTP/1.1\r\n${"X: y\r\n".repeat(100_000)}`,
        "bytes that are no text": Buffer.from(Array.from({ length: 5000 }, (_, i) => i % 256)),
        "a command": "$(touch x)\r\nAccept: $(touch x)\r\n\r\n",
        "nothing at all": "",
        "a request of old": "GET /\n\n",
    })) {
        it(`answers ${what}`, async () => {
            const { status, headers } = parse(await raw(request));
            assert.equal(status, "HTTP/1.1 503 Service Unavailable");
            assert.equal(headers["content-type"], "application/json");
            assert.deepEqual(fs.readdirSync(folder), ["notice.txt"]);
        });
    }

    it("waits for nobody for long, nor for an end that does not come", async () => {
        const began = Date.now();
        assert.match((await ask("GET / HTTP/1.1\r\nHost:", { hold: true })).status, / 503 /);
        assert.ok(Date.now() - began < 8_000);
        const soon = Date.now();
        assert.match((await ask("GET / HTTP/1.1\r\n\r\n", { hold: true })).status, / 503 /);
        assert.ok(Date.now() - soon < 3_000, "a whole request was not enough");
    });

    it("says that it is closed although nobody wrote down why", async () => {
        fs.rmSync(file);
        for (const args of [[file], []]) {
            const { status, body } = await ask("GET / HTTP/1.1\r\n\r\n", { args });
            assert.match(status, / 503 /);
            assert.deepEqual(JSON.parse(body), { error: "Closed for maintenance." });
        }
    });
});
