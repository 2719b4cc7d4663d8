// One product on its host: accounts → data volumes → package → (restored data: repaired, quarantined) → configuration →
// start → rebuild → check. What differs between the products stands in their descriptions (products/).
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { ConfigFile, EnvironmentFacts, ProductId, products } from "../products";
import { CheckAnswer, RepairAnswer } from "../contract/host";
import { ProductSecrets, SharedHomes } from "../contract/production";
import type { PlacedMount } from "../logic/devices";
import type { Secret } from "../logic/secret";
import type { VolumeSpeed } from "../logic/volumeSpeed";
import { DataVolume } from "./dataVolume";
import { Host } from "./host";
import { dataVolumes, loadDatabases, LoadedFrom, mountHomes, runnerOf } from "./productData";
import { answerOf, HostCommand } from "./runner";
import { revealed } from "./secrets";

export interface RestoredMount {
    mount: string;
    snapshotId: string;
    /** GiB */
    size: number;
    folder?: string;
    /** Of the volume that was captured. */
    speed?: VolumeSpeed;
}

export interface ProductArgs {
    product: ProductId;
    version: string;
    /** Where it listens on its host. */
    listenPort: number;
    /** How long it may take to answer after a start. */
    startSeconds: number;
    host: Host;
    zone: string;
    kmsKeyId?: string;
    /** Blank volumes by mount point, GiB; ignored for what a capture brings. */
    volumeSize: number;
    /** The capture to start from; absent in phase install. */
    restored?: {
        token: string;
        mounts: RestoredMount[];
        codename: string;
        /** Databases that came along on the volumes and go to this environment's server. */
        databases: LoadedFrom[];
    };
    /** The host's data mounts, with the device of each. */
    devices: PlacedMount[];
    /** Of its restored volumes, MiB/s. */
    initializationRate?: number;
    /** Of its volumes; for an environment that serves. */
    deletionProtection: boolean;
    /** Homes that production has on a file system of the network. */
    sharedHomes?: SharedHomes;
    packages: { url: string; signingKey: string };
    accounts: { name: string; uid: number; gid: number; home?: string; groups?: string[] }[];
    /** Groups of people in production, with their numbers there. */
    groups: { name: string; gid: number }[];
    /** Production's configuration files and key: the base of the new ones. Absent until production publishes them. */
    production?: Secret<ProductSecrets>;
    facts: pulumi.Input<EnvironmentFacts>;
    /** Public names → addresses, so that the final names lead to this environment from its own hosts. */
    nameOverrides: pulumi.Input<{ name: string; address: string }[]>;
    databaseCa?: string;
    /** Of its main database; absent where that stays with the product's data. */
    databasePassword?: Secret<string>;
    /** What the check compares with. */
    expected: { version: string; keyFingerprint?: string; name: string; front?: string };
    /** Databases, and the products that it comes after. */
    dependsOn: pulumi.Resource[];
    tags: Record<string, string>;
}

export class Product extends pulumi.ComponentResource {
    readonly volumes: DataVolume[];
    readonly started: HostCommand;
    readonly checks: pulumi.Output<CheckAnswer>;
    /** What the repairs found and counted on restored data before its first start. */
    readonly repairs?: pulumi.Output<RepairAnswer>;

    constructor(name: string, args: ProductArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Product", name, {}, opts);
        const { product, restored } = args;
        const child = { parent: this };
        const runner = runnerOf(args);
        const accounts = runner.run(
            `${name}-accounts`,
            {
                script: "accounts",
                product,
                repeat: "idempotent",
                variables: accountVariables(args),
            },
            child,
        );
        this.volumes = dataVolumes(this, name, args, accounts);
        const mounted = [
            ...this.volumes.map((volume) => volume.mounted),
            ...(args.sharedHomes ? [mountHomes(this, name, product, args.sharedHomes, runner.after(accounts))] : []),
        ];
        const installed = runner.run(
            `${name}-install`,
            {
                script: "install",
                product,
                repeat: "idempotent",
                variables: {
                    VERSION: args.version,
                    REPOSITORY_URL: args.packages.url,
                    REPOSITORY_KEY: args.packages.signingKey,
                },
            },
            { ...child, dependsOn: [accounts, ...mounted, ...args.dependsOn] },
        );
        const prepared = restored ? this.prepareRestored(name, args, restored, [installed, ...mounted]) : [];
        const configured = this.configure(name, args, [installed, ...prepared]);
        const generation = restored?.token ?? "blank";
        this.started = runner.run(
            `${name}-start`,
            {
                script: "start",
                product,
                repeat: "once",
                variables: { START_SECONDS: args.startSeconds },
                triggers: [configured.fingerprint, generation, installed.stdout],
            },
            { ...child, dependsOn: [configured.command] },
        );
        const rebuilt = restored && products[product].rebuilds ? [this.rebuild(name, args)] : [];
        const check = runner.ask(
            `${name}-check`,
            {
                script: "check",
                product,
                repeat: "idempotent",
                variables: {
                    PHASE: restored ? "migrate" : "install",
                    EXPECTED: args.expected,
                    START_SECONDS: args.startSeconds,
                },
                triggers: [this.started.id],
            },
            { ...child, dependsOn: [this.started, ...rebuilt] },
        );
        this.checks = answerOf(check);
        this.registerOutputs({ checks: this.checks });
    }

    /** Between the restored volumes' mount and the first start: nothing of the copy may act on the world. */
    private prepareRestored(
        name: string,
        args: ProductArgs,
        restored: NonNullable<ProductArgs["restored"]>,
        after: pulumi.Resource[],
    ): pulumi.Resource[] {
        const runner = runnerOf(args).after(...after);
        const once = { product: args.product, repeat: "once" as const, triggers: [restored.token] };
        const quarantined = runner.run(
            `${name}-quarantine`,
            { ...once, script: "quarantine", variables: { ACTION: "on", TOKEN: restored.token } },
            { parent: this },
        );
        const loaded = loadDatabases(this, name, args, restored, runner.after(quarantined));
        const repaired = runner.after(quarantined, ...loaded).ask(
            `${name}-repair`,
            {
                ...once,
                script: "repair",
                variables: {
                    TOKEN: restored.token,
                    OLD_CODENAME: restored.codename,
                    ACCOUNTS: args.accounts,
                },
            },
            { parent: this },
        );
        Object.assign(this, { repairs: answerOf(repaired) });
        return [quarantined, repaired.command];
    }

    private configure(name: string, args: ProductArgs, after: pulumi.Resource[]) {
        const description = products[args.product];
        const production = args.production ? revealed(args.production) : pulumi.secret<Partial<ProductSecrets>>({});
        const rendered = pulumi
            .all([production, args.facts])
            .apply(([{ files }, facts]) => description.configure(files, facts));
        const password: pulumi.Output<string | undefined> = args.databasePassword
            ? revealed(args.databasePassword)
            : pulumi.secret(undefined);
        // A restored data volume brings its own key along; production's current one could be another by now.
        const keys = production.apply(({ key }): ConfigFile[] =>
            args.restored ? description.keyOutsideData(key ?? undefined) : key ? [key] : [],
        );
        const command = runnerOf(args).run(
            `${name}-configure`,
            {
                script: "configure",
                product: args.product,
                repeat: "idempotent",
                variables: {
                    FILES: rendered,
                    ENCRYPT: password.apply((value) =>
                        value === undefined ? [] : [{ placeholder: description.passwordPlaceholder, value }],
                    ),
                    KEYS: keys,
                    PASSWORDS: production.apply(({ passwords }) => passwords ?? []),
                    HOSTS_OVERRIDE: args.nameOverrides,
                    DATABASE_CA: args.databaseCa ?? "",
                },
            },
            { parent: this, dependsOn: after },
        );
        // A new password or setting restarts the product; the fingerprint says that something changed, not what.
        const fingerprint = pulumi
            .all([rendered, password, keys.apply((files) => JSON.stringify(files))])
            .apply((parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex"));
        return { command, fingerprint };
    }

    private rebuild(name: string, args: ProductArgs): HostCommand {
        return runnerOf(args).run(
            `${name}-rebuild`,
            { script: "rebuild", product: args.product, repeat: "once", triggers: [this.started.id] },
            { parent: this, dependsOn: [this.started] },
        );
    }
}

/** Memberships row by row, and numbers of those groups only that somebody here is in and that are nobody's own. */
function accountVariables({ accounts, groups }: Pick<ProductArgs, "accounts" | "groups">) {
    const memberships = accounts.flatMap(({ name, groups: theirs }) =>
        (theirs ?? []).map((group) => ({ account: name, group })),
    );
    const wanted = new Set(memberships.map(({ group }) => group));
    const own = new Set(accounts.map(({ name }) => name));
    return {
        ACCOUNTS: accounts,
        MEMBERSHIPS: memberships,
        TEAMS: groups.filter(({ name }) => wanted.has(name) && !own.has(name)),
    };
}
