// What the inventory reads from configuration files, by the real functions on real files. Not what findmnt and lsblk answer.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import * as fc from "fast-check";

const library = path.join(__dirname, "../../../hosts/lib");

describe("reading production's configuration", () => {
    let file: string;
    beforeEach(() => (file = path.join(fs.mkdtempSync(path.join(os.tmpdir(), "reading-")), "product.gcfg")));
    afterEach(() => fs.rmSync(path.dirname(file), { recursive: true }));

    function call(text: string, ...words: string[]): string {
        fs.writeFileSync(file, text);
        const program = `source ${library}/common.sh; source ${library}/reading.sh; "$@"`;
        return execFileSync("bash", ["-c", program, "-", words[0], file, ...words.slice(1)])
            .toString()
            .trim();
    }

    const gcfg = `; Provider = commented
[Server]
Provider = somewhere else
[ database ]
PROVIDER = "Postgres"   
[Postgres]
URL = "postgres://connect:s3cret@db.example.com:5433/connect?sslmode=verify-full"
[S3Storage "packages"]
Bucket = one
`;

    for (const [section, key, expected, ...name] of [
        ["Database", "Provider", "Postgres"],
        ["S3Storage", "Bucket", "one", "packages"],
        ["S3Storage", "Bucket", ""],
        ["Storage", "Default", ""],
        ["Server", "Provider", "somewhere else"],
    ]) {
        it(`finds ${[section, ...name].join(" ")}.${key}`, () =>
            assert.equal(call(gcfg, "gcfg_value", section, key, ...name), expected));
    }

    it("takes the database of the last section, as the product does", () => {
        const twice = "[Postgres]\nURL = postgres://a@one/a\n[Database]\nProvider = sqlite\n";
        const found = call(
            `${twice}[database]\nprovider = postgres\n[postgres]\nurl = postgres://b@two/b ; really\n`,
            "gcfg_database",
        );
        assert.deepEqual(JSON.parse(found), { provider: "postgres", host: "two", name: "b", user: "b" });
    });

    it("tells which database a product has, and never its password", () => {
        assert.deepEqual(JSON.parse(call(gcfg, "gcfg_database")), {
            provider: "postgres",
            host: "db.example.com",
            name: "connect",
            user: "connect",
        });
    });

    /** As Connect's file has it; in quotes, so that # and ; begin no comment. */
    const withUrl = (url: string) => `[Database]\nProvider = Postgres\n[Postgres]\nURL = "${url}"\n`;
    const read = (url: string) => JSON.parse(call(withUrl(url), "gcfg_database")) as Record<string, string>;
    const found = (host: string, name: string, user: string) => ({ provider: "postgres", host, name, user });
    const unreadable = { provider: "postgres", host: "unreadable" };

    for (const [url, expected] of [
        ["postgres://connect:p@ss@w0rd@db.example.com/connect", found("db.example.com", "connect", "connect")],
        ["postgres://co@nn:p@ss@db:5432/connect?sslmode=require", found("db", "connect", "co@nn")],
        ["postgres://co%40nn:x%2Fy@db/a%2Fb%3Fc", found("db", "a/b?c", "co@nn")],
        ["postgresql://db/connect", found("db", "connect", "")],
        ["POSTGRES://u:p@10.1.0.9/c", found("10.1.0.9", "c", "u")],
        ["postgres://u:p@[fd00::1]:5432/c", found("[fd00::1]", "c", "u")],
        ["postgres://u:p@db", found("db", "", "u")],
        ["postgres://u%zz:p@db/c", found("db", "c", "unreadable")],
        ["postgres://u:pa/ss@db/c", unreadable],
        ["postgres://u:p@s/s@db/c", unreadable],
        ["postgres://u:p@s?s@db/c", unreadable],
        ["postgres://u:p@s#s@db/c", unreadable],
        ["postgres://db/c?user=u&password=p@ss", unreadable],
        ["postgres://u:s3cret", unreadable],
        ["postgres://u:p@one:1,two:2/c", unreadable],
        ["postgres:///c?host=/run/postgresql", unreadable],
        ["host=db user=u password=s3cret", { provider: "Postgres" }],
    ] as [string, Record<string, string>][]) {
        it(`reads ${url}`, () => assert.deepEqual(read(url), expected));
    }

    it("never says a word of a password, however nasty that is", function () {
        this.timeout(60_000);
        const nasty = fc.constantFrom(..."@@@::://??##%&=[]{}()<>|;,.!*+~^$'` \\-_0");
        const word = "Xq7";
        // Nothing but its own letters between the nasty ones, so that a word of it would be seen.
        const anyPassword = fc
            .array(fc.oneof(nasty, fc.constant(word)), { minLength: 1, maxLength: 8 })
            .map((parts) => `${word}${parts.join("")}${word}`);
        // One bash for many: a start of it each would take minutes.
        const passwords = fc.sample(anyPassword, 400);
        const urls = passwords.flatMap((password) => [
            `postgres://connect:${password}@db.example.com:5432/connect?sslmode=require`,
            `postgres://connect:${password}@db.example.com`,
            `postgres://db.example.com/connect?user=connect&password=${password}`,
        ]);
        const program = `source ${library}/common.sh; source ${library}/reading.sh; while IFS= read -r url; do postgres_url "\${url#*://}"; echo; done`;
        const answers = execFileSync("bash", ["-c", program], { input: `${urls.join("\n")}\n` })
            .toString()
            .trim()
            .split("\n");
        assert.equal(answers.length, urls.length);
        answers.forEach((answer, index) => {
            const { provider, ...said } = JSON.parse(answer) as Record<string, string>;
            assert.equal(provider, "postgres");
            assert.ok(!answer.includes(word), `${urls[index]} → ${answer}`);
            assert.ok(["db.example.com", "unreadable"].includes(said.host), `${urls[index]} → ${answer}`);
        });
        // Encoded as they should be, all can be read.
        for (const password of passwords.slice(0, 20)) {
            const url = `postgres://connect:${encodeURIComponent(password)}@db.example.com/connect`;
            assert.deepEqual(read(url), found("db.example.com", "connect", "connect"));
        }
    });

    it("takes a product without a word about it for SQLite", () => {
        assert.deepEqual(JSON.parse(call("[Server]\nAddress = http://x\n", "gcfg_database")), { provider: "sqlite" });
    });

    // rstudio/rstudio:src/cpp/core/FileSerializer.cpp reads database.conf; the server writes it itself, with quotes.
    for (const [what, text, expected] of [
        ["a plain value", "a=1\n provider = sqlite\n", "sqlite"],
        ["a value in quotes", '# comment\n#provider="postgresql"\nprovider="sqlite"\n', "sqlite"],
        ["escapes in quotes", 'provider="a \\"b\\" \\\\ c"\n', 'a "b" \\ c'],
        ["one quote alone", 'provider="\n', '"'],
        ["the first of equal keys", "provider=one\nprovider=two\n", "one"],
        ["Windows' line ends", "provider=sqlite\r\n", "sqlite"],
        ["no line end", "provider=sqlite", "sqlite"],
        ["a hash, which begins no comment", "provider=a#b\n", "a#b"],
        ["a longer key", "my-provider=x\nproviders=y\n", ""],
        ["other letters, which it minds", "Provider=x\n", ""],
    ]) {
        it(`reads ${what} of key=value files`, () => assert.equal(call(text, "key_value", "provider"), expected));
    }
});
