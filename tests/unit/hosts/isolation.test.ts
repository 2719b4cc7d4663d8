// Whether a new host reaches production: connections are real, to this machine's own addresses. Lost packets are played by a `timeout` that ends
// as one does whose time is over. Does not prove what AWS's networks let through (the dress rehearsal on an account).
import { strict as assert } from "node:assert";
import * as net from "node:net";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";

describe("a new host that tries to reach production", function () {
    this.timeout(30_000);
    let host: FakeHost;
    let server: net.Server;
    let open: number;
    let closed: number;
    const listening = async () => {
        const made = net.createServer((socket) => socket.destroy());
        await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
        return { made, port: (made.address() as net.AddressInfo).port };
    };
    beforeEach(async () => {
        host = await fakeHost("connect");
        ({ made: server, port: open } = await listening());
        const gone = await listening();
        closed = gone.port;
        await new Promise((resolve) => gone.made.close(resolve));
    });
    afterEach(async () => {
        server.close();
        await host.remove();
    });

    const place = (port: number, address = "127.0.0.1", what = "production's Connect") => ({ what, address, port });
    const tries = (...places: object[]) => host.run(host.render("isolation", { PLACES: places }));

    it("is refused with every place that it reached, also where nobody listens", async () => {
        const { status, stderr } = await tries(place(open), place(closed, "127.0.0.1", "production's Workbench"));
        assert.equal(status, 1);
        assert.match(
            stderr,
            new RegExp(
                `^\\[isolation\\] .* reaches production's Connect \\(127\\.0\\.0\\.1, port ${open}\\); production's Workbench \\(127\\.0\\.0\\.1, port ${closed}\\); so .*overrides`,
            ),
        );
    });

    it("says how many places it tried in vain", async () => {
        // A name that nobody has, and an address whose packets are lost.
        program(host, "timeout", '[ "$6" = 127.0.0.1 ] || exit 124\nexec /usr/bin/timeout "$@"');
        const { status, stdout, stderr } = await tries(place(open, "203.0.113.9"), place(open, "nobody.invalid"));
        assert.equal(status, 0, stderr);
        assert.deepEqual(host.answer("isolation", stdout), { tried: 2 });
    });

    it("reads nothing of an address as a program", async () => {
        const { status } = await tries(place(open, `$(touch ${host.root}/planted)`), place(open, "a;exit 0;"));
        assert.equal(status, 0);
        assert.ok(!host.exists("planted"));
    });

    it("tells nothing where it can't open connections", async () => {
        program(host, "timeout", "exit 127");
        const { status, stderr } = await tries(place(open));
        assert.equal(status, 1);
        assert.match(stderr, /can't open connections from bash/);
    });
});
