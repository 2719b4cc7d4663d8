// What Postgres keeps of a password, so that the password itself need not travel in an ALTER ROLE, which servers may log
// (log_statement=ddl, CloudWatch). Formats: RFC 5803 as src/common/scram-common.c writes it, and "md5" + md5(password + role).
import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

export interface PasswordVerifiers {
    scram: string;
    /** For servers whose password_encryption is still md5, whose clients may know nothing else. */
    md5: string;
}

/** As the server's own default. */
const iterations = 4096;

/**
 * `place` is where the role is: the salt is made from it and the role, so that every run says the same. A salt has to be unique, not secret;
 * and it is not made from the password, which could then be guessed at without the iterations.
 */
export function passwordVerifiers(password: string, role: string, place: string): PasswordVerifiers {
    const salt = createHash("sha256")
        .update(JSON.stringify(["posit-upgrade", place, role]))
        .digest()
        .subarray(0, 16);
    return {
        scram: scramVerifier(password, salt),
        md5: `md5${createHash("md5")
            .update(password + role, "utf8")
            .digest("hex")}`,
    };
}

export function scramVerifier(password: string, salt: Buffer): string {
    const salted = pbkdf2Sync(prepared(password), salt, iterations, 32, "sha256");
    const keyed = (key: string) => createHmac("sha256", salted).update(key).digest();
    const storedKey = createHash("sha256").update(keyed("Client Key")).digest();
    const parts = [salt, storedKey, keyed("Server Key")].map((part) => part.toString("base64"));
    return `SCRAM-SHA-256$${iterations}:${parts[0]}$${parts[1]}:${parts[2]}`;
}

/** SASLprep (RFC 4013) as Postgres does it: a password that it forbids is taken as it is. */
function prepared(password: string): string {
    const mapped = password
        // Spaces that are no plain ones; then what is mapped to nothing.
        .replace(/[\u00a0\u1680\u2000-\u200b\u202f\u205f\u3000]/gu, " ")
        .replace(/[\u00ad\u034f\u1806\u180b-\u180d\u200c\u200d\u2060\ufe00-\ufe0f\ufeff]/gu, "")
        .normalize("NFKC");
    return /[\p{Cc}\p{Co}\p{Cs}\p{Cn}]/u.test(mapped) || mapped === "" ? password : mapped;
}
