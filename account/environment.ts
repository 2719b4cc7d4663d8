// An environment: what is asked of its account, and what comes of it.
import type { OwnNetwork } from "../config/network";
import type { PlainEnvironment, PlainProduction } from "../config/schema";
import { commonTags } from "../logic/names";
import type { CloudAnswer } from "./answer";
import { AccountAsking, placeOfCaller, simulatedFor, timed } from "./asking";
import { askEnvironmentQuotas } from "./environmentQuotas";
import type { ImageFacts, ProfileFacts, ServerStanding, TriedPermission } from "./facts";
import { AccountFinding, open } from "./finding";
import { judgeImage, judgeInstanceTypes } from "./judges/image";
import { AskedKey, judgeKeys } from "./judges/keys";
import { judgeNetwork, NetworkAnswers } from "./judges/network";
import { judgePermissions } from "./judges/permissions";
import { judgeProfiles } from "./judges/profiles";
import { judgeOrderable } from "./judges/servers";
import { timesOf } from "./judges/times";
import { environmentActions } from "./permissions";
import { PlannedPlace, plannedPlace } from "./place";
import { identifierOf, plannedHosts } from "./planned";
import { AccountReport, askSources, listedOf, serversOf, SourceAnswers, usedKeys } from "./production";
import { shortName } from "./settings";
import { imageFacts, instanceTypes } from "./questions/ec2";
import { triedRequests } from "./questions/ec2DryRun";
import { availableZones, networkFacts, transitFacts, transitTables } from "./questions/ec2Network";
import { buildingRequests } from "./questions/ec2Requests";
import { profileFacts } from "./questions/iam";
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
    const place = await plannedPlace(asking, config);
    const { zones, own } = place;
    const listed = production && listedOf(production);
    const types = [...new Set(hosts.map(({ instanceType }) => instanceType))];
    const [image, offered, orderable, network, key, sources, profiles] = await Promise.all([
        timed(asking, "image", imageFacts(cloud, config.operatingSystem.ami)),
        timed(asking, "instance types", instanceTypes(cloud, types, zones)),
        timed(asking, "database classes", orderableClass(cloud, config.database.instanceClass)),
        own && askNetwork(asking, own),
        askKey(asking, config),
        listed && askSources(asking, listed),
        askProfiles(asking, hosts),
    ]);
    const { tried, simulated } = await askPermissions(asking, asked, { place, image, sources, profiles });
    const servers = sources ? sources.servers : await timed(asking, "database servers", standingServers(cloud));
    const ours = listed ? serversOf(listed) : [];
    const used = { types: offered, network: network?.network, servers, ours, volumes: sources?.volumes };
    return {
        findings: [
            ...judgePermissions(tried, simulated),
            ...(await askEnvironmentQuotas(asking, config, asked.stack, used)),
            ...judgeImage(config.operatingSystem.ami, image, hosts, asking.now),
            ...judgeInstanceTypes(offered, image, hosts, zones[0]),
            ...judgeProfiles(hosts, profiles),
            judgeOrderable({ ...config.database, zones }, orderable),
            ...restoredServers(config, zones, servers, ours, orderable),
            ...judgeKeys([...key, ...(sources?.keys ?? [])], placeOfCaller(asking), simulated),
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

type Profiles = Record<string, CloudAnswer<ProfileFacts | undefined>>;

async function askProfiles({ cloud }: AccountAsking, hosts: { instanceProfile?: string }[]): Promise<Profiles> {
    const names = [...new Set(hosts.flatMap(({ instanceProfile }) => instanceProfile ?? []))];
    return Object.fromEntries(
        await Promise.all(
            names.map(async (name): Promise<[string, Profiles[string]]> => [name, await profileFacts(cloud, name)]),
        ),
    );
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
            id === undefined ? undefined : Promise.all([transitFacts(cloud, id), transitTables(cloud, id)]),
        ]),
    );
    return { zones, network: facts, ...(transit && { transit: { facts: transit[0], tables: transit[1] } }) };
}

async function askKey({ cloud }: AccountAsking, { kmsKeyId }: PlainEnvironment): Promise<AskedKey[]> {
    return kmsKeyId === undefined
        ? []
        : [
              {
                  arn: kmsKeyId,
                  of: ["posit:kmsKeyId"],
                  things: ["volume", "server"],
                  forNew: true,
                  answer: await keyFacts(cloud, kmsKeyId),
              },
          ];
}

interface Found {
    place: PlannedPlace;
    image: CloudAnswer<ImageFacts | undefined>;
    sources?: SourceAnswers;
    profiles: Profiles;
}

async function askPermissions(
    asking: AccountAsking,
    asked: AskedEnvironment,
    found: Found,
): Promise<{ tried: TriedPermission[]; simulated: CloudAnswer<TriedPermission[]> }> {
    const { config } = asked;
    const { own, there, zones } = found.place;
    const image = "known" in found.image ? found.image.known : undefined;
    const requests = buildingRequests({
        vpcCidr: own?.vpcCidr,
        place: there,
        image: config.operatingSystem.ami,
        rootDevice: image?.rootDevice,
        hosts: plannedHosts(config),
        zone: zones[0],
        kmsKeyId: config.kmsKeyId,
        nat: own?.natSubnetCidr !== undefined,
        deletionProtection: config.deletionProtection,
        tags: asking.requestTags,
    });
    const [tried, simulated] = await Promise.all([
        timed(asking, "permissions, tried", triedRequests(asking.cloud, requests)),
        timed(asking, "permissions, simulated", simulatedFor(asking, actionsOf(asking, asked, found))),
    ]);
    return { tried, simulated };
}

function actionsOf(asking: AccountAsking, { config, stack, production }: AskedEnvironment, found: Found) {
    const { own } = found.place;
    const listed = production && listedOf(production);
    const theirs = production && config.production && commonTags(production, shortName(config.production));
    return environmentActions(placeOfCaller(asking), {
        identifier: identifierOf(config, stack),
        tags: asking.requestTags,
        kmsKeyId: config.kmsKeyId,
        ownNetwork: own !== undefined,
        transit: own?.transitGatewayId !== undefined,
        nat: own?.natSubnetCidr !== undefined,
        roles: Object.values(found.profiles).flatMap((one) => ("known" in one ? (one.known?.roles ?? []) : [])),
        sources: {
            ...(theirs && { tags: theirs }),
            servers: listed ? serversOf(listed) : [],
            ...usedKeys(found.sources?.keys ?? []),
        },
        restores: config.phase === "migrate",
    });
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
