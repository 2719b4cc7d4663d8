// What the inventory reads from configuration files, by the real functions on real files. Not what findmnt and lsblk answer.
import { strict as assert } from "node:assert";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

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

    for (const [section, key, expected] of [
        ["Database", "Provider", "Postgres"],
        ["S3Storage", "Bucket", "one"],
        ["Storage", "Default", ""],
        ["Server", "Provider", "somewhere else"],
    ]) {
        it(`finds ${section}.${key}`, () => assert.equal(call(gcfg, "gcfg_value", section, key), expected));
    }

    it("tells which database a product has, and never its password", () => {
        assert.deepEqual(JSON.parse(call(gcfg, "gcfg_database")), {
            provider: "postgres",
            host: "db.example.com",
            name: "connect",
            user: "connect",
        });
    });

    it("takes a product without a word about it for SQLite", () => {
        assert.deepEqual(JSON.parse(call("[Server]\nAddress = http://x\n", "gcfg_database")), { provider: "sqlite" });
    });

    it("reads key=value files", () =>
        assert.equal(call("a=1\n provider = sqlite\n", "key_value", "provider"), "sqlite"));
});
