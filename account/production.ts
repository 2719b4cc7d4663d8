// The production side: what is asked of its account, and what comes of it.
import type { CaptureConfig, PlainEnvironment, PlainProduction } from "../config/schema";
import { serverOf } from "../databases";
import { isOverridden } from "../logic/unmet";
import { byProduct } from "../products";
import type { CloudAnswer } from "./answer";
import { AccountAsking, NeededQuota, placeOfCaller, quotaUses, simulatedFor, timed } from "./asking";
import type { ServerStanding, TriedPermission } from "./facts";
import { AccountFinding, open } from "./finding";
import { HostAnswers, judgeHosts } from "./judges/hosts";
import { AskedKey, judgeKeys } from "./judges/keys";
import { judgeRecords, judgeZone, namesInZone } from "./judges/names";
import { judgePermissions } from "./judges/permissions";
import { judgeQuotas } from "./judges/quotas";
import { judgeSources } from "./judges/servers";
import { judgeTimes, Times, timesOf } from "./judges/times";
import { productionActions } from "./permissions";
import { countSnapshots, instances, instanceTypes, snapshotsOfVolumes, volumeCodes, volumes } from "./questions/ec2";
import { triedRequests } from "./questions/ec2DryRun";
import { snapshotRequests } from "./questions/ec2Requests";
import { keyFacts } from "./questions/kms";
import { manualServerSnapshots, standingServers } from "./questions/rds";
import { recordsUnder, zoneFacts } from "./questions/route53";

export interface AccountReport {
    findings: AccountFinding[];
    times?: Times;
}

/** What an environment wants to know of production too. */
export interface SourceAnswers extends HostAnswers {
    servers: CloudAnswer<ServerStanding[]>;
    /** Keys of its volumes and servers. */
    keys: AskedKey[];
}

export type ListedHosts = Exclude<PlainProduction["current"], { stack: string }>;

export function listedOf({ current }: PlainProduction): ListedHosts | undefined {
    return "stack" in current ? undefined : current;
}

export function serversOf(listed: ListedHosts): string[] {
    const all = byProduct(listed).flatMap(([, { databases }]) => databases.flatMap((one) => serverOf(one) ?? []));
    return [...new Set(all)];
}

export function volumesOf(listed: ListedHosts): string[] {
    const all = byProduct(listed).flatMap(([, { dataVolumes }]) => dataVolumes.map(({ volumeId }) => volumeId));
    return [...new Set(all)];
}

export async function askSources(asking: AccountAsking, listed: ListedHosts): Promise<SourceAnswers> {
    const { cloud } = asking;
    const ids = volumesOf(listed);
    const hosts = byProduct(listed).map(([, { instanceId }]) => instanceId);
    const [found, held, codes, snapshots, servers] = await Promise.all([
        timed(asking, "production's hosts", instances(cloud, hosts)),
        timed(asking, "production's volumes", volumes(cloud, ids)),
        volumeCodes(cloud, ids),
        timed(asking, "snapshots of its volumes", snapshotsOfVolumes(cloud, ids)),
        timed(asking, "database servers", standingServers(cloud)),
    ]);
    const types = "known" in found ? [...new Set(found.known.map(({ type }) => type))] : [];
    return {
        instances: found,
        volumes: held,
        codes,
        snapshots,
        servers,
        types: types.length > 0 ? await instanceTypes(cloud, types, []) : { known: [] },
        keys: await keysOf(asking, held, servers, serversOf(listed)),
    };
}

/** Of what is encrypted: a snapshot of it, and what is made from that, need the key. */
async function keysOf(
    { cloud }: AccountAsking,
    held: SourceAnswers["volumes"],
    servers: SourceAnswers["servers"],
    ours: string[],
): Promise<AskedKey[]> {
    const used = [
        ...("known" in held
            ? held.known.map(({ id, kmsKeyId }) => ({ of: id, arn: kmsKeyId, thing: "volume" as const }))
            : []),
        ...("known" in servers
            ? servers.known
                  .filter(({ server }) => ours.includes(server))
                  .map(({ server, kmsKeyId }) => ({ of: server, arn: kmsKeyId, thing: "server" as const }))
            : []),
    ];
    const arns = [...new Set(used.flatMap(({ arn }) => (arn === undefined ? [] : [arn])))];
    return Promise.all(
        arns.map(async (arn) => {
            const own = used.filter((one) => one.arn === arn);
            return {
                arn,
                of: own.map(({ of }) => of),
                things: [...new Set(own.map(({ thing }) => thing))],
                forNew: false,
                answer: await keyFacts(cloud, arn),
            };
        }),
    );
}

export interface AskedProduction {
    production: PlainProduction;
    stack: string;
    /** Whose stack files lie here. */
    environments: Record<string, PlainEnvironment>;
    dumpGib?: number;
}

export async function askProduction(asking: AccountAsking, asked: AskedProduction): Promise<AccountReport> {
    const { production, environments, dumpGib } = asked;
    const listed = listedOf(production);
    const names = await askNames(asking, production);
    if (!listed) {
        const why = "posit:current names a stack, whose hosts are known to its outputs only; no stack is asked here";
        return {
            findings: [open("hosts", why, "call it for that stack, whose volumes and servers they are"), ...names],
        };
    }
    const servers = serversOf(listed);
    const [sources, quotas] = await Promise.all([askSources(asking, listed), askQuotas(asking, listed)]);
    const { tried, simulated } = await askPermissions(asking, asked, listed, sources);
    const accepting = Object.keys(environments).filter((name) =>
        isOverridden("encryption", environments[name].overrides),
    );
    const times = timesOf({ production, servers, answers: sources, dumpGib });
    return {
        findings: [
            ...judgePermissions(tried, simulated),
            ...quotas,
            ...judgeHosts(listed, sources),
            ...judgeSources(servers, sources.servers, nextOption(production), accepting),
            ...judgeKeys(sources.keys, placeOfCaller(asking), simulated),
            ...names,
            ...(times ? judgeTimes(times, production.captures) : []),
        ],
        times,
    };
}

/** How the capture takes databases that comes next, or came last. */
export function nextOption({ captures }: PlainProduction): CaptureConfig["database"] {
    return captures[captures.length - 1]?.database ?? "auto";
}

async function askPermissions(
    asking: AccountAsking,
    { production, stack }: AskedProduction,
    listed: ListedHosts,
    sources: SourceAnswers,
): Promise<{ tried: TriedPermission[]; simulated: CloudAnswer<TriedPermission[]> }> {
    const { requestTags: tags } = asking;
    const names = namesInZone(production);
    const actions = productionActions(placeOfCaller(asking), {
        ...{ stack, tags, servers: serversOf(listed), ...usedKeys(sources.keys) },
        ...(names && { records: { zone: names.zone, names: Object.values(names.names) } }),
    });
    const volumes = byProduct(listed).flatMap(([product, { dataVolumes }]) =>
        dataVolumes.map(({ volumeId, mount }) => ({ product, volumeId, mount })),
    );
    const requests = snapshotRequests({ stack, token: nextToken(production), volumes, tags });
    const [tried, simulated] = await Promise.all([
        timed(asking, "permissions, tried", triedRequests(asking.cloud, requests)),
        timed(asking, "permissions, simulated", simulatedFor(asking, actions)),
    ]);
    return { tried, simulated };
}

/** Where none is configured yet, any: policies look at the tag, not at what it says. */
function nextToken({ captures }: PlainProduction): string {
    return captures[captures.length - 1]?.token ?? "next";
}

export function usedKeys(keys: AskedKey[]): { volumeKeys: string[]; serverKeys: string[] } {
    const by = (thing: AskedKey["things"][number]) =>
        keys.filter(({ things }) => things.includes(thing)).map(({ arn }) => arn);
    return { volumeKeys: by("volume"), serverKeys: by("server") };
}

/** A capture and its warm-up. */
const snapshotsOfEach = 2;

async function askQuotas(asking: AccountAsking, listed: ListedHosts) {
    const { cloud } = asking;
    const [all, ofServers] = await Promise.all([
        timed(asking, "snapshots of the account", countSnapshots(cloud)),
        manualServerSnapshots(cloud),
    ]);
    const needs: NeededQuota[] = [
        { quota: "snapshots", used: all, needed: { known: snapshotsOfEach * volumesOf(listed).length } },
        { quota: "serverSnapshots", used: ofServers, needed: { known: serversOf(listed).length } },
    ];
    return judgeQuotas(await timed(asking, "quotas", quotaUses(asking, needs)));
}

async function askNames(asking: AccountAsking, production: PlainProduction): Promise<AccountFinding[]> {
    const names = namesInZone(production);
    if (!names) {
        return [];
    }
    const [zone, records] = await timed(
        asking,
        "zone and records",
        Promise.all([
            zoneFacts(asking.cloud, names.zone),
            recordsUnder(asking.cloud, names.zone, Object.values(names.names)),
        ]),
    );
    const led = production.captures.length > 0 || production.serve !== "current";
    const there = !("known" in zone) || zone.known !== undefined;
    return [...judgeZone(names, zone), ...(there ? judgeRecords(names, records, production, led) : [])];
}
