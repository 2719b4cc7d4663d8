// The production side: what is asked of its account, and what comes of it.
import type { CaptureConfig, PlainProduction } from "../config/schema";
import { serverOf } from "../databases";
import { byProduct } from "../products";
import type { CloudAnswer } from "./answer";
import { AccountAsking, NeededQuota, placeOfCaller, quotaUses, simulatedFor, timed } from "./asking";
import type { ServerStanding } from "./facts";
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
import { triedSnapshots } from "./questions/ec2DryRun";
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
        ...("known" in held ? held.known.map(({ id, kmsKeyId }) => ({ of: id, arn: kmsKeyId })) : []),
        ...("known" in servers
            ? servers.known
                  .filter(({ server }) => ours.includes(server))
                  .map(({ server, kmsKeyId }) => ({ of: server, arn: kmsKeyId }))
            : []),
    ];
    const arns = [...new Set(used.flatMap(({ arn }) => (arn === undefined ? [] : [arn])))];
    return Promise.all(
        arns.map(async (arn) => ({
            arn,
            of: used.filter((one) => one.arn === arn).map(({ of }) => of),
            forNew: false,
            answer: await keyFacts(cloud, arn),
        })),
    );
}

export async function askProduction(
    asking: AccountAsking,
    production: PlainProduction,
    dumpGib?: number,
): Promise<AccountReport> {
    const listed = listedOf(production);
    const names = await askNames(asking, production);
    if (!listed) {
        const why = "posit:current names a stack, whose hosts are known to its outputs only; no stack is asked here";
        return {
            findings: [open("hosts", why, "call it for that stack, whose volumes and servers they are"), ...names],
        };
    }
    const servers = serversOf(listed);
    const [sources, permissions, quotas] = await Promise.all([
        askSources(asking, listed),
        askPermissions(asking, production, listed),
        askQuotas(asking, listed),
    ]);
    const option = nextOption(production);
    const times = timesOf({ production, servers, answers: sources, dumpGib });
    return {
        findings: [
            ...permissions,
            ...quotas,
            ...judgeHosts(listed, sources),
            ...judgeSources(servers, sources.servers, option),
            ...judgeKeys(sources.keys, placeOfCaller(asking)),
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

async function askPermissions(asking: AccountAsking, production: PlainProduction, listed: ListedHosts) {
    const zone = namesInZone(production)?.zone;
    const actions = productionActions(placeOfCaller(asking), { servers: serversOf(listed), zone });
    const [tried, simulation] = await Promise.all([
        timed(asking, "permissions, tried", triedSnapshots(asking.cloud, volumesOf(listed))),
        timed(asking, "permissions, simulated", simulatedFor(asking, actions)),
    ]);
    return judgePermissions(tried, simulation);
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
