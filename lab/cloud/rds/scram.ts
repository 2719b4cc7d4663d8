// A password as PostgreSQL keeps it (RFC 5802), so that the clear one is never in a statement that a server may log.
import { createHash, createHmac, pbkdf2Sync, randomBytes } from "node:crypto";

const iterations = 4096; // PostgreSQL's own default

export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
    const salted = pbkdf2Sync(password, salt, iterations, 32, "sha256");
    const keyed = (text: string): Buffer => createHmac("sha256", salted).update(text).digest();
    const storedKey = createHash("sha256").update(keyed("Client Key")).digest("base64");
    const serverKey = keyed("Server Key").toString("base64");
    return `SCRAM-SHA-256$${iterations}:${salt.toString("base64")}$${storedKey}:${serverKey}`;
}
