// What runs in production, read without changing it: versions, runtimes in use, accounts, sizes, counts; and, as a secret, the
// configuration files and keys that the new environment is made from.
import * as pulumi from "@pulumi/pulumi";
import { Inventory, ProductSecrets } from "../contract/production";
import { byProduct, DatabaseRole, mapProducts, PerProduct, perProduct, ProductId, products } from "../products";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";
import { answerOf, Asked, everyInput, HostCommand, Runner } from "./runner";

export interface InventoryReadingArgs {
    hosts: PerProduct<{
        instanceId: string;
        target: HostAddress;
        layout: HostLayout;
        dataVolumes: { volumeId: string; mount: string; folder?: string }[];
        databases: { role: DatabaseRole; kind: string }[];
    }>;
    /** Hosts that can't be asked: what was read of them stands, and nobody dials them. */
    asleep?: ProductId[];
    /** Where people's homes are, if on a file system of the network that is declared. */
    sharedHomes?: string;
    /** Each value is a reading of its own. Absent: what was read stands, whatever asked for it, as long as hosts and questions are the same. */
    reading?: string;
}

export class InventoryReading extends pulumi.ComponentResource {
    readonly inventory: pulumi.Output<PerProduct<Inventory>>;
    readonly secrets: pulumi.Output<PerProduct<ProductSecrets>>;
    /** What a capture waits for: it begins only when production was just read. */
    readonly commands: HostCommand[];

    constructor(name: string, args: InventoryReadingArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Inventory", name, {}, opts);
        const inventories = perProduct((product) => this.readInventory(product, args));
        const secrets = perProduct((product) => this.readSecrets(product, args));
        this.commands = [...byProduct(inventories), ...byProduct(secrets)].map(([, { command }]) => command);
        this.inventory = collect(mapProducts(inventories, answerOf));
        this.secrets = pulumi.secret(collect(mapProducts(secrets, answerOf)));
        this.registerOutputs({ inventory: this.inventory });
    }

    private readInventory(product: ProductId, args: InventoryReadingArgs): Asked<"inventory"> {
        const { target, layout, databases, dataVolumes } = args.hosts[product];
        return new Runner({ target, layout }).ask(
            `inventory-${products[product].slug}`,
            {
                script: "inventory",
                product,
                repeat: "idempotent",
                triggers: triggers(product, args),
                variables: {
                    DATABASES: databases.map(({ role, kind }) => ({ role, kind })),
                    SHARED_HOMES: products[product].hasHomes ? (args.sharedHomes ?? "") : "",
                    VOLUMES: dataVolumes,
                },
            },
            this.optionsOf(product, args),
        );
    }

    private readSecrets(product: ProductId, args: InventoryReadingArgs): Asked<"secrets"> {
        const { target, layout } = args.hosts[product];
        return new Runner({ target, layout }).ask(
            `secrets-${products[product].slug}`,
            { script: "secrets", product, repeat: "idempotent", triggers: triggers(product, args) },
            this.optionsOf(product, args),
        );
    }

    private optionsOf(product: ProductId, { asleep, reading }: InventoryReadingArgs): pulumi.CustomResourceOptions {
        const ignoreChanges = asleep?.includes(product) ? everyInput : reading === undefined ? [readingTrigger] : [];
        return { parent: this, ignoreChanges };
    }
}

function triggers(product: ProductId, { reading = "first", hosts }: InventoryReadingArgs): string[] {
    return [reading, hosts[product].instanceId];
}

const readingTrigger = "triggers[0]";

/** What an output holds is no output any more; of types that take any key Pulumi's own can't say so. */
function collect<T>(answers: PerProduct<pulumi.Output<T>>): pulumi.Output<PerProduct<T>> {
    return pulumi.output(answers) as unknown as pulumi.Output<PerProduct<T>>;
}
