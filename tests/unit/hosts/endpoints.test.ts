// Where the inventory finds that a product answers, and what of that it refuses. The host is a folder; its /proc is written by hand.
import assert from "node:assert/strict";
import { usualPort } from "../../../products/endpoints";
import type { ProductId } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";

const files: Record<ProductId, string> = {
    packageManager: "etc/rstudio-pm/rstudio-pm.gcfg",
    workbench: "etc/rstudio/rserver.conf",
    connect: "etc/rstudio-connect/rstudio-connect.gcfg",
};

interface Found {
    endpoints: { listens: { scheme: string; host: string; port: number }[]; address: string };
    /** "code verdict" */
    codes: string[];
    words: string;
}

describe("where the inventory finds that a product answers", () => {
    let host: FakeHost;
    afterEach(() => host.remove());

    /** @param declared posit:current.*.productPort, or what is usual. */
    async function found(
        product: ProductId,
        text: string,
        { declared = usualPort(product), prepare = () => {} }: { declared?: number; prepare?: () => void } = {},
    ): Promise<Found> {
        host = await fakeHost(product);
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        host.make(files[product], text);
        prepare();
        const variables = {
            DATABASES: [{ role: "main", kind: "sqlite" }],
            SHARED_HOMES: "",
            VOLUMES: [],
            PORT: declared,
        };
        const { status, stdout, stderr } = await host.run(host.render("inventory", variables));
        assert.equal(status, 0, stderr);
        const { endpoints, findings } = host.answer("inventory", stdout);
        const mine = findings.filter(({ code }) =>
            /^(tls-in-product|redirect-port|unreadable-port|privileged-port|other-port|proxy-on-host|one-address|not-listening|under-a-path)$/.test(
                code,
            ),
        );
        return {
            endpoints: endpoints!,
            codes: mine.map(({ code, verdict }) => `${code} ${verdict}`),
            words: mine.map(({ detail, remedy }) => `${detail}; ${remedy}`).join("\n"),
        };
    }

    const rows: [string, ProductId, string, string[], string[]][] = [
        ["nothing said", "connect", "", ["http *:3939"], []],
        ["nothing said", "workbench", "", ["http *:8787"], []],
        ["nothing said", "packageManager", "", ["http *:4242"], []],
        ["the usual port", "connect", '[HTTP]\nListen = ":3939"\n', ["http *:3939"], []],
        ["every address", "connect", "[HTTP]\nListen = 0.0.0.0:3939\n", ["http *:3939"], []],
        ["every IPv6 address", "connect", "[HTTP]\nListen = [::]:3939\n", ["http *:3939"], []],
        ["the unused protocol's empty port", "packageManager", "[HTTPS]\nListen =\n", ["http *:4242"], []],
        ["the last of two", "connect", "[HTTP]\nListen = :1\n[http]\nlisten = :3939\n", ["http *:3939"], []],
        ["another port", "connect", "[HTTP]\nListen = :8080\n", ["http *:8080"], ["other-port refused"]],
        ["another port", "workbench", "www-port=8080 # as ever\n", ["http *:8080"], ["other-port refused"]],
        ["a privileged port", "packageManager", "[HTTP]\nListen = :80\n", ["http *:80"], ["privileged-port refused"]],
        [
            "one address",
            "connect",
            "[HTTP]\nListen = 10.1.0.12:3939\n",
            ["http 10.1.0.12:3939"],
            ["one-address refused"],
        ],
        ["IPv6 on the host", "workbench", "www-address=::1\n", ["http ::1:8787"], ["one-address refused"]],
        [
            "a proxy beside it",
            "connect",
            "[HTTP]\nListen = 127.0.0.1:3939\n",
            ["http 127.0.0.1:3939"],
            ["proxy-on-host declare"],
        ],
        [
            "a proxy beside it",
            "workbench",
            "www-address=127.0.0.1\n",
            ["http 127.0.0.1:8787"],
            ["proxy-on-host declare"],
        ],
        [
            "a certificate",
            "packageManager",
            "[HTTP]\nListen =\n[HTTPS]\nCertificate = /etc/x.pem\nKey = /etc/x.key\n",
            ["https *:443"],
            ["tls-in-product refused"],
        ],
        [
            "TLS beside plain HTTP",
            "connect",
            "[HTTP]\nListen = :3939\n[HTTPS]\nListen = :8443\nCertificate = /etc/x.pem\n",
            ["https *:8443", "http *:3939"],
            ["tls-in-product refused"],
        ],
        [
            "TLS",
            "workbench",
            "ssl-enabled=1\nssl-certificate=/etc/x.pem\n",
            ["https *:443"],
            ["tls-in-product refused"],
        ],
        [
            "TLS on a port",
            "workbench",
            "ssl-enabled=TRUE\nwww-port=8443\n",
            ["https *:8443"],
            ["tls-in-product refused"],
        ],
        ["a certificate without TLS", "workbench", "ssl-enabled=0\nssl-certificate=/x\n", ["http *:8787"], []],
        ["a redirect", "packageManager", "[HttpRedirect]\nListen = :80\n", ["http *:4242"], ["redirect-port declare"]],
        ["no port", "connect", "[HTTP]\nListen = here\n", [], ["unreadable-port refused"]],
        ["a port that is none", "workbench", "www-port=99999\n", [], ["unreadable-port refused"]],
        ["a path of a proxy", "workbench", "www-root-path=/rstudio\n", ["http *:8787"], ["under-a-path refused"]],
        ["the root", "workbench", "www-root-path=/\n", ["http *:8787"], []],
        [
            "an address with a path",
            "connect",
            "[Server]\nAddress = https://tools.acme.com/connect\n",
            ["http *:3939"],
            ["under-a-path refused"],
        ],
        ["an address with a slash", "connect", "[Server]\nAddress = https://c.acme.com/\n", ["http *:3939"], []],
    ];
    for (const [what, product, text, listens, codes] of rows) {
        it(`${product}: ${what}`, async () => {
            const { endpoints, codes: given } = await found(product, text);
            assert.deepEqual(
                endpoints.listens.map(({ scheme, host: at, port }) => `${scheme} ${at}:${port}`),
                listens,
            );
            assert.deepEqual(given, codes);
        });
    }

    it("tells its public address as it is written there, and no password in one", async () => {
        const of = async (address: string) => {
            const { endpoints } = await found("connect", `[Server]\nAddress = "${address}"\n`);
            return endpoints.address;
        };
        assert.equal(await of("https://connect.acme.com"), "https://connect.acme.com");
        await host.remove();
        assert.equal(await of("https://me:s3cret@connect.acme.com"), "unreadable");
        await host.remove();
        assert.equal(await of(""), "");
    });

    it("asks for what stands in the configuration, to the letter", async () => {
        const other = await found("connect", "[HTTP]\nListen = :8080\n");
        assert.match(
            other.words,
            /listen on port 8080, and is asked on 3939; set posit:current\.connect\.productPort: 8080/,
        );
        await host.remove();
        assert.deepEqual((await found("connect", "[HTTP]\nListen = :8080\n", { declared: 8080 })).codes, []);
        await host.remove();
        const usual = await found("connect", "", { declared: 8080 });
        assert.match(usual.words, /posit:current says 8080; take posit:current\.connect\.productPort away/);
    });

    /** The product's main process, as the kernel shows it. */
    function running(variables: string): void {
        host.make("units/rstudio-connect.pid", "4711");
        host.make("proc/4711/environ", `PATH=/bin\0${variables}\0`);
    }

    it("believes the running process before the file", async () => {
        const { endpoints } = await found("connect", "[HTTP]\nListen = :3939\n", {
            prepare: () => running("CONNECT_HTTP_LISTEN=:3940\0CONNECT_SERVER_ADDRESS=http://c.acme.com:3940"),
        });
        assert.deepEqual(endpoints, {
            listens: [{ scheme: "http", host: "*", port: 3940 }],
            address: "http://c.acme.com:3940",
        });
    });

    const listening = (port: string) =>
        `  sl  local_address rem_address   st tx_queue\n   0: 00000000:0016 00000000:0000 0A 0\n   1: 0100007F:0F63 0100007F:A1B2 01 0\n   2: 00000000:${port} 00000000:0000 0A 0\n`;

    it("holds the configuration against what listens", async () => {
        const text = "[HTTP]\nListen = :3939\n";
        const tcp = (table: string) => () => host.make("proc/net/tcp6", table) ?? host.make("proc/net/tcp", "");
        assert.deepEqual((await found("connect", text, { prepare: tcp(listening("0F63")) })).codes, []);
        await host.remove();
        const withoutIpv6 = () => host.make("proc/net/tcp", listening("0F63"));
        assert.deepEqual((await found("connect", text, { prepare: withoutIpv6 })).codes, []);
        await host.remove();
        const { codes, words } = await found("connect", text, { prepare: tcp(listening("0F64")) });
        assert.deepEqual(codes, ["not-listening declare"]);
        assert.match(words, /runs, is configured to listen on port 3939, and nothing on .* does; restart it/);
        await host.remove();
        const down = () => {
            tcp(listening("0F64"))();
            host.setUnit("rstudio-connect", "inactive");
        };
        assert.deepEqual((await found("connect", text, { prepare: down })).codes, []);
    }).timeout(60_000);
});
