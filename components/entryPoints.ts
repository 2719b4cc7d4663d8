// The three names users know, moved as one unit: the plan's commands (logic/serving.ts) as resources, in its order, then what leads the names.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Hands, NamesPlan } from "../logic/entryPoint";
import type { PlannedCommand } from "../logic/servingCommands";
import type { PlannedRecord } from "../logic/servingRecords";
import type { HostAddress } from "../remote/connection";
import type { HostLayout } from "../remote/script";
import { products } from "../products";
import { everyInput, HostCommand, Runner } from "./runner";

export interface EntryPointsArgs {
    /** By instance id. */
    hosts: Record<string, { target: HostAddress; layout?: HostLayout }>;
    commands: PlannedCommand[];
    /** Absent where none are declared. */
    names?: NamesPlan;
    /** What must have succeeded before anything is moved. */
    after: pulumi.Resource[];
}

export class EntryPoints extends pulumi.ComponentResource {
    /** Known only when the engine is done with every command and record; one that fails ends the run before. */
    readonly moved: pulumi.Output<void>;
    /** What is left to be done then, where names move. */
    readonly atTheEnd: Parameters<Hands["atTheEnd"]>[0][] = [];

    constructor(name: string, args: EntryPointsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:EntryPoints", name, {}, opts);
        const done: Record<string, HostCommand> = {};
        for (const planned of args.commands) {
            done[planned.key] = this.act(name, args, planned, done);
        }
        const ready = Object.values(done);
        const records: pulumi.Resource[] = [];
        args.names?.lead({
            record: (zoneId, planned) => records.push(this.record(name, args, zoneId, planned, ready)),
            atTheEnd: (act) => this.atTheEnd.push(act),
        });
        this.moved = pulumi.all([...ready, ...records].map(({ urn }) => urn)).apply(() => undefined);
        this.registerOutputs({});
    }

    private act(
        name: string,
        { hosts, after }: EntryPointsArgs,
        planned: PlannedCommand,
        done: Record<string, HostCommand>,
    ): HostCommand {
        const { key, product, instanceId, action, move, fresh, variables } = planned;
        const { target, layout } = hosts[instanceId];
        const before = planned.after.map((earlier) => done[earlier]);
        return new Runner({ target, layout, dependsOn: [...after, ...before] }).run(
            `${name}-${products[product].slug}-${key}`,
            {
                script: "serve",
                product,
                repeat: "once",
                variables: { ACTION: action, ...variables },
                triggers: [action, move],
            },
            // What stands is left alone, whatever became of this program, its key or that host: nobody dials it.
            { parent: this, ignoreChanges: fresh ? [] : everyInput },
        );
    }

    private record(
        name: string,
        { after }: EntryPointsArgs,
        zoneId: string,
        { product, name: recordName, value, ttl, held, overwrite }: PlannedRecord,
        ready: pulumi.Resource[],
    ) {
        return new aws.route53.Record(
            `${name}-${products[product].slug}`,
            {
                zoneId,
                name: recordName,
                type: "A",
                ttl,
                records: [value],
                ...(overwrite !== undefined && { allowOverwrite: overwrite }),
            },
            {
                parent: this,
                dependsOn: ready.length > 0 ? ready : after,
                import: held ? `${zoneId}_${recordName}_A` : undefined,
                // Users' way in: it goes only by hand.
                retainOnDelete: true,
            },
        );
    }
}
