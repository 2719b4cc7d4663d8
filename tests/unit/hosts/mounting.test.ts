// Where a volume may be mounted: at the place itself, never through a link. Real links in a folder; nothing is mounted.
import { strict as assert } from "node:assert";
import * as fs from "node:fs";
import * as path from "node:path";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("a mount point", () => {
    let host: FakeHost;
    beforeEach(async () => {
        host = await fakeHost("connect");
        program(host, "mount", 'echo "mount $*" >>"$HOST_ROOT/calls"');
    });
    afterEach(() => host.remove());

    const mountHomes = (mount: string) =>
        host.run(
            host.render("shared-homes", {
                SOURCE: "files.example.com:/homes",
                TYPE: "none",
                OPTIONS: "",
                MOUNT: path.join(host.root, mount),
            }),
            ["shared-homes", "mount"],
        );

    for (const [what, make, mount] of [
        ["is a link itself", "data/bundles", "data/bundles"],
        ["lies below a link", "data/bundles", "data/bundles/deep/below"],
    ] as const) {
        it(`that ${what} is refused before anything is made or mounted`, async () => {
            fs.mkdirSync(path.join(host.root, "etc/target"));
            fs.symlinkSync(path.join(host.root, "etc/target"), path.join(host.root, make));
            const { status, stderr } = await mountHomes(mount);
            assert.equal(status, 1);
            assert.match(stderr, /leads to .*etc\/target.*, through a link: nothing is mounted there/);
            assert.deepEqual(fs.readdirSync(path.join(host.root, "etc/target")), []);
            assert.ok(!host.calls().some((call) => call.startsWith("mount ")));
        });
    }
});
