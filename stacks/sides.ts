// A side is a set of three hosts that can serve: the one the configuration lists, or the one another stack publishes.
import { ProductionConfig } from "../config/schema";
import { EnvironmentOutputs, readEnvironment, readEnvironmentSecrets } from "../contract/environment";
import { DatabaseConfig, unitsOf } from "../databases";
import { Refusal } from "../logic/refusal";
import type { Secret } from "../logic/secret";
import { byProduct, DatabaseRole, Endpoint, mapProducts, PerProduct, ProductId, products } from "../products";
import { localEndpoint, usualPort } from "../products/endpoints";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";
import { fullName, publishedBy } from "./peers";

export interface SideHost {
    instanceId: string;
    /** Where this program reaches it, by SSH. */
    address: string;
    /** What the entry point's record says. */
    publicAddress: string;
    /** Where its product answers on it. */
    local: Endpoint;
    target: HostAddress;
    dataVolumes: { volumeId: string; mount: string; folder?: string }[];
    layout: HostLayout;
    databases: DatabaseConfig[];
}

export type SideHosts = PerProduct<SideHost>;

/** "listed" for the hosts in `posit:current`, otherwise a stack's full name. */
export type SideKey = string;

export interface NamedSide {
    key: SideKey;
    hosts: SideHosts;
    /** Of the products' users: they go nowhere but into the connection that asks the databases. */
    databasePasswords: Partial<PerProduct<Partial<Record<DatabaseRole, Secret<string>>>>>;
    /** Of a side that is a stack. */
    outputs?: EnvironmentOutputs;
}

export function sideVolumeIds(side: NamedSide): string[] {
    return [
        ...new Set(byProduct(side.hosts).flatMap(([, { dataVolumes }]) => dataVolumes.map(({ volumeId }) => volumeId))),
    ];
}

export function sideDatabases(side: NamedSide): PerProduct<DatabaseConfig[]> {
    return mapProducts(side.hosts, ({ databases }) => databases);
}

export function localEndpoints(side: NamedSide): PerProduct<Endpoint> {
    return mapProducts(side.hosts, ({ local }) => local);
}

export interface Reach {
    ssh: ProductionConfig["ssh"];
    secrets: Pick<ProductionConfig["secrets"], "sshPrivateKey">;
}

/** The side that serves as far as the configuration says. */
export async function currentSide(config: ProductionConfig): Promise<NamedSide> {
    return "stack" in config.current
        ? stackSide(config.current.stack, config)
        : {
              key: "listed",
              hosts: listedHosts(config.current, config),
              databasePasswords: config.secrets.databasePasswords,
          };
}

/** Throws when the stack has not published hosts yet. */
export async function stackSide(stack: string, reach: Reach): Promise<NamedSide> {
    const key = fullName(stack);
    const side = await publishedSide(stack, reach);
    if (!side) {
        throw new Refusal(`stack ${key} has published nothing yet: run \`pulumi up --stack ${stack}\` first`);
    }
    const { databasePasswords } = readEnvironmentSecrets((await publishedBy(key)).secrets, `stack ${key}`);
    return { ...side, databasePasswords };
}

/** The hosts of a stack, to be asked how they stand; its databases can't be asked without its secrets. `undefined` when it has none. */
export async function publishedSide(stack: string, reach: Reach): Promise<NamedSide | undefined> {
    const key = fullName(stack);
    const outputs = readEnvironment((await publishedBy(key)).contract, `stack ${key}`);
    return outputs && { key, hosts: publishedHosts(outputs, reach), outputs, databasePasswords: {} };
}

/** Also an environment's own, from its last outputs. */
export function publishedHosts(outputs: EnvironmentOutputs, reach: Reach): SideHosts {
    return mapProducts(outputs.hosts, (host, product): SideHost => {
        const databases = outputs.databases[product];
        return {
            ...host,
            publicAddress: host.address,
            target: target(reach, host.address, host.hostKey, host.user, host.port),
            layout: layoutOf(product, host.dataVolumes, databases, host.local),
            databases,
        };
    });
}

type Listed = Exclude<ProductionConfig["current"], { stack: string }>;

function listedHosts(current: Listed, reach: Reach): SideHosts {
    return mapProducts(current, (host, product): SideHost => {
        const { address, publicAddress = address } = host;
        const local = localEndpoint(address, host.productPort ?? usualPort(product));
        const layout = layoutOf(product, host.dataVolumes, host.databases, local);
        const reached = target(reach, address, host.hostKey, host.user, host.port);
        return { ...host, publicAddress, local, layout, target: reached };
    });
}

function layoutOf(
    product: ProductId,
    volumes: { mount: string }[],
    databases: DatabaseConfig[],
    { port }: Endpoint,
): HostLayout {
    const databaseUnits = unitsOf(databases);
    const mounts = [...products[product].dataMounts, ...volumes.map(({ mount }) => mount)];
    return {
        dataMounts: [...new Set(mounts)],
        ...(databaseUnits.length > 0 && { databaseUnits }),
        port,
    };
}

function target(reach: Reach, address: string, hostKey: string, user?: string, port?: number): HostAddress {
    return {
        address,
        port: port ?? reach.ssh.port,
        user: user ?? reach.ssh.user,
        privateKey: reach.secrets.sshPrivateKey,
        hostKey,
        bastion: reach.ssh.bastion,
    };
}
