// What `pulumi up` of a production stack does: looks at what is there, passes the gates, reads the inventory, takes or adopts
// captures, keeps or moves the entry points, publishes.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { heldAddressRecords } from "../cloud/records";
import { EntryPointsArgs } from "../components/entryPoints";
import { Production } from "../components/production";
import { ProductionConfig } from "../config/schema";
import { OwnProduction, readOwnProduction, Serving } from "../contract/production";
import { readEnvironment } from "../contract/environment";
import { changedSettings } from "../logic/captureState";
import { checkDroppedCaptures, checkServeGates, checkWayBack } from "../logic/gates";
import { notCarried } from "../logic/notCarried";
import { receiptDigest } from "../logic/receipt";
import { planServing, ServingPlan } from "../logic/serving";
import { ProductId, productIds } from "../products";
import { planCapture } from "./captures";
import {
    captureArgs,
    manifests,
    parallelismFindings,
    registered,
    settleCaptures,
    severalBeginnings,
} from "./capturesOutputs";
import { fullName, ownName, publishedBy } from "./peers";
import { refuse, warnOverrides } from "./refusals";
import { changedSinceServing, openedSince } from "./losses";
import { currentSide, NamedSide, stackSide } from "./sides";

export async function productionStack(config: ProductionConfig): Promise<Record<string, unknown>> {
    warnOverrides(config.overrides);
    const own = readOwnProduction((await publishedBy(ownName())).contract);
    const side = await currentSide(config);
    const serving = planServing({
        current: side.key,
        serve: config.serve === "current" ? "current" : fullName(config.serve.stack),
        last: own?.serving,
    });
    const sides = await servingSides(config, side, serving);
    const planned = await Promise.all(config.captures.map((capture) => planCapture(capture, config, side, own)));
    refuse("production can't be changed like that", [
        ...(await droppedInUse(config, own)),
        ...(await servingGates(config, own, serving, sides)),
        ...planned.flatMap(({ config: capture, recorded, markers }) => changedSettings(capture, recorded, markers)),
        ...severalBeginnings(planned),
        ...(pulumi.runtime.isDryRun() ? [] : parallelismFindings(planned)),
    ]);
    const captures = await settleCaptures(planned, { side, moving: serving.side !== side.key });
    const region = (await aws.getRegion()).region;
    const active = captures.filter((plan) => plan.decision.kind === "begin" || plan.decision.kind === "adopt");
    const production = new Production("posit-team", {
        inventory: {
            hosts: side.hosts,
            sharedHomes: config.sharedHomes?.mount,
            reading: active[active.length - 1]?.config.token ?? "first",
        },
        captures: registered(captures).map((plan) => captureArgs(plan, config, region)),
        entryPoints: config.entryPoints && (await entryPointsArgs(config, serving, sides)),
        digestOf: receiptDigest,
    });
    const { inventory } = production.inventory;
    active.forEach((plan) => plan.run.alsoCheck(async () => notCarried(await resolved(inventory), "refused")));
    inventory.apply((read) => {
        for (const refused of notCarried(read, "refused"))
            void pulumi.log.warn(`refused, no capture will be taken: ${refused}`);
        for (const declared of notCarried(read, "declare")) void pulumi.log.warn(declared);
    });
    return {
        contract: {
            contract: "posit-production/1",
            region,
            inventory,
            captures: manifests(captures, production.manifests),
            serving: outputServing(serving, sides),
            sharedHomes: config.sharedHomes,
            names: config.entryPoints && byProduct((product) => config.entryPoints![product]),
        },
        secrets: production.inventory.secrets,
        serving: serving.side,
    };
}

function resolved<T>(output: pulumi.Output<T>): Promise<T> {
    return new Promise((resolve) => output.apply((value) => resolve(value as T)));
}

/** The sides that a move concerns, by key. */
type Sides = { serving: NamedSide; retired?: NamedSide };

async function servingSides(config: ProductionConfig, current: NamedSide, plan: ServingPlan): Promise<Sides> {
    const find = async (key: string) => (key === current.key ? current : stackSide(key, config));
    return {
        serving: await find(plan.side),
        retired: plan.retired === undefined ? undefined : await find(plan.retired),
    };
}

async function droppedInUse(config: ProductionConfig, own: OwnProduction | undefined): Promise<string[]> {
    const environments = await Promise.all(
        config.environments.map(async (stack) => {
            const name = fullName(stack);
            return { name, restored: readEnvironment((await publishedBy(name)).contract, `stack ${name}`)?.restored };
        }),
    );
    return checkDroppedCaptures({
        configured: config.captures.map((capture) => capture.token),
        published: Object.keys(own?.captures ?? {}),
        environments,
    });
}

/** Gates guard the move: a side that serves already goes on serving. */
async function servingGates(
    config: ProductionConfig,
    own: OwnProduction | undefined,
    plan: ServingPlan,
    { serving, retired }: Sides,
): Promise<string[]> {
    if (!retired || own?.serving.side === plan.side) {
        return [];
    }
    if (plan.direction === "back") {
        return checkWayBack(config, retired.key, await changedSinceServing(retired));
    }
    if (!serving.outputs) {
        return [];
    }
    const { restored } = serving.outputs;
    return checkServeGates({
        config,
        captures: own?.captures ?? {},
        targetName: plan.side,
        target: serving.outputs,
        opened: restored === undefined ? [] : await openedSince(retired, restored),
    });
}

async function entryPointsArgs(
    config: ProductionConfig,
    plan: ServingPlan,
    sides: Sides,
): Promise<Omit<EntryPointsArgs, "after">> {
    const { zone, ttl, ...names } = config.entryPoints!;
    return {
        zoneId: zone,
        names,
        ttl,
        serving: sides.serving,
        retired: sides.retired,
        direction: plan.direction,
        existing: await heldAddressRecords(zone),
    };
}

function outputServing(plan: ServingPlan, sides: Sides): Serving {
    return {
        side: plan.side,
        ...(plan.retired !== undefined && { retired: plan.retired, direction: plan.direction }),
        ...(sides.serving.outputs?.restored !== undefined && { token: sides.serving.outputs.restored }),
    };
}

function byProduct<T>(make: (product: ProductId) => T): Record<ProductId, T> {
    return Object.fromEntries(productIds.map((product) => [product, make(product)])) as Record<ProductId, T>;
}
