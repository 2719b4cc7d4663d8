// Where something answers is a value (products/endpoint.ts): no component, script or other part of the program makes a URL, or knows a port, by
// itself. What is put together at run time is not seen.
import assert from "node:assert/strict";
import { ownAddresses } from "./endpoints";
import { programFiles, textOf } from "./repository";

/** Room → why it is not looked at. */
const leftOut: Record<string, string> = {
    "products/": "has Endpoint itself, the usual port of each product, and sources of facts",
};

/** File and what is found there → why. A row that is found no longer fails. */
const reasons: [file: string, what: string, why: string][] = [
    ["logic/ports.ts", "22", "the one place of such ports"],
    ["logic/ports.ts", "53", "as above"],
    ["logic/ports.ts", "2049", "as above"],
    ["logic/ports.ts", "5432", "as above"],
    ["hosts/databases/local.sh", "5432", "the name of a socket, of a server that listens nowhere"],
    ["remote/answer.ts", "80", "signs of a line, no port"],
    ["logic/aws/timing.ts", "22", "seconds"],
    ["config/common.ts", "http://", "an example, for people"],
    ["config/common.ts", "https://", "an example, for people"],
    ["config/common.ts", "22", "what a setting is when it is not set: the usual port of SSH"],
    ["config/leaves.ts", "22", "an example of a port"],
    ["config/production.ts", "3939", "an example of a port"],
    ["config/environment.ts", "https://", "an example, for people"],
    ["config/reference.ts", "https://", "a link, for people"],
    ["config/editorSchema.ts", "http://", "names a standard"],
    ["hosts/lib/metadata.sh", "80", "AWS answers there, on every instance"],
];

/** Who may ask for the port that a product has when nobody says otherwise. */
const asking: Record<string, string> = {
    "contract/environment.ts": "what an older version published says no port",
    "logic/publicEndpoints.ts": "nothing is known of production's",
    "recovery/writeHosts.ts": "what is usual is not written",
    "remote/script.ts": "no layout is given, and scripts hold a host's configuration against it",
    "stacks/sides.ts": "posit:current says no port",
};

const files = programFiles(".ts", ".sh").filter((file) => !Object.keys(leftOut).some((room) => file.startsWith(room)));

describe("addresses of the program's own", () => {
    const found = files.flatMap((file) => ownAddresses(file, textOf(file)));
    const allowed = ({ file, what }: (typeof found)[number]) =>
        reasons.some(([where, word]) => where === file && word === what);

    it("stand nowhere but in products/endpoint.ts", () => {
        assert.ok(files.length > 100);
        assert.deepEqual(
            found.filter((one) => !allowed(one)).map(({ file, line, what }) => `${file}:${line} ${what}`),
            [],
            "make it of an Endpoint, or write a reason here",
        );
    });

    it("have no reason written for what is gone", () => {
        const idle = reasons.filter(([file, what]) => !found.some((one) => one.file === file && one.what === what));
        assert.deepEqual(idle, []);
    });

    it("are left out of no room where none stand", () => {
        const idle = Object.keys(leftOut).filter((room) =>
            programFiles(".ts", ".sh")
                .filter((file) => file.startsWith(room))
                .every((file) => ownAddresses(file, textOf(file)).length === 0),
        );
        assert.deepEqual(idle, []);
    });

    it("are no product's usual port, but where nothing else is known", () => {
        const callers = files.filter((file) => /\busualPort\(/.test(textOf(file)));
        assert.deepEqual(callers.sort(), Object.keys(asking).sort());
    });
});

describe("the guard of addresses", () => {
    const rows: [string, string, string, string[]][] = [
        ["a URL", "x.ts", "const a = `http://${name}:${port}`;", ["http://"]],
        ["one in a text", "x.ts", 'const a = "https://connect.acme.com";', ["https://"]],
        ["one in the middle", "x.ts", "const a = `${b} at HTTPS://${c}`;", ["HTTPS://"]],
        ["a product's port", "x.ts", "const a = 3939;", ["3939"]],
        ["one in a text", "x.ts", 'const a = "4242";', ["4242"]],
        ["one behind a name", "x.ts", "const a = `${name}:8787`;", [":8787"]],
        ["a port of HTTP", "x.ts", "listen(443);", ["443"]],
        ["a description's", "x.ts", "const a = products[product].port;", ["a description's port"]],
        ["a description's, taken apart", "x.ts", "const { slug, port } = products[product];", ["a description's port"]],
        ["a description's, renamed", "x.ts", "const { port: b } = description;", ["a description's port"]],
        ["nothing in a comment", "x.ts", "const a = 1; // http://x:3939", []],
        ["nothing in another number", "x.ts", "const a = 39390 + 14243; const b = `${c}:87870`;", []],
        ["nothing in an endpoint", "x.ts", "const a = urlOf(endpoint); const { port } = endpoint;", []],
        ["a URL in a script", "x.sh", 'curl "http://localhost:$PORT"', ["http://"]],
        ["a port in a script", "x.sh", "http_status 3939 /", ["3939"]],
        ["a port behind a colon", "x.sh", 'echo ":443"', ["443"]],
        ["nothing in a script's comment", "x.sh", "# docs: https://x, port 443\necho 1 # :80", []],
        ["nothing in a script's other number", "x.sh", "sleep 1.80; echo 8080 x443", []],
    ];
    for (const [what, file, text, expected] of rows) {
        it(`finds ${what}`, () =>
            assert.deepEqual(
                ownAddresses(file, text).map((one) => one.what),
                expected,
            ));
    }
});
