// The production side: its inventory, its captures, its entry points. It owns no product host.
import * as pulumi from "@pulumi/pulumi";
import { CaptureManifest } from "../contract/production";
import { Capture, CaptureArgs } from "./capture/capture";
import { EntryPoints, EntryPointsArgs } from "./entryPoints";
import { InventoryReading, InventoryReadingArgs } from "./inventory";

export interface ProductionArgs {
    inventory: InventoryReadingArgs;
    /** Captures that begin now, are adopted, or wait and take their warm-ups, oldest first. */
    captures: Omit<CaptureArgs, "inventory" | "after">[];
    entryPoints?: Omit<EntryPointsArgs, "after">;
}

export class Production extends pulumi.ComponentResource {
    readonly inventory: InventoryReading;
    readonly manifests: Record<string, pulumi.Output<CaptureManifest>>;
    /** Known only when nothing is left to move. */
    readonly moved: pulumi.Output<void>;
    /** What moves the names once the engine is done. */
    readonly atTheEnd: EntryPoints["atTheEnd"];

    constructor(name: string, args: ProductionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Production", name, {}, opts);
        this.inventory = new InventoryReading("inventory", args.inventory, { parent: this });
        const { inventory } = this.inventory;
        const capture = (one: ProductionArgs["captures"][number], after: pulumi.Resource[]) =>
            new Capture(`capture-${one.capture.token}`, { ...one, inventory, after }, { parent: this });
        const taken = args.captures
            .filter(({ waits }) => !waits)
            .map((one) => ({ token: one.capture.token, capture: capture(one, this.inventory.commands) }));
        // Warm-ups of one that waits come after another one's window: AWS grants a volume one snapshot in 15 s, and the engine so many
        // slow operations at once, and production would stay closed for that.
        const closing = taken.map((one) => one.capture);
        args.captures
            .filter(({ waits }) => waits)
            .forEach((one) => capture(one, [...this.inventory.commands, ...closing]));
        this.manifests = Object.fromEntries(
            taken.flatMap((one) => (one.capture.manifest === undefined ? [] : [[one.token, one.capture.manifest]])),
        );
        // A mistyped host is found by reading it, before a name leads there.
        const after = this.inventory.commands;
        const entryPoints =
            args.entryPoints && new EntryPoints("entry-points", { ...args.entryPoints, after }, { parent: this });
        this.moved = entryPoints?.moved ?? pulumi.output(undefined);
        this.atTheEnd = entryPoints?.atTheEnd ?? [];
        this.registerOutputs({});
    }
}
