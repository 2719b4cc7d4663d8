// The keys of a connection, read before anything is dialled, and what is offered to a server. What is wrong with a key is said in a sentence
// that does not quote it.
import { Algorithms, ParsedKey, ServerHostKeyAlgorithm, utils } from "ssh2";
import { Refusal } from "../logic/refusal";
import { reveal, Secret } from "../logic/secret";

export interface PinnedKey {
    type: ServerHostKeyAlgorithm;
    /** As a server shows it. */
    bytes: Buffer;
}

/** In the order of preference. */
const hostKeyTypes: readonly string[] = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
];

/** What is wrong with a host's public key; `undefined` when nothing is. */
export function hostKeyProblem(text: string): string | undefined {
    const key = parsed(text);
    if (key instanceof Error) {
        return `hostKey is no public key ("ssh-ed25519 AAAA…"): take it from the host itself (cat /etc/ssh/ssh_host_ed25519_key.pub)`;
    }
    if (key.isPrivateKey()) {
        return "hostKey is a private key: it must be the host's public one; take it out of the file, and change it on the host, since it was exposed";
    }
    if (key.type === "ssh-rsa") {
        return "hostKey is of kind ssh-rsa: commands on hosts would ask for its SHA-1 signature, which OpenSSH 8.8 and later do not give. Pin another key of the host: ssh-ed25519 (cat /etc/ssh/ssh_host_ed25519_key.pub) or ecdsa-sha2-nistp256";
    }
    return hostKeyTypes.includes(key.type)
        ? undefined
        : `hostKey is of kind ${key.type}, which is not supported: pin an ssh-ed25519 key (cat /etc/ssh/ssh_host_ed25519_key.pub) or an ecdsa-sha2-nistp256 one`;
}

/** What is wrong with a login's private key; `undefined` when nothing is. */
export function privateKeyProblem(text: string): string | undefined {
    const key = parsed(text);
    if (key instanceof Error) {
        return /encrypted|passphrase/i.test(key.message)
            ? "the private key is protected by a passphrase, which nobody can type here: use one without, held as a secret"
            : 'the private key that is configured can\'t be read: it must be one in OpenSSH or PEM form, whole, from "-----BEGIN" to "-----END"';
    }
    return key.isPrivateKey() ? undefined : "the private key that is configured is a public key: give its other half";
}

/** Throws a Refusal with the reason. */
export function pinnedHostKey(text: string, name: string): PinnedKey {
    refuse(name, hostKeyProblem(text));
    const key = parsed(text) as ParsedKey;
    return { type: key.type as ServerHostKeyAlgorithm, bytes: key.getPublicSSH() };
}

/** Throws a Refusal with the reason. */
export function usablePrivateKey(key: Secret<string>, name: string): Secret<string> {
    refuse(name, privateKeyProblem(reveal(key)));
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

function refuse(name: string, problem: string | undefined): void {
    if (problem !== undefined) {
        throw new Refusal(`${name}: ${problem}.`);
    }
}

function parsed(text: string): ParsedKey | Error {
    try {
        const key = utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
        return Array.isArray(key) ? (key[0] ?? new Error("no key")) : key;
    } catch (error) {
        return error as Error; // the library throws on some that are cut off
    }
}
