// The file that names one side's hosts for the day on which nothing else works: no state, no AWS, no decrypted configuration.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { ports } from "../logic/ports";
import { Refusal } from "../logic/refusal";
import { seal, Secret } from "../logic/secret";
import { byProduct, mapProducts, PerProduct, perProduct, ProductId, products } from "../products";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";

const port = z.number().int().min(1).max(65535);

const reach = z.strictObject({
    address: z.string(),
    /** "ssh-ed25519 AAAA…", as in posit:current. */
    hostKey: z.string(),
    port: port.optional(),
    user: z.string().optional(),
});

const databaseUnit = z
    .string()
    .regex(/^[A-Za-z0-9@:._\\-]+$/, "must be the name of a systemd unit")
    .transform((unit) => unit.replace(/\.service$/, ""));

const host = reach.extend({
    /** Where the product answers on its host, where that is not its usual port. */
    productPort: port.optional(),
    /** Postgres on the host itself, which is opened with its product. */
    databaseUnits: z.array(databaseUnit).optional(),
    /** The same in a file of an earlier version, which wrote down one. */
    databaseUnit: databaseUnit.optional(),
    /** Places of the product's data beside the usual ones. */
    dataMounts: z.array(z.string().startsWith("/")).optional(),
});

export const hostsFileSchema = z.strictObject({
    /** What the side is called; the file's name when absent. */
    side: z.string().min(1).optional(),
    user: z.string(),
    /** Relative to the file, or from the home directory with "~/". */
    privateKeyFile: z.string(),
    /** How long a product may take to answer again after it was started. */
    startSeconds: z.number().int().min(10).max(3600).optional(),
    bastion: reach.extend({ privateKeyFile: z.string().optional() }).optional(),
    hosts: z.strictObject(perProduct(() => host)),
});
export type HostsFileText = z.input<typeof hostsFileSchema>;

/** How to reach a host, and how it differs from its product's description. */
export type RecoveryHost = HostAddress & { layout?: HostLayout };
export type RecoveryHosts = PerProduct<RecoveryHost>;

export interface HostsFile {
    side: string;
    startSeconds?: number;
    hosts: RecoveryHosts;
}

/** Throws with every problem of the file. */
export function readHostsFile(file: string): HostsFile {
    if (!fs.existsSync(file)) {
        throw new Refusal(
            `there is no ${file}; \`make hosts STACK=prod\` writes it, and docs/runbook.md shows what stands in it`,
        );
    }
    const read = hostsFileSchema.safeParse(parsedYaml(file));
    if (!read.success) {
        throw new Refusal(`${file}:\n${z.prettifyError(read.error)}`);
    }
    const { side, user, privateKeyFile, startSeconds, bastion, hosts } = read.data;
    const privateKey = readKey(file, privateKeyFile);
    const jump = bastion && {
        address: bastion.address,
        port: bastion.port,
        hostKey: bastion.hostKey,
        user: bastion.user ?? user,
        privateKey: bastion.privateKeyFile ? readKey(file, bastion.privateKeyFile) : privateKey,
    };
    const reached = mapProducts(hosts, (own, product): RecoveryHost => {
        const { address, hostKey, port: sshPort } = own;
        const target = { address, hostKey, port: sshPort, user: own.user ?? user, privateKey, bastion: jump };
        return { ...target, layout: layoutOf(product, own) };
    });
    return {
        side: side ?? path.basename(file).replace(/\.ya?ml$/, ""),
        startSeconds,
        hosts: reached,
    };
}

/** Every side that a command is asked about: "a.yaml,b.yaml". Two files that name the same host are no two sides. */
export function readHostsFiles(files: string): HostsFile[] {
    const sides = files
        .split(",")
        .map((file) => file.trim())
        .filter(Boolean)
        .map(readHostsFile);
    const twice = sides.flatMap(({ side, hosts }, index) =>
        sides.slice(index + 1).flatMap((other) =>
            byProduct(hosts)
                .filter(([, host]) => byProduct(other.hosts).some(([, their]) => sameHost(host, their)))
                .map(([, { address }]) => `${address} is a host of side ${side} and of side ${other.side}`),
        ),
    );
    if (twice.length > 0) {
        throw new Refusal(`${files}: one file a side, please:\n${twice.map((line) => `  - ${line}`).join("\n")}`);
    }
    return sides;
}

function sameHost(one: RecoveryHost, other: RecoveryHost): boolean {
    const place = ({ address, port: sshPort = ports.ssh, bastion }: RecoveryHost) =>
        [address, sshPort, bastion?.address ?? ""].join(" ");
    return place(one) === place(other);
}

function layoutOf(product: ProductId, own: z.output<typeof host>): HostLayout | undefined {
    const { productPort, dataMounts } = own;
    const databaseUnits = own.databaseUnits ?? (own.databaseUnit === undefined ? undefined : [own.databaseUnit]);
    if (productPort === undefined && databaseUnits === undefined && dataMounts === undefined) {
        return undefined;
    }
    return {
        dataMounts: [...new Set([...products[product].dataMounts, ...(dataMounts ?? [])])],
        ...(databaseUnits !== undefined && { databaseUnits }),
        ...(productPort !== undefined && { port: productPort }),
    };
}

function parsedYaml(file: string): unknown {
    try {
        return parse(fs.readFileSync(file, "utf8"));
    } catch (error) {
        throw new Refusal(`${file} is no YAML: ${(error as Error).message.split("\n")[0]}`);
    }
}

/** Where a key lies that a hosts file names. */
export function keyPath(hostsFile: string, name: string): string {
    return name.startsWith("~/") ? path.join(os.homedir(), name.slice(2)) : path.resolve(path.dirname(hostsFile), name);
}

function readKey(hostsFile: string, name: string): Secret<string> {
    const file = keyPath(hostsFile, name);
    if (!fs.existsSync(file)) {
        throw new Refusal(`${hostsFile}: privateKeyFile ${file} is not there`);
    }
    return seal(fs.readFileSync(file, "utf8"));
}
