// What the operator of production knows about it; written once it stands, read by everything that needs it.
import * as fs from "node:fs";
import * as path from "node:path";
import { labFolder } from "../paths";
import type { ProductId } from "../../products/ids";
import type { HostAccess } from "../ssh";
import type { HandMadeNetwork } from "./handMadeNetwork";
import type { SourcesName } from "./sources";

export interface LegacyHost {
    instanceId: string;
    address: string;
    hostKey: string;
    user: string;
    dataVolumes: { volumeId: string; mount: string; folder?: string }[];
}

export interface LegacyFacts {
    builtAt: string;
    /** GiB of filler data. */
    size: number;
    /** How it keeps its data. */
    sources: SourcesName;
    network: HandMadeNetwork;
    zoneId: string;
    sshPrivateKey: string;
    hosts: Record<ProductId, LegacyHost>;
    database: {
        server: string;
        address: string;
        port: number;
        engineVersion: string;
        caCertificate: string;
        masterUsername: string;
        masterPassword: string;
        passwords: Record<ProductId, string>;
    };
    packages: { url: string; signingKey: string };
    /** Package Manager's frozen repository, and the file that it must go on to serve. */
    frozen: { repository: string; snapshot: string; package: string; files: Record<string, string> };
    people: Record<string, { password: string; files: Record<string, string> }>;
    connect: { apiKeys: Record<string, string>; content: Record<string, string>; environment: Record<string, string> };
    licenses: Record<ProductId, string>;
}

const file = path.join(labFolder, "legacy.json");

export function readLegacyFacts(): LegacyFacts | undefined {
    if (!fs.existsSync(file)) return undefined;
    return JSON.parse(fs.readFileSync(file, "utf8")) as LegacyFacts;
}

export function writeLegacyFacts(facts: LegacyFacts): void {
    fs.mkdirSync(path.dirname(file), { recursive: true });
    fs.writeFileSync(`${file}.new`, JSON.stringify(facts, null, 2), { mode: 0o600 });
    fs.renameSync(`${file}.new`, file);
}

export function legacyAccess(facts: LegacyFacts, product: ProductId): HostAccess {
    const host = facts.hosts[product];
    return { address: host.address, user: host.user, privateKey: facts.sshPrivateKey, hostKey: host.hostKey };
}

/** Everything that must never be seen in plain state, logs or reports. */
export function legacySecrets(facts: LegacyFacts): Record<string, string> {
    return {
        "SSH private key": facts.sshPrivateKey,
        "database master password": facts.database.masterPassword,
        ...named("database password", facts.database.passwords),
        ...named("password", Object.fromEntries(Object.entries(facts.people).map(([name, p]) => [name, p.password]))),
        ...named("API key", facts.connect.apiKeys),
        ...named("environment variable", facts.connect.environment),
        ...named("licence", facts.licenses),
    };
}

function named(what: string, values: Record<string, string>): Record<string, string> {
    return Object.fromEntries(Object.entries(values).map(([key, value]) => [`${what} of ${key}`, value]));
}
