// An environment: what is asked of its account, and what comes of it.
import type { OwnNetwork } from "../config/network";
import type { PlainEnvironment, PlainProduction } from "../config/schema";
import type { CloudAnswer } from "./answer";
import { AccountAsking, placeOfCaller, simulatedFor, timed } from "./asking";
import { askEnvironmentQuotas } from "./environmentQuotas";
import type { ServerStanding } from "./facts";
import { AccountFinding, open } from "./finding";
import { judgeImage, judgeInstanceTypes } from "./judges/image";
import { AskedKey, judgeKeys } from "./judges/keys";
import { judgeNetwork, NetworkAnswers } from "./judges/network";
import { judgePermissions } from "./judges/permissions";
import { judgeQuotas } from "./judges/quotas";
import { judgeOrderable } from "./judges/servers";
import { timesOf } from "./judges/times";
import { environmentActions } from "./permissions";
import { PlannedPlace, plannedPlace } from "./place";
import { identifierOf, plannedHosts } from "./planned";
import { AccountReport, askSources, listedOf, serversOf } from "./production";
import { imageFacts, instanceTypes } from "./questions/ec2";
import { triedBuilding } from "./questions/ec2DryRun";
import { availableZones, networkFacts, transitFacts, transitRoutes } from "./questions/ec2Network";
import { keyFacts } from "./questions/kms";
import { orderableClass, standingServers } from "./questions/rds";

export interface AskedEnvironment {
    config: PlainEnvironment;
    stack: string;
    /** Where its stack file lies here. */
    production?: PlainProduction;
    dumpGib?: number;
}

export async function askEnvironment(asking: AccountAsking, asked: AskedEnvironment): Promise<AccountReport> {
    const { config, production } = asked;
    const { cloud } = asking;
    const hosts = plannedHosts(config);
    const place = await plannedPlace(asking, config.network);
    const { zones, own } = place;
    const listed = production && listedOf(production);
    const types = [...new Set(hosts.map(({ instanceType }) => instanceType))];
    const [image, offered, orderable, network, key, sources, permissions] = await Promise.all([
        timed(asking, "image", imageFacts(cloud, config.operatingSystem.ami)),
        timed(asking, "instance types", instanceTypes(cloud, types, zones)),
        timed(asking, "database classes", orderableClass(cloud, config.database.instanceClass)),
        own && askNetwork(asking, own),
        askKey(asking, config),
        listed && askSources(asking, listed),
        askPermissions(asking, asked, place, types),
    ]);
    const servers = sources ? sources.servers : await timed(asking, "database servers", standingServers(cloud));
    const ours = listed ? serversOf(listed) : [];
    const used = { types: offered, network: network?.network, servers, ours, volumes: sources?.volumes };
    const quotas = await askEnvironmentQuotas(asking, config, asked.stack, used);
    return {
        findings: [
            ...permissions,
            ...judgeQuotas(quotas),
            ...judgeImage(config.operatingSystem.ami, image, hosts, asking.now),
            ...judgeInstanceTypes(offered, image, hosts, zones[0]),
            judgeOrderable({ ...config.database, zones }, orderable),
            ...restoredServers(config, zones, servers, ours, orderable),
            ...judgeKeys([...key, ...(sources?.keys ?? [])], placeOfCaller(asking)),
            ...place.findings,
            ...(own && network ? judgeNetwork(own, network, asking.caller.account) : []),
            ...sizesUnknown(asked),
        ],
        times:
            sources &&
            production &&
            timesOf({
                ...{ production, servers: ours, answers: sources, dumpGib: asked.dumpGib },
                prepared: config.prepare !== undefined,
            }),
    };
}

async function askNetwork(asking: AccountAsking, network: OwnNetwork): Promise<NetworkAnswers> {
    const { cloud, tags } = asking;
    const id = network.transitGatewayId;
    const [zones, facts, transit] = await timed(
        asking,
        "network",
        Promise.all([
            availableZones(cloud),
            networkFacts(cloud, tags, network.zones[0]),
            id === undefined ? undefined : Promise.all([transitFacts(cloud, id), transitRoutes(cloud, id)]),
        ]),
    );
    return { zones, network: facts, ...(transit && { transit: { facts: transit[0], routes: transit[1] } }) };
}

async function askKey({ cloud }: AccountAsking, { kmsKeyId }: PlainEnvironment): Promise<AskedKey[]> {
    return kmsKeyId === undefined
        ? []
        : [{ arn: kmsKeyId, of: ["posit:kmsKeyId"], forNew: true, answer: await keyFacts(cloud, kmsKeyId) }];
}

async function askPermissions(
    asking: AccountAsking,
    { config, stack }: AskedEnvironment,
    { own, subnetId, zones }: PlannedPlace,
    types: string[],
) {
    const { operatingSystem, kmsKeyId } = config;
    const nat = own?.natSubnetCidr !== undefined;
    const actions = environmentActions(placeOfCaller(asking), {
        identifier: identifierOf(config, stack),
        kmsKeyId,
        ownNetwork: own !== undefined,
        transit: own?.transitGatewayId !== undefined,
        nat,
    });
    const [tried, simulation] = await Promise.all([
        timed(
            asking,
            "permissions, tried",
            triedBuilding(asking.cloud, {
                vpcCidr: own?.vpcCidr,
                subnetId,
                image: operatingSystem.ami,
                instanceTypes: types,
                zone: zones[0],
                kmsKeyId,
                nat,
            }),
        ),
        timed(asking, "permissions, simulated", simulatedFor(asking, actions)),
    ]);
    return judgePermissions(tried, simulation);
}

/** A restored server has its source's version, in the class of this environment. */
function restoredServers(
    { database }: PlainEnvironment,
    zones: string[],
    servers: CloudAnswer<ServerStanding[]>,
    ours: string[],
    orderable: Parameters<typeof judgeOrderable>[1],
): AccountFinding[] {
    return "known" in servers
        ? servers.known
              .filter(({ server }) => ours.includes(server))
              .map(({ server, engineVersion }) =>
                  judgeOrderable(
                      {
                          engineVersion,
                          instanceClass: database.instanceClass,
                          zones,
                          restoredFrom: server,
                      },
                      orderable,
                  ),
              )
        : [];
}

function sizesUnknown({ config, production }: AskedEnvironment): AccountFinding[] {
    const why =
        production === undefined
            ? `the stack file of production (${config.production ?? "posit:production is not set"}) does not lie here`
            : listedOf(production) === undefined
              ? "production's hosts are published by a stack, and no stack is asked here"
              : undefined;
    return why === undefined ? [] : [open("sizes and times", `${why}, so production's sizes are not known`)];
}
