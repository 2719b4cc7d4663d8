// Keys and certificates as texts: what is wrong with one, in words that never repeat it.
import { X509Certificate } from "node:crypto";
import { utils } from "ssh2";

/** "ssh-ed25519 AAAA…" of a host. */
export function hostKeyProblem(text: string): string | undefined {
    if (text.startsWith("ssh-rsa ")) {
        return "is an RSA key: of that type some of the program's connections ask for a signature by SHA-1, which servers since OpenSSH 8.8 refuse. Take the host's ed25519 key (/etc/ssh/ssh_host_ed25519_key.pub)";
    }
    const [, type, body] =
        /^(ssh-ed25519|ecdsa-sha2-nistp(?:256|384|521)) ([A-Za-z0-9+/]+=*)( [!-~][ -~]{0,99})?$/.exec(text) ?? [];
    const parsed = body === undefined ? undefined : utils.parseKey(`${type} ${body}`);
    return parsed === undefined ||
        parsed instanceof Error ||
        parsed.type !== type ||
        parsed.getPublicSSH().toString("base64") !== body
        ? "is no whole public host key (`ssh-keyscan -t ed25519 HOST`, compared with the host's own)"
        : undefined;
}

/** OpenSSH private key that needs no passphrase. */
export function privateKeyProblem(text: string, type?: "ssh-ed25519"): string | undefined {
    const parsed = utils.parseKey(text);
    if (!(parsed instanceof Error) && parsed.isPrivateKey() && !text.startsWith("-----BEGIN ")) {
        return "must begin with its first line, -----BEGIN …, without a blank before it";
    }
    if (parsed instanceof Error) {
        return /passphrase/i.test(parsed.message)
            ? "is encrypted with a passphrase, which nobody can type during `pulumi up`; take a key without one"
            : "is no private key that can be read (`ssh-keygen -t ed25519 -N ''` makes one)";
    }
    if (!parsed.isPrivateKey()) {
        return "is the public half; the private key is needed";
    }
    return type !== undefined && parsed.type !== type
        ? "must be an ed25519 key (`ssh-keygen -t ed25519 -N ''`)"
        : undefined;
}

const certificate = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g;

/** One PEM certificate or several, as AWS publishes them. */
export function certificatesProblem(text: string): string | undefined {
    const found = text.match(certificate) ?? [];
    const between = text.replace(certificate, "").split("\n");
    if (
        found.length === 0 ||
        !between.every((line) => /^\s*(#[ -~]*)?\r?$/.test(line) && !/[\v\f\u0085\u2028]/.test(line))
    ) {
        return "must be certificates in PEM, each from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, and nothing else";
    }
    const broken = found.findIndex((pem) => {
        try {
            return new X509Certificate(pem).raw.length === 0;
        } catch {
            return true;
        }
    });
    return broken < 0 ? undefined : `certificate ${broken + 1} of ${found.length} can't be read`;
}

/** "-----BEGIN PGP PUBLIC KEY BLOCK-----" with at least the beginning of a public key inside. */
export function signingKeyProblem(text: string): string | undefined {
    if (text.includes("PRIVATE KEY BLOCK")) {
        return "is a private key; only the repository's public key belongs here";
    }
    const armor =
        /^-----BEGIN PGP PUBLIC KEY BLOCK-----\r?\n((?:[^\n]*:[^\n]*\n)*)\r?\n?([A-Za-z0-9+/=\r\n]+)-----END PGP PUBLIC KEY BLOCK-----$/;
    const body = armor.exec(text.trim())?.[2];
    // RFC 4880, 4.2 and 4.3: the first packet's tag, in the old and the new format; 6 is a public key.
    const first = body === undefined ? 0 : Buffer.from(body, "base64")[0];
    const tag = (first & 0x40) !== 0 ? first & 0x3f : (first >> 2) & 0x0f;
    return (first & 0x80) !== 0 && tag === 6
        ? undefined
        : "must be an armored public key, from -----BEGIN PGP PUBLIC KEY BLOCK----- to -----END PGP PUBLIC KEY BLOCK-----";
}
