// The production side: its inventory, its captures, its entry points. It owns no product host.
import * as pulumi from "@pulumi/pulumi";
import { CaptureManifest, Inventory as InventoryContract } from "../contract/production";
import { ProductId, productIds } from "../products";
import { Capture, CaptureArgs } from "./capture";
import { EntryPoints, EntryPointsArgs } from "./entryPoints";
import { Inventory, InventoryArgs } from "./inventory";

export interface ProductionArgs {
    inventory: InventoryArgs;
    /** Captures that begin now, are adopted, or wait and take their warm-ups, oldest first. */
    captures: Omit<CaptureArgs, "versions" | "inventoryDigest" | "after">[];
    entryPoints?: Omit<EntryPointsArgs, "after">;
    digestOf: (inventory: Record<ProductId, InventoryContract>) => string;
}

export class Production extends pulumi.ComponentResource {
    readonly inventory: Inventory;
    readonly manifests: Record<string, pulumi.Output<CaptureManifest>>;
    /** Known only when nothing is left to move. */
    readonly moved: pulumi.Output<void>;

    constructor(name: string, args: ProductionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Production", name, {}, opts);
        this.inventory = new Inventory("inventory", args.inventory, { parent: this });
        const read = this.inventory.inventory;
        const versions = read.apply(
            (inventory) =>
                Object.fromEntries(productIds.map((product) => [product, inventory[product].version])) as Record<
                    ProductId,
                    string
                >,
        );
        this.manifests = Object.fromEntries(
            args.captures.flatMap((capture) => {
                const { manifest } = new Capture(
                    `capture-${capture.token}`,
                    {
                        ...capture,
                        versions,
                        inventoryDigest: read.apply(args.digestOf),
                        after: this.inventory.commands,
                    },
                    { parent: this },
                );
                return manifest === undefined ? [] : [[capture.token, manifest]];
            }),
        );
        // A mistyped host is found by reading it, before a name leads there.
        const after = this.inventory.commands;
        this.moved = args.entryPoints
            ? new EntryPoints("entry-points", { ...args.entryPoints, after }, { parent: this }).moved
            : pulumi.output(undefined);
        this.registerOutputs({});
    }
}
