// What runs in production, read without changing it: versions, runtimes in use, accounts, sizes, counts; and, as a secret, the
// configuration files and keys that the new environment is made from.
import * as pulumi from "@pulumi/pulumi";
import { Inventory as InventoryContract, ProductSecrets } from "../contract/production";
import { ProductId, productIds, products } from "../products";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";
import { answerOf, everyInput, HostCommand, Runner } from "./runner";

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
        const read = (product: ProductId, script: "inventory" | "secrets") =>
            new Runner({ target: args.hosts[product].target, layout: args.hosts[product].layout }).run(
                `${script}-${products[product].slug}`,
                {
                    script,
                    product,
                    repeat: "idempotent",
                    triggers: [args.reading, args.hosts[product].instanceId],
                    secretOutput: script === "secrets",
                    ...(script === "inventory" && {
                        variables: {
                            DATABASE_KIND: args.hosts[product].database.kind,
                            SHARED_HOMES: product === "workbench" ? (args.sharedHomes ?? "") : "",
                            VOLUMES_JSON: JSON.stringify(args.hosts[product].dataVolumes),
                        },
                    }),
                },
                { parent: this, ignoreChanges: args.asleep?.includes(product) ? everyInput : [] },
            );
        const inventories = productIds.map((product) => read(product, "inventory"));
        const secrets = productIds.map((product) => read(product, "secrets"));
        this.commands = [...inventories, ...secrets];
        this.inventory = collect<InventoryContract>(inventories);
        this.secrets = pulumi.secret(collect<ProductSecrets>(secrets));
        this.registerOutputs({ inventory: this.inventory });
    }
}

function collect<T>(commands: HostCommand[]): pulumi.Output<Record<ProductId, T>> {
    return pulumi
        .all(commands.map((result) => answerOf<T>(result)))
        .apply((answers) =>
            Object.fromEntries(productIds.map((product, index) => [product, answers[index]])),
        ) as unknown as pulumi.Output<Record<ProductId, T>>;
}
