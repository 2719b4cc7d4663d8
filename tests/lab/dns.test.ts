// The cloud's names for real: what a hosted zone's records say is what clients in the lab are answered, within
// milliseconds of a change. Needs root; seconds once the images are built.
import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { RecordSet, Request } from "../../lab/cloud/api";
import { eventually, refused } from "./assertions";
import { createTestLab } from "./testLab";
import type { TestLab } from "./testLab";

/** Asks the lab's name server over and over for one name and prints a line whenever the answer is another one. */
const watcher = `
const { Resolver } = require("node:dns").promises;
const resolver = new Resolver({ timeout: 500, tries: 1 });
let last;
(async function ask() {
    const answer = await resolver.resolve4(process.argv[1]).then(String, (error) => error.code);
    if (answer !== last) console.log(JSON.stringify({ answer, at: Date.now() }));
    last = answer;
    setTimeout(ask, 1);
})();`;

describe("the names of the one-machine cloud", function () {
    this.timeout(300_000);
    let lab: TestLab;
    let zoneId: string;

    before(async () => {
        lab = createTestLab();
        await lab.lifecycle("start");
        ({ zoneId } = await lab.call("CreateHostedZone", { name: "example.com." }));
    });

    after(async () => {
        await lab.lifecycle("remove");
        fs.rmSync(lab.folder, { recursive: true, force: true });
    });

    const record = (change: Partial<RecordSet> = {}): RecordSet => ({
        ...{ zoneId, name: "connect.example.com", type: "A", ttl: 7, records: ["10.10.1.10"] },
        ...change,
    });
    const change = (action: Request<"ChangeRecordSet">["change"], set: Partial<RecordSet> = {}): Promise<unknown> =>
        lab.call("ChangeRecordSet", { ...record(set), change: action });

    /** [addresses with their TTL, or the resolver's error code] as a program in the users' network sees it. */
    async function resolve(name: string): Promise<unknown> {
        const program = `require("node:dns").promises.resolve4(process.argv[1], { ttl: true })
            .catch((error) => error.code).then((answer) => console.log(JSON.stringify(answer)))`;
        return JSON.parse(await lab.within("us", [process.execPath, "-e", program, name]));
    }

    it("answers a new record with its TTL as soon as the call returns", async () => {
        await change("CREATE");
        assert.deepEqual(await resolve("connect.example.com"), [{ address: "10.10.1.10", ttl: 7 }]);
    });

    it("is used by the system's own resolver in every namespace", async () => {
        for (const namespace of ["op", "us", "in"]) {
            assert.match(await lab.within(namespace, ["getent", "hosts", "connect.example.com"]), /^10\.10\.1\.10 /);
        }
        assert.match(await lab.within("us", ["getent", "hosts", "repository.test"]), /^10\.2\.0\.80 /);
    });

    it("shows a change to clients within 100 ms of its being asked for", async () => {
        const client = spawn("ip", [
            ...["netns", "exec", `${lab.prefix}-us`],
            ...[process.execPath, "-e", watcher, "connect.example.com"],
        ]);
        try {
            const seen: { answer: string; at: number }[] = [];
            client.stdout.on("data", (data: Buffer) =>
                seen.push(
                    ...data
                        .toString()
                        .trim()
                        .split("\n")
                        .map((line) => JSON.parse(line)),
                ),
            );
            const sees = (answer: string): Promise<number> =>
                eventually(async () => {
                    assert.equal(seen.at(-1)?.answer, answer);
                    return seen.at(-1)?.at as number;
                }, 5);
            await sees("10.10.1.10");
            const delays: number[] = [];
            for (const address of ["10.20.1.11", "10.20.1.12", "10.20.1.13", "10.20.1.14", "10.20.1.15"]) {
                const asked = Date.now();
                await change("UPSERT", { records: [address] });
                delays.push((await sees(address)) - asked);
            }
            const median = delays.sort((a, b) => a - b)[2];
            assert.ok(median < 100, `${delays.join(", ")} ms`);
        } finally {
            client.kill("SIGKILL");
        }
    });

    it("refuses a batch that Route 53 would refuse, and changes nothing", async () => {
        const before = await lab.call("ListRecordSets", { zoneId });
        const bad = (action: Request<"ChangeRecordSet">["change"], set: Partial<RecordSet>): Promise<void> =>
            refused(change(action, set), "InvalidChangeBatch");
        await refused(change("CREATE"), "InvalidChangeBatch", /already exists/);
        await refused(change("DELETE", { name: "no.example.com" }), "InvalidChangeBatch", /was not found/);
        await refused(change("DELETE", { records: ["10.9.9.9"] }), "InvalidChangeBatch", /do not match/);
        await bad("CREATE", { name: "elsewhere.test" });
        await bad("UPSERT", { records: ["10.20.1"] });
        await bad("CREATE", { type: "CNAME", records: ["workbench.example.com"] });
        await bad("CREATE", { name: "example.com", type: "CNAME", records: ["workbench.example.com"] });
        await bad("CREATE", { name: "text.example.com", type: "TXT", records: ["not quoted"] });
        // Well formed as far as the cloud checks, but the name server can't load it.
        await bad("CREATE", { name: "mail.example.com", type: "MX", records: ["first mail.example.com"] });
        await refused(change("CREATE", { zoneId: "Z0" }), "NoSuchHostedZone");
        assert.deepEqual(await lab.call("ListRecordSets", { zoneId }), before);
        assert.deepEqual(await resolve("connect.example.com"), [{ address: "10.20.1.15", ttl: 7 }]);
    });

    it("answers other types, aliases within the zone and wildcards", async () => {
        await change("CREATE", { name: "www.example.com", type: "CNAME", records: ["connect.example.com"] });
        await change("CREATE", { name: "*.apps.example.com", records: ["10.20.1.20"] });
        await change("CREATE", { name: "text.example.com", type: "TXT", records: ['"v=1; a"', '"b"'] });
        assert.deepEqual(await resolve("www.example.com"), [{ address: "10.20.1.15", ttl: 7 }]);
        assert.deepEqual(await resolve("one.apps.example.com"), [{ address: "10.20.1.20", ttl: 7 }]);
        const program = `require("node:dns").promises.resolveTxt("text.example.com")
            .then((answer) => console.log(JSON.stringify(answer.flat().sort())))`;
        assert.deepEqual(JSON.parse(await lab.within("us", [process.execPath, "-e", program])), ["b", "v=1; a"]);
    });

    it("denies what no record tells of", async () => {
        await change("DELETE", { name: "www.example.com", type: "CNAME", records: ["connect.example.com"] });
        assert.equal(await resolve("www.example.com"), "ENOTFOUND");
        assert.equal(await resolve("deb.debian.org"), "ENOTFOUND");
    });

    it("lists zones by name and refuses a second one of the same name", async () => {
        await lab.call("CreateHostedZone", { name: "second.example" });
        const { zones } = await lab.call("DescribeHostedZones", { name: "example.com" });
        assert.deepEqual(zones, [{ zoneId, name: "example.com" }]);
        await refused(lab.call("CreateHostedZone", { name: "Example.com" }), "HostedZoneAlreadyExists");
    });

    it("goes on while the daemon is away, and comes back when it is killed itself", async () => {
        const pid = (name: string): number => {
            const file = path.join(lab.folder, ".lab/cloud/processes", `${name}.json`);
            return (JSON.parse(fs.readFileSync(file, "utf8")) as { pid: number }).pid;
        };
        process.kill(pid("cloud"), "SIGKILL");
        assert.deepEqual(await resolve("connect.example.com"), [{ address: "10.20.1.15", ttl: 7 }]);
        const before = pid("knot");
        await lab.lifecycle("start");
        assert.equal(pid("knot"), before);
        process.kill(before, "SIGKILL");
        await eventually(async () => {
            assert.deepEqual(await resolve("connect.example.com"), [{ address: "10.20.1.15", ttl: 7 }]);
        }, 10);
    });

    it("answers the same after the whole lab was stopped, when nothing of it runs", async () => {
        await lab.lifecycle("stop");
        assert.equal(execFileSync("ps", ["-eo", "args"]).toString().includes(lab.folder), false);
        await lab.lifecycle("start");
        assert.deepEqual(await resolve("connect.example.com"), [{ address: "10.20.1.15", ttl: 7 }]);
    });
});
