// Keys and certificates as configured texts: what is wrong with one, in words that never repeat it (logic/keys.ts: of keys of SSH anywhere).
import { X509Certificate } from "node:crypto";
import { parsedKey, privateKeyProblem } from "../logic/keys";

/** As whatever dials by it reads it: from its first character on, and of one kind where only that will do. */
export function configuredKeyProblem(text: string, type?: "ssh-ed25519"): string | undefined {
    const key = parsedKey(text);
    if (!(key instanceof Error) && key.isPrivateKey() && !text.startsWith("-----BEGIN ")) {
        return "must begin with its first line, -----BEGIN …, without a blank before it";
    }
    return (
        privateKeyProblem(text) ??
        (type !== undefined && !(key instanceof Error) && key.type !== type
            ? "must be an ed25519 key (`ssh-keygen -t ed25519 -N ''`)"
            : undefined)
    );
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
