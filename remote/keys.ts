// The keys of a connection, read before anything is dialled, and what is offered to a server. What is wrong with a key is said in a sentence
// that does not quote it.
import { Algorithms, ParsedKey, ServerHostKeyAlgorithm } from "ssh2";
import { hostKeyProblem, parsedKey, privateKeyProblem } from "../logic/keys";
import { Refusal } from "../logic/refusal";
import { reveal, Secret } from "../logic/secret";

export interface PinnedKey {
    type: ServerHostKeyAlgorithm;
    /** As a server shows it. */
    bytes: Buffer;
}

/** Throws a Refusal with the reason. */
export function pinnedHostKey(text: string, name: string): PinnedKey {
    const line = text.trim(); // a file's last line ends
    refuse(`${name}: hostKey`, hostKeyProblem(line));
    const key = parsedKey(line) as ParsedKey;
    return { type: key.type as ServerHostKeyAlgorithm, bytes: key.getPublicSSH() };
}

/** Throws a Refusal with the reason. */
export function usablePrivateKey(key: Secret<string>, name: string): Secret<string> {
    refuse(`${name}: the private key`, privateKeyProblem(reveal(key)));
    return key;
}

/**
 * Without SHA-1, and without compression, whose code reads what a server sends. The library's other defaults are modern
 * (tests/unit/remote/connection.test.ts has the whole list, so that a new version can't bring back an old algorithm).
 */
export function offered({ type }: PinnedKey): Algorithms {
    return {
        // Asking for the pinned kind only: the host may have keys of other kinds and would show one of those.
        serverHostKey: [type],
        hmac: { append: [], prepend: [], remove: ["hmac-sha1", "hmac-sha1-etm@openssh.com"] },
        compress: ["none"],
    };
}

function refuse(what: string, problem: string | undefined): void {
    if (problem !== undefined) {
        throw new Refusal(`${what} ${problem}.`);
    }
}
