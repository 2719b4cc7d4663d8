// A new environment: isolated network, three hosts, databases, the three products (Package Manager first), and what is proved
// about them. In phase install with no content; in phase migrate with the content of one capture.
import * as pulumi from "@pulumi/pulumi";
import { EnvironmentConfig, EnvironmentSecrets } from "../config/schema";
import { CheckAnswer } from "../contract/host";
import { CaptureManifest, ProductionOutputs } from "../contract/production";
import { HostContract } from "../contract/environment";
import type { PlacedMount } from "../logic/devices";
import type { ProductionPlace } from "../logic/isolation";
import type { LeftNetwork } from "../logic/leftNetwork";
import type { NetworkPlace } from "../logic/networkPlace";
import { givenProfile } from "../logic/instanceProfiles";
import { serverBase, stayingDatabases } from "../logic/plannedServers";
import type { Answering } from "../logic/publicEndpoints";
import { commonTags } from "../logic/names";
import { defaultStartSeconds } from "../logic/startSeconds";
import {
    byProduct,
    databaseFacts,
    EnvironmentFacts,
    inOrder,
    mapProducts,
    PerProduct,
    perProduct,
    PostgresAddress,
    ProductId,
    products,
    repository,
} from "../products";
import { localEndpoint } from "../products/endpoints";
import { loadedOf } from "../databases";
import { DatabaseLocation, Databases } from "./databases";
import { Host } from "./host";
import { Network } from "./network";
import { Product } from "./product";
import type { HostCommand } from "./runner";

export interface EnvironmentArgs {
    config: EnvironmentConfig;
    secrets: EnvironmentSecrets;
    stack: string;
    /** What production publishes; absent until its first `up`. */
    production?: ProductionOutputs;
    /** The capture to restore; absent in phase install. */
    capture?: CaptureManifest;
    /** Where each product answers. */
    answering: PerProduct<Answering>;
    /** Where hosts and databases are. */
    place: NetworkPlace;
    /** What of production new hosts must not reach, where its network is not of this program's making; each tries it. */
    unreachable: ProductionPlace[];
    /** Database servers that a run which ended has left, by identifier: their ids. */
    leftServers: Record<string, string>;
    /** What of the network such a run has left. */
    leftNetwork: LeftNetwork;
    /** The data mounts of each product's host. */
    devices: PerProduct<PlacedMount[]>;
}

export class Environment extends pulumi.ComponentResource {
    readonly hosts: PerProduct<pulumi.Output<HostContract>>;
    readonly databases: PerProduct<DatabaseLocation[]>;
    /** Token of the capture whose server stands beforehand. */
    readonly prepared?: string;
    readonly checks: pulumi.Output<CheckAnswer[]>;
    readonly repairs: pulumi.Output<Partial<PerProduct<unknown>>>;

    constructor(name: string, args: EnvironmentArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Environment", name, {}, opts);
        const { config, secrets, capture } = args;
        const tags = commonTags(config, args.stack);
        const network = new Network(
            "network",
            {
                ...config.network,
                place: args.place,
                sshPort: config.ssh.port,
                answering: args.answering,
                tags,
                left: args.leftNetwork,
            },
            { parent: this },
        );
        const hosts = perProduct((product) => this.host(product, args, network, tags));
        const databases = new Databases(
            "databases",
            {
                identifier: serverBase(config, args.stack),
                server: {
                    ...config.database,
                    masterPassword: secrets.databaseMasterPassword,
                    securityGroupIds: [network.databaseGroup.id],
                    kmsKeyId: config.kmsKeyId,
                    deletionProtection: config.deletionProtection,
                    tags,
                },
                subnetIds: network.subnets.map((subnet) => subnet.id),
                passwords: secrets.databasePasswords,
                caCertificate: config.database.caCertificate,
                capture,
                prepare: config.prepare,
                staying: stayingDatabases(capture, args.production),
                left: args.leftServers,
                leftSubnetGroup: args.leftNetwork.subnetGroup,
                // Any host of this network reaches the servers; this one waits for none of the others.
                runner: hosts[repository].runner,
            },
            { parent: this },
        );
        this.databases = databases.locations;
        this.prepared = databases.prepared;
        const built = this.buildProducts(args, network, hosts, databases.locations, tags);
        this.hosts = mapProducts(built, (made, product) =>
            hostContract(config.ssh, hosts[product], made, args.answering[product].port),
        );
        this.checks = pulumi.all(byProduct(built).map(([, made]) => made.checks));
        this.repairs = pulumi.all(mapProducts(built, ({ repairs }) => repairs ?? pulumi.output(undefined)));
        this.registerOutputs({});
    }

    private host(product: ProductId, args: EnvironmentArgs, network: Network, tags: Record<string, string>): Host {
        const { config, secrets } = args;
        return new Host(
            products[product].slug,
            {
                ami: config.operatingSystem.ami,
                family: config.operatingSystem.family,
                instanceType: config[product].instanceType,
                subnetId: network.subnets[0].id,
                securityGroupIds: [network.hostGroups[product].id],
                refusesPublicAddress: args.place.kind === "existing" && args.place.subnets[0].publicAddresses,
                instanceProfile: givenProfile(config[product]),
                rootVolumeSize: config[product].rootVolumeSize,
                kmsKeyId: config.kmsKeyId,
                user: config.ssh.user,
                port: config.ssh.port,
                bastion: config.ssh.bastion,
                privateKey: secrets.sshPrivateKey,
                bootstrapHostKey: secrets.bootstrapHostKey,
                deletionProtection: config.deletionProtection,
                tags,
            },
            { parent: this, dependsOn: network.ready },
        );
    }

    /** Each once those that it fetches packages from have started. */
    private buildProducts(
        args: EnvironmentArgs,
        network: Network,
        hosts: PerProduct<Host>,
        databases: PerProduct<DatabaseLocation[]>,
        tags: Record<string, string>,
    ): PerProduct<Product> {
        const isolated = this.tryIsolation(args, hosts);
        const nameOverrides = pulumi.all(
            byProduct(hosts).map(([product, host]) => nameOverride(args.answering[product], host.address)),
        );
        return perProduct<Product>(
            (product, needed) =>
                new Product(
                    `${products[product].slug}-product`,
                    {
                        ...this.productArgs(product, args, databases[product]),
                        host: hosts[product],
                        zone: network.subnets[0].zone,
                        nameOverrides,
                        dependsOn: [
                            ...isolated,
                            ...databases[product].flatMap(({ ready }) => ready),
                            ...needed.map(({ started }) => started),
                        ],
                        tags,
                    },
                    { parent: this },
                ),
        );
    }

    /** Before any product is installed, and again before one starts with another content. */
    private tryIsolation({ capture, unreachable }: EnvironmentArgs, hosts: PerProduct<Host>): HostCommand[] {
        return unreachable.length === 0
            ? []
            : byProduct(hosts).map(([product, host]) =>
                  host.runner.run(
                      `${products[product].slug}-isolation`,
                      {
                          script: "isolation",
                          repeat: "once",
                          variables: { PLACES: unreachable },
                          triggers: [host.instance.id, capture?.token ?? "blank"],
                      },
                      { parent: this },
                  ),
              );
    }

    private productArgs(product: ProductId, args: EnvironmentArgs, databases: DatabaseLocation[]) {
        const { config, secrets, capture, production, answering } = args;
        const inventory = production?.inventory[product];
        const main = databases.find(({ role }) => role === "main")?.server;
        return {
            product,
            version: config[product].version,
            listenPort: answering[product].port,
            startSeconds: (capture && production?.startSeconds?.[capture.token]) ?? defaultStartSeconds,
            kmsKeyId: config.kmsKeyId,
            deletionProtection: config.deletionProtection,
            initializationRate: config.volumeInitializationRate,
            volumeSize: config[product].volumeSize,
            restored: capture && {
                token: capture.token,
                codename: inventory?.os.codename ?? "",
                mounts: capture.volumes.filter((volume) => volume.product === product),
                databases: loadedOf(capture.volumeDatabases)
                    .filter((database) => database.product === product)
                    .map((loaded) => ({
                        loaded,
                        target: databases.find(({ role }) => role === loaded.role)!.server!,
                        password: secrets.databasePasswords[product][loaded.role],
                    })),
            },
            devices: args.devices[product],
            sharedHomes: products[product].hasHomes ? (capture ?? production)?.sharedHomes : undefined,
            packages: config.packages,
            accounts: accountsOf(product, config),
            groups: inventory?.groups ?? [],
            production: production?.secrets[product],
            facts:
                main === undefined
                    ? factsFor(product, args, undefined)
                    : main.host.apply((host) => factsFor(product, args, { ...main, host })),
            databaseCa: config.database.caCertificate,
            databasePassword: main && secrets.databasePasswords[product].main,
            expected: {
                version: config[product].version,
                keyFingerprint: inventory?.keyFingerprint,
                name: answering[product].endpoint.host,
                front: answering[product].front,
            },
        };
    }
}

/** Its name leads to the host, or to what answers in front of it. */
function nameOverride({ endpoint, front }: Answering, host: pulumi.Output<string>) {
    return host.apply((address) => ({ name: endpoint.host, address: front ?? address }));
}

function factsFor(
    product: ProductId,
    { config, answering }: Pick<EnvironmentArgs, "config" | "answering">,
    database: PostgresAddress | undefined,
): EnvironmentFacts {
    return {
        address: answering[product].endpoint,
        listenPort: answering[product].port,
        [databaseFacts.main]: database && { ...database, verified: config.database.caCertificate !== undefined },
        repository: answering[repository].endpoint,
        binaries: config.operatingSystem.binaries,
        settings: config[product].settings,
    };
}

/** Everybody, but of the service accounts only the product's own: on three hosts they may all have the same number. */
function accountsOf(product: ProductId, config: EnvironmentConfig): EnvironmentConfig["accounts"] {
    const others = inOrder.filter((other) => other !== product).map((other) => products[other].account);
    return config.accounts.filter((account) => !others.includes(account.name));
}

function hostContract(
    ssh: EnvironmentConfig["ssh"],
    host: Host,
    product: Product,
    port: number,
): pulumi.Output<HostContract> {
    const dataVolumes = pulumi.all(
        product.volumes.map(({ volume, mount, folder }) =>
            volume.id.apply((volumeId) => ({ volumeId, mount, ...(folder !== undefined && { folder }) })),
        ),
    );
    return pulumi
        .all([host.instance.id, host.address, host.hostKey, dataVolumes])
        .apply(([instanceId, address, hostKey, volumes]) => ({
            instanceId,
            address,
            hostKey,
            user: ssh.user,
            port: ssh.port,
            local: localEndpoint(address, port),
            dataVolumes: volumes,
        }));
}
