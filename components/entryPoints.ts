// The three names users know, moved as one unit. Forward: the old side is retired, the new side's quarantine lifted, its
// health proved, then the names move. Back: the new side is closed first, the old one revived, then the names move.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { HostAddress } from "../remote/connection";
import { HostLayout } from "../remote/script";
import { ProductId, productIds, products } from "../products";
import { Runner } from "./runner";

/** One set of three hosts that can serve. */
export interface Side {
    hosts: Record<
        ProductId,
        { instanceId: string; target: pulumi.Input<HostAddress>; address: string; layout?: HostLayout }
    >;
}

export interface EntryPointsArgs {
    zoneId: string;
    /** Public name of each product. */
    names: Record<ProductId, string>;
    /** Seconds; what users' resolvers may keep. */
    ttl: number;
    serving: Side;
    /** The side that gave way to `serving`; absent as long as nothing was ever moved. */
    retired?: Side;
    direction: "forward" | "back";
    /** What must have succeeded before anything is moved. */
    after: pulumi.Resource[];
    /** Records that exist in the zone already, by name: they are taken over as they are. */
    existing: Record<string, { records: string[]; ttl: number } | undefined>;
}

export class EntryPoints extends pulumi.ComponentResource {
    constructor(name: string, args: EntryPointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:EntryPoints", name, {}, opts);
        const ready = args.retired ? this.changeSides(name, args, args.retired) : args.after;
        for (const product of productIds) {
            const recordName = args.names[product];
            new aws.route53.Record(
                `${name}-${products[product].slug}`,
                {
                    zoneId: args.zoneId,
                    name: recordName,
                    type: "A",
                    ttl: args.ttl,
                    records: [args.serving.hosts[product].address],
                },
                {
                    parent: this,
                    dependsOn: ready,
                    import: args.existing[recordName] && `${args.zoneId}_${recordName}_A`,
                    // Users' way in: it goes only by hand.
                    retainOnDelete: true,
                },
            );
        }
        this.registerOutputs({});
    }

    /** Answers what the names have to wait for. */
    private changeSides(
        name: string,
        { serving, direction, after }: EntryPointsArgs,
        retired: Side,
    ): pulumi.Resource[] {
        const [down, up] = direction === "forward" ? ["retire", "open"] : ["close", "revive"];
        const act = (side: Side, product: ProductId, action: string, dependsOn: pulumi.Resource[]) => {
            const host = side.hosts[product];
            return new Runner({ target: host.target, layout: host.layout, dependsOn }).run(
                `${name}-${products[product].slug}-${action === "health" ? "health-" : ""}${host.instanceId}`,
                {
                    script: "serve",
                    product,
                    repeat: "once",
                    variables: { ACTION: action },
                    triggers: [action, direction],
                },
                { parent: this },
            );
        };
        const closed = [...productIds].reverse().map((product) => act(retired, product, down, after));
        // Package Manager first: the other two fetch from it as they start.
        const opened = productIds.reduce<pulumi.Resource[]>(
            (before, product) => [...before, act(serving, product, up, [...closed, ...before])],
            [],
        );
        return productIds.map((product) => act(serving, product, "health", opened));
    }
}
