// What users changed on a host since a moment, as the move to the other side asks it. Real files with times of their own.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";

describe("what changed on a host", function () {
    this.timeout(30_000);
    let host: FakeHost;
    beforeEach(async () => (host = await fakeHost("connect")));
    afterEach(() => host.remove());

    const moment = "2026-03-01T12:00:00Z";
    const file = (name: string, at: string) => {
        host.make(name, "");
        fs.utimesSync(path.join(host.root, name), new Date(at), new Date(at));
    };
    async function changes(since = "") {
        const { status, stdout, stderr } = await host.run(host.render("changes", { SINCE: since }));
        assert.equal(status, 0, stderr);
        const answer = host.answer("changes", stdout);
        return { ...answer, examples: answer.examples.map((name) => name.replace(host.root, "")).sort() };
    }

    it("is counted from the moment that is asked for, below data alone; logs are nobody's work", async () => {
        file("data/before", "2026-03-01T11:59:59Z");
        file("data/at", moment);
        file("data/after", "2026-03-01T12:00:01Z");
        file("data/deep/below/x.qmd", "2026-03-02T00:00:00Z");
        file("data/rstudio.log", "2026-03-02T00:00:00Z");
        file("data/my.logs", "2026-03-02T00:00:00Z");
        file("etc/elsewhere", "2026-03-02T00:00:00Z");
        fs.symlinkSync(path.join(host.root, "etc/elsewhere"), path.join(host.root, "data/link"));
        assert.deepEqual(await changes(moment), {
            product: "connect",
            since: moment,
            files: 3,
            examples: ["/data/after", "/data/deep/below/x.qmd", "/data/my.logs"],
        });
    });

    it("is nothing where nothing did", async () => {
        file("data/before", "2026-03-01T11:59:59Z");
        assert.deepEqual(await changes(moment), { product: "connect", since: moment, files: 0, examples: [] });
    });

    it("is counted since the host serves where nobody says a moment", async () => {
        file("var/lib/posit-upgrade/serving", moment);
        file("data/before", "2026-03-01T11:59:59Z");
        file("data/after", "2026-03-01T12:00:01Z");
        const { since, files } = await changes();
        assert.deepEqual({ since, files }, { since: moment, files: 1 });
        assert.equal((await changes("2026-03-02T00:00:00Z")).files, 0, "a moment that is said counts first");
    });

    it("is refused where neither is known", async () => {
        const { status, stderr } = await host.run(host.render("changes", { SINCE: "" }));
        assert.equal(status, 1);
        assert.match(stderr, /^.* does not know since when it serves\.\n$/);
    });

    it("is counted to a thousand, with five examples", async () => {
        for (let i = 0; i < 1_003; i++) file(`data/${i}`, "2026-03-02T00:00:00Z");
        const { files, examples } = await changes(moment);
        assert.deepEqual([files, examples.length], [1_000, 5]);
    });

    it("does not count logs before it leaves them out", async () => {
        for (let i = 0; i < 4_000; i++) file(`data/${i}.log`, "2026-03-02T00:00:00Z");
        for (let i = 0; i < 4_000; i += 400) file(`data/${i}.qmd`, "2026-03-02T00:00:00Z");
        assert.equal((await changes(moment)).files, 10);
    });

    it("is in every place of data, and on other file systems below none", async () => {
        file("data/a", "2026-03-02T00:00:00Z");
        file("more/b", "2026-03-02T00:00:00Z");
        const places = ["data", "more"].map((name) => path.join(host.root, name));
        const text = host.render("changes", { SINCE: moment, DATA_MOUNTS: places });
        const { stdout } = await host.run(text);
        assert.equal(host.answer("changes", stdout).files, 2);
        assert.match(text, /find "\$\{DATA_MOUNTS\[@\]\}" -xdev /);
    });
});
