// Writes the hosts file of a stack's side from what is known anyway: the stack file, or, where a stack's own hosts are meant, its outputs.
// Writes no secret, and over nothing that a person may have written.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { parse, stringify } from "yaml";
import { z } from "zod";
import { environmentSchema, productionSchema } from "../config/schema";
import { readEnvironment } from "../contract/environment";
import { unitsToldBy } from "../databases";
import { ports } from "../logic/ports";
import { Refusal } from "../logic/refusal";
import { byProduct, mapProducts, perProduct, products } from "../products";
import { hostKeyProblem, privateKeyProblem } from "../logic/keys";
import { usualPort } from "../products/endpoints";
import { HostsFileText, hostsFileSchema, keyPath, readHostsFile } from "./hostsFile";

export interface WriteHostsOptions {
    stack: string;
    /** hosts.yaml, or hosts-STACK.yaml for an environment. */
    out?: string;
    /** Where the private key lies; that of the file that is there already when absent. */
    key?: string;
    /** Write over a file that differs. */
    force: boolean;
    /** Folder of Pulumi.yaml. */
    project: string;
    /** One command of the engine; answers its stdout, throws its words. */
    pulumi: (args: string[]) => Promise<string>;
    log: (line: string) => void;
}

/** Answers the file's path. */
export async function writeHosts(options: WriteHostsOptions): Promise<string> {
    const { stack, project, log } = options;
    const config = stackFile(stack, project);
    const production = config.role === "production";
    const file = path.resolve(project, options.out ?? (production ? "hosts.yaml" : `hosts-${shortName(stack)}.yaml`));
    const ssh = sshOf(config, stack);
    const own = production ? undefined : stack;
    const { side, hosts } = await hostsOf(own, config, stack, options);
    const text = hostsFileText(
        {
            side,
            user: ssh.user,
            privateKeyFile: keyFile(options, file),
            startSeconds: startSecondsOf(config),
            bastion: ssh.bastion && {
                address: ssh.bastion.address,
                ...(ssh.bastion.port !== undefined && { port: ssh.bastion.port }),
                hostKey: ssh.bastion.hostKey,
                user: ssh.bastion.user,
            },
            hosts: withUsualLeftOut(hosts, ssh),
        },
        stack,
    );
    write(file, text, options.force, log);
    readHostsFile(file);
    if (production && isRecord(config.serve) && typeof config.serve.stack === "string") {
        const other = shortName(config.serve.stack);
        log(
            `posit:serve leads to stack ${config.serve.stack}: these hosts are the side that gave way. The other side: make hosts STACK=${config.serve.stack}, then make state HOSTS=${path.basename(file)},hosts-${other}.yaml`,
        );
    }
    return file;
}

type Hosts = HostsFileText["hosts"];
type Ssh = z.output<typeof productionSchema>["ssh"];
type Values = Record<string, unknown>;
const stackText = z.object({ config: z.record(z.string(), z.unknown()).nullish() }).nullish();

function stackFile(stack: string, project: string): Values {
    const file = path.join(project, `Pulumi.${shortName(stack)}.yaml`);
    if (!fs.existsSync(file)) {
        throw new Refusal(`there is no ${file}: STACK must be a stack whose file lies here`);
    }
    const read = stackText.safeParse(parse(fs.readFileSync(file, "utf8")));
    if (!read.success) {
        throw new Refusal(`${file} is no stack file: ${z.prettifyError(read.error)}`);
    }
    const values = Object.entries(read.data?.config ?? {})
        .filter(([key]) => key.startsWith("posit:"))
        .map(([key, value]) => [key.slice("posit:".length), value]);
    return Object.fromEntries(values) as Values;
}

function sshOf({ ssh, role }: Values, stack: string): Ssh {
    const schema = role === "production" ? productionSchema.shape.ssh : environmentSchema.shape.ssh;
    const read = schema.safeParse(ssh);
    if (!read.success) {
        throw missing(stack, read.error, "ssh");
    }
    const problem = read.data.bastion && hostKeyProblem(read.data.bastion.hostKey);
    if (problem !== undefined) {
        throw new Refusal(`${fileName(stack)}: posit:ssh.bastion.hostKey ${problem}`);
    }
    return read.data;
}

/** No more than what is needed, so that another problem of the stack file does not stand in the way on the bad day. */
const listedHost = z.object({
    address: z.string().min(1),
    hostKey: z.string(),
    user: z.string().optional(),
    port: z.number().int().optional(),
    productPort: z.number().int().optional(),
    dataVolumes: z.array(z.object({ mount: z.string() })).default([]),
    databases: z.array(z.unknown()).default([]),
    /** In a stack file that an earlier version took. */
    database: z.unknown().optional(),
});
const listed = z.object(perProduct(() => listedHost));
type Listed = z.output<typeof listed>;

/** `own`: the stack whose own hosts are meant. */
async function hostsOf(
    own: string | undefined,
    { current }: Values,
    stack: string,
    { pulumi }: WriteHostsOptions,
): Promise<{ side: string; hosts: Hosts }> {
    const published = own ?? (isRecord(current) && typeof current.stack === "string" ? current.stack : undefined);
    if (published !== undefined) {
        const read = await publishedHosts(published, pulumi);
        return { side: shortName(published), hosts: checked(read, `stack ${published}`) };
    }
    const read = listed.safeParse(current);
    if (!read.success) {
        throw missing(stack, read.error, "current");
    }
    return { side: "listed", hosts: checked(read.data, `${fileName(stack)}, posit:current`) };
}

async function publishedHosts(stack: string, pulumi: WriteHostsOptions["pulumi"]): Promise<Listed> {
    const output = async (more: string[]): Promise<unknown> => {
        try {
            return JSON.parse(await pulumi(["stack", "output", "contract", "--json", "--stack", stack, ...more]));
        } catch (error) {
            const words = (error as Error).message.trim().split("\n").pop() ?? "";
            throw new Refusal(
                `stack ${stack} publishes no hosts that can be read from here: log in to its backend, or run \`pulumi up --stack ${stack}\` first (${words})`,
            );
        }
    };
    // The engine hides the whole when a part of it is a secret; nothing but addresses and host keys is taken from it.
    const plain = await output([]);
    const outputs = readEnvironment(plain === "[secret]" ? await output(["--show-secrets"]) : plain, `stack ${stack}`);
    if (!outputs) {
        throw new Refusal(`stack ${stack} has published nothing yet: run \`pulumi up --stack ${stack}\` first`);
    }
    return mapProducts(outputs.hosts, (host, product) => {
        const { port } = host.local;
        return listedHost.parse({ ...host, ...(port !== usualPort(product) && { productPort: port }) });
    });
}

function checked(hosts: Listed, from: string): Hosts {
    const problems = byProduct(hosts).flatMap(([product, { hostKey }]) => {
        const problem = hostKeyProblem(hostKey);
        return problem === undefined ? [] : [`  - ${product}: hostKey ${problem}`];
    });
    if (problems.length > 0) {
        throw new Refusal(`${from}:\n${problems.join("\n")}`);
    }
    return mapProducts(hosts, (host, product) => {
        const { address, hostKey, user, port, productPort, databases, database, dataVolumes } = host;
        const databaseUnits = unitsToldBy([...databases, database]);
        const usual: readonly string[] = products[product].dataMounts;
        const mounts = dataVolumes.map(({ mount }) => mount).filter((mount) => !usual.includes(mount));
        return {
            address,
            hostKey,
            ...(port !== undefined && { port }),
            ...(user !== undefined && { user }),
            ...(productPort !== undefined && { productPort }),
            ...(databaseUnits.length > 0 && { databaseUnits }),
            ...(mounts.length > 0 && { dataMounts: mounts }),
        };
    });
}

/** What the file says once for all hosts does not stand in each. */
function withUsualLeftOut(hosts: Hosts, ssh: Ssh): Hosts {
    return mapProducts(hosts, ({ user, port = ssh.port, ...rest }) => {
        return {
            ...rest,
            ...(port !== ports.ssh && { port }),
            ...(user !== undefined && user !== ssh.user && { user }),
        };
    });
}

/** The longest that any capture grants. */
function startSecondsOf({ captures }: Values): number | undefined {
    const given = (Array.isArray(captures) ? captures : []).flatMap((capture: unknown) =>
        isRecord(capture) && typeof capture.startSeconds === "number" ? [capture.startSeconds] : [],
    );
    return given.length > 0 ? Math.max(...given) : undefined;
}

/** As the hosts file says it: from the home directory where it lies there, since another person's is elsewhere. */
function keyFile({ key, project }: WriteHostsOptions, file: string): string {
    const given = key ? path.resolve(project, key.replace(/^~(?=\/)/, os.homedir())) : keyOfExisting(file);
    if (given === undefined) {
        throw new Refusal(
            "say where the private key lies that opens these hosts: make hosts … KEY=~/.ssh/posit-operator (its path is written, never the key; the stack file has it only encrypted)",
        );
    }
    if (!fs.existsSync(given)) {
        throw new Refusal(`KEY: there is no ${given}`);
    }
    const problem = privateKeyProblem(fs.readFileSync(given, "utf8"));
    if (problem !== undefined) {
        throw new Refusal(`KEY: ${given} ${problem}`);
    }
    const home = path.relative(os.homedir(), given);
    return home.startsWith("..") || path.isAbsolute(home) ? given : `~/${home}`;
}

function keyOfExisting(file: string): string | undefined {
    try {
        const read = hostsFileSchema.safeParse(parse(fs.readFileSync(file, "utf8")));
        return read.success ? keyPath(file, read.data.privateKeyFile) : undefined;
    } catch {
        return undefined;
    }
}

function hostsFileText(content: HostsFileText, stack: string): string {
    const known = Object.entries(content).filter(([, value]) => value !== undefined);
    const head = [
        `# Hosts of one side, for the day on which nothing else works: make state, make thaw, make recover. Written by`,
        `# \`make hosts STACK=${stack}\`; call it again when a host, its key or its address changes.`,
    ];
    return `${head.join("\n")}\n${stringify(Object.fromEntries(known), { lineWidth: 0 })}`;
}

function write(file: string, text: string, force: boolean, log: (line: string) => void): void {
    const before = fs.existsSync(file) ? fs.readFileSync(file, "utf8") : undefined;
    if (before === text) {
        log(`${file} is up to date`);
        return;
    }
    if (before !== undefined && !force) {
        throw new Refusal(
            `${file} is there and differs; FORCE=1 writes over it, OUT=FILE writes another:\n${difference(before, text).join("\n")}`,
        );
    }
    // Whole or not at all.
    fs.writeFileSync(`${file}.new`, text, { mode: 0o644 });
    fs.renameSync(`${file}.new`, file);
    log(`${file} is written: try it with make state HOSTS=${path.basename(file)}`);
}

function difference(before: string, after: string): string[] {
    const [old, now] = [before, after].map((text) => text.trimEnd().split("\n"));
    return [
        ...old.filter((line) => !now.includes(line)).map((line) => `  - ${line}`),
        ...now.filter((line) => !old.includes(line)).map((line) => `  + ${line}`),
    ];
}

function missing(stack: string, error: z.ZodError, key: string): Refusal {
    const lines = error.issues.map((issue) => `  - posit:${[key, ...issue.path].join(".")}: ${issue.message}`);
    return new Refusal(
        `${fileName(stack)} does not say enough to write the hosts file (docs/configuration.md has every key):\n${lines.join("\n")}`,
    );
}

function fileName(stack: string): string {
    return `Pulumi.${shortName(stack)}.yaml`;
}

function shortName(stack: string): string {
    return stack.split("/").pop() ?? stack;
}

function isRecord(value: unknown): value is Record<string, unknown> {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}
