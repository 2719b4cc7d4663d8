// A public name as it is seen from here: every address of it, by real DNS and HTTP, and words for whatever does not answer.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import * as dns from "node:dns";
import * as fs from "node:fs";
import * as https from "node:https";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { promisify } from "node:util";
import type { SeenName } from "../../../logic/entryPoint";
import type { Endpoint } from "../../../products";
import { seenName } from "../../../remote/publicNames";
import { selfSigned } from "../certificate";
import { Answering, PlayedNames, playedNames } from "../../program/playedNames";

describe("a public name, asked", () => {
    const name = "connect.acme.com";
    let here: PlayedNames;
    let answering: Answering;
    const asked: { name: string; address: string }[] = [];
    const ask = (change: Partial<Endpoint> = {}) =>
        seenName({ endpoint: { scheme: "http", host: name, port: here.port, ...change }, path: "/__ping__" });

    before(async () => {
        here = await playedNames((host, address) => {
            asked.push({ name: host, address });
            return answering(host, address);
        });
    });
    after(() => here.stop());
    beforeEach(() => {
        asked.length = 0;
        here.addresses[name] = ["127.0.0.3", "127.0.0.2"];
        answering = () => ({ status: 200 });
    });

    it("is asked at each of its addresses, by its own name", async () => {
        answering = (_name, address) => ({ status: address === "127.0.0.3" ? 503 : 200 });
        assert.deepEqual(await ask(), {
            addresses: ["127.0.0.2", "127.0.0.3"],
            answers: [{ status: 200 }, { status: 503 }],
        });
        assert.deepEqual(
            asked.map(({ name: host }) => host),
            [name, name],
        );
    });

    it("is followed to where DNS leads it the next time, and by no redirect", async () => {
        const redirected = async (location: string) => {
            answering = () => ({ status: 302, headers: { location } });
            return (await ask()).answers[0];
        };
        assert.deepEqual(await redirected("/auth-sign-in"), { status: 302 });
        assert.deepEqual(await redirected(`http://${name}:${here.port}/x`), { status: 302 });
        assert.deepEqual(await redirected(`https://${name}/x`), { status: 302, sentOn: `https://${name}` });
        assert.deepEqual(await redirected("http://:"), { status: 302 });
        here.addresses[name] = ["127.0.0.5"];
        assert.deepEqual((await ask()).addresses, ["127.0.0.5"]);
    });

    it("that a cache answers for is said to be so", async () => {
        answering = () => ({ status: 200, headers: { age: "17" } });
        assert.deepEqual((await ask()).answers[0], { status: 200, cached: true });
        answering = () => ({ status: 200, headers: { age: "0" } });
        assert.deepEqual((await ask()).answers[0], { status: 200 });
    });

    it("that DNS does not have has no address, whatever a hosts file says", async () => {
        const { addresses, answers, problem } = await ask({ host: "localhost" });
        assert.deepEqual([addresses, answers], [[], []]);
        assert.match(problem!, /^DNS has no address for it here: .*ENOTFOUND localhost/);
    });

    it("where something refuses or cuts the connection is told from one where nothing answers", async () => {
        answering = () => undefined;
        const [cut] = (await ask()).answers;
        assert.equal(cut.refused, true, cut.problem);
        const closed = await new Promise<number>((resolve) => {
            const server = net.createServer().listen(0, "127.0.0.2", () => {
                const { port } = server.address() as net.AddressInfo;
                server.close(() => resolve(port));
            });
        });
        here.addresses[name] = ["127.0.0.2"];
        assert.match((await ask({ port: closed })).answers[0].problem!, /ECONNREFUSED/);
        assert.equal((await ask({ port: closed })).answers[0].refused, true);
    });

    it("that speaks no TLS where https is meant is no sight of anything", async () => {
        const [answer] = (await ask({ scheme: "https" })).answers;
        assert.equal(answer.status, undefined);
        assert.ok(answer.problem);
        assert.equal(answer.refused, undefined);
    });
});

describe("a public name with TLS, asked", () => {
    const name = "connect.acme.com";

    /** A process of its own: what a certificate is trusted by is read when one starts. */
    async function asked(trusted: boolean): Promise<SeenName> {
        const folder = fs.mkdtempSync(path.join(os.tmpdir(), "tls-name-"));
        const [key, certificate] = ["key", "certificate"].map((file) => path.join(folder, file));
        selfSigned(name, key, certificate);
        const balancer = https.createServer(
            { key: fs.readFileSync(key), cert: fs.readFileSync(certificate) },
            ({ headers }, response) => response.writeHead(headers.host?.startsWith(name) ? 200 : 421).end(),
        );
        const port = await new Promise<number>((resolve) =>
            balancer.listen(0, "127.0.0.4", () => resolve((balancer.address() as net.AddressInfo).port)),
        );
        const played = await playedNames(() => undefined);
        played.addresses[name] = ["127.0.0.4"];
        const question = { endpoint: { scheme: "https", host: name, port }, path: "/__ping__" };
        // As playedNames does: first its promises, then its servers.
        const program = `const dns = require("node:dns"); void dns.promises; dns.setServers(${JSON.stringify(dns.promises.getServers())});
            require("./remote/publicNames").seenName(${JSON.stringify(question)}).then((seen) => console.log(JSON.stringify(seen)));`;
        const env = { ...process.env, ...(trusted && { NODE_EXTRA_CA_CERTS: certificate }) };
        const args = ["--require", "ts-node/register/transpile-only", "--eval", program];
        const cwd = path.join(__dirname, "../../..");
        try {
            const { stdout } = await promisify(execFile)(process.execPath, args, { cwd, env });
            return JSON.parse(stdout) as SeenName;
        } finally {
            played.stop();
            balancer.close();
            fs.rmSync(folder, { recursive: true });
        }
    }

    it("answers where this machine trusts its certificate for that name", async () => {
        assert.deepEqual(await asked(true), { addresses: ["127.0.0.4"], answers: [{ status: 200 }] });
    }).timeout(30_000);

    it("is no sight of anything where it does not", async () => {
        const [answer] = (await asked(false)).answers;
        assert.equal(answer.status, undefined);
        assert.match(answer.problem!, /self-signed certificate/);
    }).timeout(30_000);
});
