// Key pairs for hosts and people of the lab and of tests. ssh2's generator makes an ed25519 key about once in 230 that ssh2 itself can't read
// again (13 of 3,000, ssh2 1.17.0): such a one is thrown away.
import { utils } from "ssh2";

export interface KeyPair {
    public: string;
    private: string;
}

export function generateKeyPair(options: { comment?: string; passphrase?: string } = {}): KeyPair {
    const { comment, passphrase } = options;
    const locked = passphrase === undefined ? {} : { cipher: "aes256-ctr", passphrase, rounds: 1 };
    for (;;) {
        const pair = utils.generateKeyPairSync("ed25519", { ...(comment !== undefined && { comment }), ...locked });
        if (!(utils.parseKey(pair.private, passphrase) instanceof Error)) return pair;
    }
}
