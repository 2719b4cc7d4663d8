// What Postgres keeps of a password; that a real server lets people in with it is tried in hosts/restoreDatabase.test.ts.
import { strict as assert } from "node:assert";
import { passwordVerifiers, scramVerifier } from "../../../logic/passwordVerifier";

describe("what Postgres keeps of a password", () => {
    it("is RFC 7677's own example, with the iterations that Postgres uses", () => {
        // RFC 7677 section 3: user "user", password "pencil", this salt, 4096 iterations.
        const salt = Buffer.from("W22ZaJ0SNY7soEsUEjb6gQ==", "base64");
        assert.equal(
            scramVerifier("pencil", salt),
            "SCRAM-SHA-256$4096:W22ZaJ0SNY7soEsUEjb6gQ==$WG5d8oPm3OtcPnkdi4Uo7BkeZkBFzpcXkuLmtbsT4qY=:wfPLwcE6nTWhTAmQ7tl2KeoiWGPlZqQxSrmfPwDl2dU=",
        );
    });

    it("is the same every time, and another for another role, place or password", () => {
        const one = passwordVerifiers("secret", "connect", "server-a");
        assert.deepEqual(passwordVerifiers("secret", "connect", "server-a"), one);
        const others = [
            passwordVerifiers("secret", "connect", "server-b"),
            passwordVerifiers("secret", "rstudio", "server-a"),
            passwordVerifiers("Secret", "connect", "server-a"),
        ];
        assert.equal(new Set([one, ...others].map(({ scram }) => scram)).size, 4);
    });

    it("has a salt that says nothing of the password", () => {
        const salt = (password: string) => passwordVerifiers(password, "connect", "a").scram.split("$")[1];
        assert.equal(salt("one"), salt("two"));
    });

    it("is md5 of password and role for old servers", () => {
        assert.equal(passwordVerifiers("secret", "alice", "a").md5, "md54a0a68b43b6cd5cf266fa02f196e2371");
    });
});
