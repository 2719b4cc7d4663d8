// Endpoints as values: what is written is read back as it was, and what can't be one is told in words.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { authorityOf, Endpoint, parseEndpoint, sameEndpoint, schemes, urlOf } from "../../../products/endpoint";
import { isFronted, publicEndpoint } from "../../../products/endpoints";

describe("an endpoint", () => {
    const rows: [string, Endpoint, string?][] = [
        ["http://connect.acme.com", { scheme: "http", host: "connect.acme.com", port: 80 }],
        ["https://connect.acme.com", { scheme: "https", host: "connect.acme.com", port: 443 }],
        ["https://connect.acme.com:80", { scheme: "https", host: "connect.acme.com", port: 80 }],
        ["http://connect.acme.com:3939", { scheme: "http", host: "connect.acme.com", port: 3939 }],
        [
            "http://connect.acme.com:80/",
            { scheme: "http", host: "connect.acme.com", port: 80 },
            "http://connect.acme.com",
        ],
        [
            "HTTPS://Connect.Acme.COM",
            { scheme: "https", host: "connect.acme.com", port: 443 },
            "https://connect.acme.com",
        ],
        ["http://10.1.0.12:3939", { scheme: "http", host: "10.1.0.12", port: 3939 }],
        ["http://[::1]:3939", { scheme: "http", host: "::1", port: 3939 }],
        ["https://[2001:DB8:0:0::1]", { scheme: "https", host: "2001:db8::1", port: 443 }, "https://[2001:db8::1]"],
        ["http://localhost:8787", { scheme: "http", host: "localhost", port: 8787 }],
    ];
    for (const [text, endpoint, written = text] of rows) {
        it(`is ${text}`, () => {
            assert.deepEqual(parseEndpoint(text), endpoint);
            assert.equal(urlOf(endpoint), written);
        });
    }

    const wrong: [string, RegExp][] = [
        ["connect.acme.com", /must begin with http:\/\/ or https:\/\//],
        ["connect.acme.com:3939", /must begin with/],
        ["ftp://connect.acme.com", /must begin with/],
        ["http:/connect.acme.com", /must begin with/],
        ["https://tools.acme.com/connect", /has a path/],
        ["https://connect.acme.com?x", /has a path/],
        ["https://connect.acme.com#x", /has a path/],
        ["https://me:secret@connect.acme.com", /has a user or a password/],
        ["https://", /no host name/],
        ["https://:443", /no host name/],
        ["https://connect_acme.com", /no host name/],
        ["https://connect..com", /no host name/],
        ["https://-x.com", /no host name/],
        ["https://999.1.1.1", /no host name/],
        ["https://10.1", /no host name/],
        ["https://[::1", /no host name/],
        ["https://[::1%eth0]", /no host name/],
        ["https://[connect.acme.com]", /no host name/],
        ["https://connect.acme.com:", /port from 1 to 65535/],
        ["https://connect.acme.com:0", /port from 1 to 65535/],
        ["https://connect.acme.com:65536", /port from 1 to 65535/],
        ["https://connect.acme.com:44x", /port from 1 to 65535/],
        ["https://a.com:1:2", /port from 1 to 65535/],
        ["https://a b.com", /no host name/],
    ];
    for (const [text, problem] of wrong) {
        it(`is not ${text}`, () => assert.match(String(parseEndpoint(text)), problem));
    }

    const endpoints: fc.Arbitrary<Endpoint> = fc.record(
        {
            scheme: fc.constantFrom(...schemes),
            host: fc.oneof(
                fc.domain().map((name) => name.toLowerCase()),
                fc.ipV4(),
                fc.ipV6().map((address) => new URL(`http://[${address}]`).hostname.slice(1, -1)),
            ),
            port: fc.oneof(fc.integer({ min: 1, max: 65_535 }), fc.constantFrom(80, 443)),
        },
        { noNullPrototype: true },
    );

    it("is read back as it was written, in the spelling that URLs have", () => {
        fc.assert(
            fc.property(endpoints, (endpoint) => {
                assert.deepEqual(parseEndpoint(urlOf(endpoint)), endpoint);
                assert.equal(urlOf(endpoint), new URL(urlOf(endpoint)).origin);
                assert.equal(authorityOf(endpoint), new URL(urlOf(endpoint)).host);
                assert.ok(urlOf(endpoint, "/x").startsWith(`${urlOf(endpoint)}/`));
            }),
            { numRuns: 500 },
        );
    });

    it("is equal to another one when it is written alike, and never otherwise", () => {
        fc.assert(
            fc.property(endpoints, endpoints, (one, other) => {
                assert.equal(sameEndpoint(one, other), urlOf(one) === urlOf(other));
                assert.ok(sameEndpoint(one, { ...one }));
            }),
        );
    });

    it("is never read from a text without a problem being told, whatever the text", () => {
        fc.assert(
            fc.property(
                fc.oneof(
                    fc.string(),
                    fc.webUrl(),
                    fc.string().map((text) => `https://${text}`),
                ),
                (text) => {
                    const parsed = parseEndpoint(text);
                    if (typeof parsed === "string") assert.notEqual(parsed, "");
                    else assert.deepEqual(parseEndpoint(urlOf(parsed)), parsed);
                },
            ),
            { numRuns: 500 },
        );
    });
});

describe("what users type", () => {
    it("is the product itself where a name alone is written, and a URL all of it", () => {
        assert.equal(urlOf(publicEndpoint("connect.acme.com", 3939)), "http://connect.acme.com:3939");
        assert.equal(urlOf(publicEndpoint("connect.acme.com", 8080)), "http://connect.acme.com:8080");
        assert.equal(urlOf(publicEndpoint("https://connect.acme.com", 3939)), "https://connect.acme.com");
        assert.equal(urlOf(publicEndpoint("http://connect.acme.com", 3939)), "http://connect.acme.com");
        assert.throws(() => publicEndpoint("https://", 3939), /no host name/);
    });

    it("leads to something in front of the product where that is not its plain HTTP on its own port", () => {
        const fronted = (url: string) => isFronted(publicEndpoint(url, 3939), 3939);
        assert.deepEqual(
            [
                "c.acme.com",
                "http://c.acme.com:3939",
                "http://c.acme.com",
                "https://c.acme.com",
                "https://c.acme.com:3939",
            ].map(fronted),
            [false, false, true, true, true],
        );
    });
});
