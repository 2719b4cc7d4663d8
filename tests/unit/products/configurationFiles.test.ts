// Production's configuration files as they go to the new hosts: text is edited, everything else arrives byte for byte.
import assert from "node:assert/strict";
import { basedOn, withFile } from "../../../products/configuration";
import type { EnvironmentFacts } from "../../../products/description";

const facts = { binaries: "noble" } as EnvironmentFacts;
const fromHost = (path: string, bytes: Buffer) => ({
    ...{ path, owner: "root", group: "root", mode: "0600" },
    content: bytes.toString("base64"),
    encoding: "base64" as const,
});

describe("production's configuration files", () => {
    it("arrive byte for byte where they are no text: keytabs, certificates in DER, Latin-1", () => {
        for (const bytes of [
            Buffer.from("fffe008041e9", "hex"),
            Buffer.from("0502000000", "hex"),
            Buffer.from("# caf\u00e9\n", "latin1"),
        ]) {
            const [file] = basedOn([fromHost("/etc/krb5.keytab", bytes)], facts);
            assert.equal(file.encoding, "base64");
            assert.deepEqual(Buffer.from(file.content, "base64"), bytes);
        }
    });

    it("are text where they are, for what must differ", () => {
        const [file] = basedOn([fromHost("/etc/x.conf", Buffer.from("a = Zürich\n"))], facts);
        assert.deepEqual([file.content, file.encoding], ["a = Zürich\n", undefined]);
    });

    it("are edited also where a letter of theirs can't be read, as text", () => {
        const held = basedOn([fromHost("/etc/x.conf", Buffer.from("# caf\u00e9\na = 1\n", "latin1"))], facts);
        const absent = { path: "/etc/x.conf", owner: "root", group: "root", mode: "0600" };
        const [file] = withFile(held, absent, (text) => text.replace("a = 1", "a = 2"));
        assert.match(file.content, /^# caf.\na = 2\n$/);
        assert.equal(file.encoding, undefined);
    });
});
