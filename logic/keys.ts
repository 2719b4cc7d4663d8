// Keys of SSH as texts: what is wrong with one, in words that never repeat it. One rule, wherever a key is given: in the configuration, by
// what a stack published, in the file of hosts for the bad day.
import { ParsedKey, utils } from "ssh2";

/** Of hosts, in the order of preference. */
export const hostKeyTypes = [
    "ssh-ed25519",
    "ecdsa-sha2-nistp256",
    "ecdsa-sha2-nistp384",
    "ecdsa-sha2-nistp521",
] as const;

/** "ssh-ed25519 AAAA…" of a host, whole, and at most with a remark behind. */
export function hostKeyProblem(text: string): string | undefined {
    if (text.startsWith("ssh-rsa ")) {
        return "is an RSA key: of that type some of the program's connections ask for a signature by SHA-1, which servers since OpenSSH 8.8 refuse. Take the host's ed25519 key (/etc/ssh/ssh_host_ed25519_key.pub)";
    }
    const [, type, body] = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+=*)( [!-~][ -~]{0,99})?$/.exec(text) ?? [];
    const key = parsedKey(body === undefined ? text : `${type} ${body}`);
    if (!(key instanceof Error) && key.isPrivateKey()) {
        return "is a private key: it must be the host's public one; take it out of the file, and change it on the host, since it was exposed";
    }
    if (
        key instanceof Error ||
        body === undefined ||
        key.type !== type ||
        key.getPublicSSH().toString("base64") !== body
    ) {
        return "is no whole public host key (`ssh-keyscan -t ed25519 HOST`, compared with the host's own)";
    }
    return (hostKeyTypes as readonly string[]).includes(type)
        ? undefined
        : `is of kind ${type}, which is not supported: take the host's ed25519 key (/etc/ssh/ssh_host_ed25519_key.pub)`;
}

/** A login's private key that needs no passphrase. */
export function privateKeyProblem(text: string): string | undefined {
    const key = parsedKey(text);
    if (key instanceof Error) {
        return /encrypted|passphrase/i.test(key.message)
            ? "is encrypted with a passphrase, which nobody can type here; take a key without one"
            : "is no private key that can be read (`ssh-keygen -t ed25519 -N ''` makes one)";
    }
    return key.isPrivateKey() ? undefined : "is a public key; its private half is needed";
}

export function parsedKey(text: string): ParsedKey | Error {
    try {
        const key = utils.parseKey(text) as ParsedKey | ParsedKey[] | Error;
        return Array.isArray(key) ? (key[0] ?? new Error("no key")) : key;
    } catch (error) {
        return error as Error; // the library throws on some that are cut off
    }
}
