// What the inventory learns from EC2 about its own host, by the whole script: a server here answers as the metadata service does, by IMDSv2 only.
// Does not prove that EC2 answers so: the words are its user guide's.
import assert from "node:assert/strict";
import * as http from "node:http";
import * as path from "node:path";
import { usualPort } from "../../../products/endpoints";
import { listening } from "../ports";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";
import { volumesOf } from "./volumes";

const arn = "arn:aws:iam::123456789012:instance-profile/apps/posit-connect";
const profile = JSON.stringify({ Code: "Success", InstanceProfileArn: arn, InstanceProfileId: "AIPA" }, null, 2);

describe("what a host is told of itself", function () {
    this.timeout(30_000);
    let host: FakeHost;
    let metadata: http.Server;
    let asked: string[];
    let answers: Record<string, string>;

    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        [asked, answers] = [[], {}];
        metadata = http.createServer((request, response) => {
            asked.push(`${request.method} ${request.url}`);
            const seconds = request.headers["x-aws-ec2-metadata-token-ttl-seconds"];
            if (request.method === "PUT" && request.url === "/latest/api/token" && seconds !== undefined) {
                response.end("t0ken==");
                return;
            }
            const known = answers[request.url!.replace("/latest/meta-data/", "")];
            const allowed = request.headers["x-aws-ec2-metadata-token"] === "t0ken==";
            response.statusCode = !allowed ? 401 : known === undefined ? 404 : 200;
            response.end(response.statusCode === 200 ? known : "<html>no</html>\n\nnothing\n");
        });
    });
    afterEach(async () => {
        metadata.closeAllConnections();
        metadata.close();
        await host.remove();
    });

    async function read(rootToo = false, port?: number) {
        const volumes = volumesOf(host);
        volumes.attach("nvme0n1", "vol0a1", "ext4");
        volumes.mounted(rootToo ? [{ at: "/", device: "nvme0n1" }] : [{ at: "data", device: "nvme0n1" }]);
        const text = host.render("inventory", {
            DATABASES: [{ role: "main", kind: "sqlite" }],
            SHARED_HOMES: "",
            PORT: usualPort("connect"),
            METADATA_PORT: port ?? (await listening(metadata)),
            VOLUMES: [
                {
                    mount: path.join(host.root, "data"),
                    volumeId: "vol-0a1",
                    ...(rootToo && { folder: path.join(host.root, "data") }),
                },
            ],
        });
        const { status, stdout, stderr } = await host.run(volumes.with(text));
        assert.equal(status, 0, stderr);
        const { findings, instanceProfile } = host.answer("inventory", stdout);
        const about = findings.filter(({ code }) => code !== "no-key");
        return { instanceProfile, found: about.map(({ verdict, code, detail }) => `${verdict} ${code}: ${detail}`) };
    }

    it("has the instance profile, asked with a token", async () => {
        answers["iam/info"] = profile;
        assert.deepEqual(await read(), { instanceProfile: arn, found: [] });
        assert.deepEqual(asked, ["PUT /latest/api/token", "GET /latest/meta-data/iam/info"]);
    });

    it("is nothing where there is no profile, and where nobody answers", async () => {
        assert.deepEqual(await read(), { instanceProfile: "", found: [] });
        await host.remove();
        host = await fakeHost("connect");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        assert.deepEqual(await read(false, 9), { instanceProfile: "", found: [] });
    });

    it("refuses data on the root volume of an image from the Marketplace (marketplace-volume), and no other data", async () => {
        answers["product-codes"] = "abc123\ndef456";
        const { found } = await read(true);
        assert.match(
            found.join("\n"),
            /^refused marketplace-volume: .*root volume.*product code abc123 def456\): a copy/,
        );
        await host.remove();
        host = await fakeHost("connect");
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        const elsewhere = { port: (metadata.address() as { port: number }).port };
        assert.deepEqual((await read(false, elsewhere.port)).found, []);
    });

    it("lets data on another image's root volume be", async () => {
        assert.deepEqual((await read(true)).found, []);
    });

    it("refuses a host on Xen once, instead of advice about each of its volumes (xen-host)", async () => {
        host.make("sys/hypervisor/type", "xen\n");
        const { found } = await read();
        assert.equal(found.length, 1);
        assert.match(found[0], /^refused xen-host: .* does not show which volume is which/);
    });
});
