// The file that names production's hosts for the day on which nothing else works: no state, no AWS, no decrypted configuration.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { Refusal } from "../logic/refusal";
import { ProductId, productIds } from "../products/ids";
import { HostAddress } from "../remote/connection";

const host = z.strictObject({
    address: z.string(),
    /** "ssh-ed25519 AAAA…", as in posit:current. */
    hostKey: z.string(),
    port: z.number().int().optional(),
    user: z.string().optional(),
});

const schema = z.strictObject({
    user: z.string(),
    /** Relative to the file, or from the home directory with "~/". */
    privateKeyFile: z.string(),
    bastion: host.extend({ privateKeyFile: z.string().optional() }).optional(),
    hosts: z.strictObject({ packageManager: host, workbench: host, connect: host }),
});

/** Throws with every problem of the file. */
export function readHostsFile(file: string): Record<ProductId, HostAddress> {
    if (!fs.existsSync(file)) {
        throw new Refusal(`there is no ${file}; docs/runbook.md shows what to write into it`);
    }
    const read = schema.safeParse(parse(fs.readFileSync(file, "utf8")));
    if (!read.success) {
        throw new Refusal(`${file}:\n${z.prettifyError(read.error)}`);
    }
    const { user, privateKeyFile, bastion, hosts } = read.data;
    const privateKey = readKey(file, privateKeyFile);
    return Object.fromEntries(
        productIds.map((product): [ProductId, HostAddress] => [
            product,
            {
                user,
                ...hosts[product],
                privateKey,
                bastion: bastion && {
                    ...bastion,
                    user: bastion.user ?? user,
                    privateKey: bastion.privateKeyFile ? readKey(file, bastion.privateKeyFile) : privateKey,
                },
            },
        ]),
    ) as Record<ProductId, HostAddress>;
}

function readKey(hostsFile: string, name: string): string {
    const file = name.startsWith("~/")
        ? path.join(os.homedir(), name.slice(2))
        : path.resolve(path.dirname(hostsFile), name);
    if (!fs.existsSync(file)) {
        throw new Refusal(`${hostsFile}: privateKeyFile ${file} is not there`);
    }
    return fs.readFileSync(file, "utf8");
}
