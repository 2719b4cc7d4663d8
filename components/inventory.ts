// What runs in production, read without changing it: versions, runtimes in use, accounts, sizes, counts; and, as a secret, the
// configuration files and keys that the new environment is made from.
import * as pulumi from "@pulumi/pulumi";
import { Inventory as InventoryContract, ProductSecrets } from "../contract/production";
import { ProductId, productIds, products } from "../products";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";
import { answerOf, Asked, everyInput, HostCommand, Runner } from "./runner";

export interface InventoryArgs {
    hosts: Record<
        ProductId,
        {
            instanceId: string;
            target: HostAddress;
            layout: HostLayout;
            dataVolumes: { volumeId: string; mount: string; folder?: string }[];
            database: { kind: string };
        }
    >;
    /** Hosts that can't be asked: what was read of them stands, and nobody dials them. */
    asleep?: ProductId[];
    /** Where Workbench's homes are, if on a file system of the network that is declared. */
    sharedHomes?: string;
    /** Read anew when this changes: the newest capture's token, or any word a person chooses. */
    reading: string;
}

export class Inventory extends pulumi.ComponentResource {
    readonly inventory: pulumi.Output<Record<ProductId, InventoryContract>>;
    readonly secrets: pulumi.Output<Record<ProductId, ProductSecrets>>;
    /** What a capture waits for: it begins only when production was just read. */
    readonly commands: HostCommand[];

    constructor(name: string, args: InventoryArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Inventory", name, {}, opts);
        const inventories = productIds.map((product) => this.readInventory(product, args));
        const secrets = productIds.map((product) => this.readSecrets(product, args));
        this.commands = [...inventories, ...secrets].map(({ command }) => command);
        this.inventory = collect(inventories.map(answerOf));
        this.secrets = pulumi.secret(collect(secrets.map(answerOf)));
        this.registerOutputs({ inventory: this.inventory });
    }

    private readInventory(product: ProductId, args: InventoryArgs): Asked<"inventory"> {
        const { target, layout, database, dataVolumes } = args.hosts[product];
        return new Runner({ target, layout }).ask(
            `inventory-${products[product].slug}`,
            {
                script: "inventory",
                product,
                repeat: "idempotent",
                triggers: triggers(product, args),
                variables: {
                    DATABASE_KIND: database.kind,
                    SHARED_HOMES: product === "workbench" ? (args.sharedHomes ?? "") : "",
                    VOLUMES: dataVolumes,
                },
            },
            this.optionsOf(product, args),
        );
    }

    private readSecrets(product: ProductId, args: InventoryArgs): Asked<"secrets"> {
        const { target, layout } = args.hosts[product];
        return new Runner({ target, layout }).ask(
            `secrets-${products[product].slug}`,
            { script: "secrets", product, repeat: "idempotent", triggers: triggers(product, args) },
            this.optionsOf(product, args),
        );
    }

    private optionsOf(product: ProductId, { asleep }: InventoryArgs): pulumi.CustomResourceOptions {
        return { parent: this, ignoreChanges: asleep?.includes(product) ? everyInput : [] };
    }
}

function triggers(product: ProductId, { reading, hosts }: InventoryArgs): string[] {
    return [reading, hosts[product].instanceId];
}

function collect<T>(answers: pulumi.Output<T>[]): pulumi.Output<Record<ProductId, T>> {
    return pulumi
        .all(answers)
        .apply((known) =>
            Object.fromEntries(productIds.map((product, index) => [product, known[index]])),
        ) as unknown as pulumi.Output<Record<ProductId, T>>;
}
