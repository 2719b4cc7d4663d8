// What `pulumi up` of a production stack does: looks at what is there, passes the gates, reads the inventory, takes or adopts
// captures, keeps or moves the entry points, publishes.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { EntryPointsArgs } from "../components/entryPoints";
import { Production } from "../components/production";
import { ProductionConfig } from "../config/schema";
import { OwnProduction, readOwnProduction } from "../contract/production";
import { entryPointOf } from "../entryPoints";
import { readEnvironment } from "../contract/environment";
import { changedSettings } from "../logic/capture/state";
import { readingOf } from "../logic/capture/reading";
import { checkDroppedCaptures } from "../logic/gates";
import { notCarried } from "../logic/notCarried";
import { withAddressFindings } from "../logic/publicEndpoints";
import type { ServingPlan } from "../logic/serving";
import { byProduct, mapProducts } from "../products";
import { EnvironmentSeen, planCapture } from "./capture/plan";
import { parallelismFindings, severalBeginnings, undecidable } from "./capture/findings";
import { manifests } from "./capture/manifests";
import { captureArgs, registered } from "./capture/registered";
import { settleCaptures } from "./capture/settle";
import { databaseServersOf, foundInDatabases, withDatabaseFindings } from "./databases";
import { fullName, ownName, publishedBy } from "./peers";
import { plainly, refuse, warnOverrides } from "./refusals";
import { changedWhileClosed, withLosses } from "./losses";
import { askedOnce, realQuestions, ServingQuestions } from "./questions";
import { findServing, FoundServing } from "./serving";
import { currentSide, localEndpoints, NamedSide } from "./sides";

export async function productionStack(
    config: ProductionConfig,
    questions: ServingQuestions = realQuestions,
): Promise<Record<string, unknown>> {
    warnOverrides(config.overrides);
    const own = readOwnProduction((await publishedBy(ownName())).contract);
    const side = await currentSide(config);
    const looking = askedOnce(questions);
    const serving = await findServing(config, side, own, looking);
    serving.plan.warnings.forEach((warning) => void pulumi.log.warn(warning));
    const environments = await environmentsOf(config);
    const planned = await Promise.all(
        config.captures.map((capture) => planCapture(capture, config, side, own, looking, environments)),
    );
    refuse("production can't be changed like that", [
        ...droppedInUse(config, own, environments),
        ...(await withLosses(serving.plan.unmet, serving.sides, questions)),
        ...planned.flatMap(({ capture, recorded, markers }) => changedSettings(capture, recorded, markers)),
        ...undecidable(planned),
        ...severalBeginnings(planned),
        ...(pulumi.runtime.isDryRun() ? [] : parallelismFindings(planned)),
    ]);
    if (pulumi.runtime.isDryRun() && serving.plan.moving) {
        serving.plan.names?.byHand.forEach((line) => void pulumi.log.info(line));
    }
    const told = tellChanges(serving, questions);
    // A preview is there to be read; in an `up` users wait, and a walk through their files takes its time.
    if (pulumi.runtime.isDryRun()) {
        await told;
    }
    const entryPoint = config.entryPoints && entryPointOf(config.entryPoints);
    const captures = await settleCaptures(planned, {
        side,
        records: entryPoint?.records,
        standing: serving.current,
        questions,
        moving: serving.plan.published.side !== side.key,
    });
    const region = (await aws.getRegion()).region;
    const reading = readingOf(
        captures.map(({ capture: { token }, decision: { kind } }) => ({ token, kind })),
        byProduct(own?.inventory ?? {}).flatMap(([, { findings }]) => findings),
        new Date(),
    );
    const databaseServers = await databaseServersOf(side, own);
    const ofDatabases = await foundInDatabases({ config, side, own, reading, asleep: serving.asleep, questions });
    const production = new Production("posit-team", {
        inventory: {
            hosts: side.hosts,
            asleep: serving.asleep,
            sharedHomes: config.sharedHomes?.mount,
            reading,
        },
        captures: registered(captures).map((plan) => captureArgs(plan, config, region)),
        entryPoints: entryPointsArgs(config, serving),
    });
    const servingNow = publishedServing(production, serving.plan, told);
    const leading = (to: NamedSide) => entryPoint?.endpoints(localEndpoints(to));
    const inventory = production.inventory.inventory.apply((read) =>
        withAddressFindings(withDatabaseFindings(read, ofDatabases), leading(side)),
    );
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
            startSeconds: Object.fromEntries(config.captures.map(({ token, startSeconds }) => [token, startSeconds])),
            serving: servingNow,
            sharedHomes: config.sharedHomes,
            names: config.entryPoints && mapProducts(config.entryPoints, (name) => name),
            endpoints: leading(serving.sides[0]),
            addresses: mapProducts(side.hosts, ({ address, publicAddress }) => [...new Set([address, publicAddress])]),
            databaseServers,
        },
        secrets: production.inventory.secrets,
        serving: servingNow.side,
    };
}

async function tellChanges({ plan, sides }: FoundServing, questions: ServingQuestions): Promise<void> {
    const lines = await changedWhileClosed(plan.changesToTell, sides, questions);
    lines.forEach((line) => void pulumi.log.warn(line));
}

/** Said only when it is so: a run that failed, or was killed, publishes nothing of it. */
function publishedServing(
    production: Production,
    { published, moving }: ServingPlan,
    told: Promise<void>,
): pulumi.Output<ServingPlan["published"]> {
    return production.moved.apply(async () => {
        await told;
        if (moving && !pulumi.runtime.isDryRun()) {
            for (const act of production.atTheEnd) {
                await act((line) => void pulumi.log.info(line)).catch((error: unknown) => {
                    throw plainly(error);
                });
            }
        }
        return published;
    });
}

function environmentsOf({ environments }: ProductionConfig): Promise<EnvironmentSeen[]> {
    return Promise.all(
        environments.map(async (stack) => {
            const name = fullName(stack);
            const outputs = readEnvironment((await publishedBy(name)).contract, `stack ${name}`);
            return { name, restored: outputs?.restored, prepared: outputs?.prepared };
        }),
    );
}

function droppedInUse(
    config: ProductionConfig,
    own: OwnProduction | undefined,
    environments: EnvironmentSeen[],
): string[] {
    return checkDroppedCaptures({
        configured: config.captures.map((capture) => capture.token),
        published: Object.keys(own?.captures ?? {}),
        environments,
    });
}

function entryPointsArgs(
    { entryPoints }: ProductionConfig,
    { plan, sides }: FoundServing,
): Omit<EntryPointsArgs, "after"> | undefined {
    if (!entryPoints && plan.commands.length === 0) {
        return undefined;
    }
    const hosts = sides.flatMap((side) => byProduct(side.hosts).map(([, host]) => host));
    return {
        hosts: Object.fromEntries(hosts.map(({ instanceId, target, layout }) => [instanceId, { target, layout }])),
        commands: plan.commands,
        names: plan.names,
    };
}
