// What an environment adds to what its account uses of each quota.
import type { PlainEnvironment } from "../config/schema";
import { isExisting } from "../logic/networkPlace";
import type { CloudAnswer } from "./answer";
import { AccountAsking, counted, needed, NeededQuota, quotaUses, timed } from "./asking";
import type { ComputeUse, InstanceTypeFacts, NetworkFacts, ServerStanding, StorageUse, VolumeFacts } from "./facts";
import { AccountFinding, open } from "./finding";
import { judgeQuotas } from "./judges/quotas";
import { missingServers, mostRules, plannedHosts, plannedStorage } from "./planned";
import { computeUse, storageUse } from "./questions/ec2";
import { storageQuota, vcpuQuota } from "./quotas";

interface Used {
    types: CloudAnswer<InstanceTypeFacts[]>;
    /** Where the environment makes one. */
    network?: CloudAnswer<NetworkFacts>;
    servers: CloudAnswer<ServerStanding[]>;
    /** Production's, where they are known: servers of its databases, and volumes. */
    ours: string[];
    volumes?: CloudAnswer<VolumeFacts[]>;
}

const gibOfTib = 1024;
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0);

export async function askEnvironmentQuotas(
    asking: AccountAsking,
    config: PlainEnvironment,
    stack: string,
    used: Used,
): Promise<AccountFinding[]> {
    const volumes = used.volumes && "known" in used.volumes ? used.volumes.known : [];
    const storage = plannedStorage(config, volumes);
    const [compute, standing] = await timed(
        asking,
        "what the account uses",
        Promise.all([
            computeUse(asking.cloud, asking.tags),
            storageUse(asking.cloud, asking.tags, [...new Set(storage.map(({ type }) => type))]),
        ]),
    );
    const nat = !isExisting(config.network) && config.network.natSubnetCidr !== undefined ? 1 : 0;
    const { network, servers, ours } = used;
    const missing = (standing: ServerStanding[]) => missingServers(config, stack, standing, ours);
    const needs: NeededQuota[] = [
        ...vcpuNeeds(config, used.types, compute),
        ...(network === undefined ? [] : networkNeeds(network, nat)),
        { quota: "rules", used: { known: { count: 0, more: false } }, needed: { known: mostRules(config) } },
        ...storageNeeds(config, storage, standing),
        {
            quota: "servers",
            used: counted(servers, (standing) => standing.length),
            needed: needed(servers, (standing) => missing(standing).length),
        },
        {
            quota: "serverStorage",
            used: counted(servers, (standing) => sum(standing.map(({ storage }) => storage))),
            needed: needed(servers, (standing) => sum(missing(standing).map(({ storage }) => storage))),
        },
    ];
    return [...judgeQuotas(await timed(asking, "quotas", quotaUses(asking, needs))), ...uncounted(config)];
}

/** Nobody says which quota counts them. */
function uncounted(config: PlainEnvironment): AccountFinding[] {
    const types = plannedHosts(config).map(({ instanceType }) => instanceType);
    return [...new Set(types)]
        .filter((type) => vcpuQuota(type) === undefined)
        .map((type) =>
            open(
                "quota, vCPUs",
                `which quota counts the vCPUs of a ${type} is not known here`,
                "look for its family in the console of Service Quotas, or take a type of a common one",
            ),
        );
}

function networkNeeds(network: CloudAnswer<NetworkFacts>, nat: number): NeededQuota[] {
    return [
        {
            quota: "vpcs",
            used: counted(network, ({ vpcs }) => vpcs.length),
            needed: needed(network, ({ vpcs }) => (vpcs.some(({ own }) => own) ? 0 : 1)),
        },
        ...(nat === 0
            ? []
            : [
                  {
                      quota: "addresses" as const,
                      used: counted(network, ({ addresses }) => addresses),
                      needed: needed(network, ({ ownAddresses }) => nat - ownAddresses),
                  },
                  {
                      quota: "natGateways" as const,
                      used: counted(network, ({ natGateways }) => natGateways),
                      needed: needed(network, ({ ownNatGateways }) => nat - ownNatGateways),
                  },
              ]),
    ];
}

function vcpuNeeds(
    config: PlainEnvironment,
    types: CloudAnswer<InstanceTypeFacts[]>,
    compute: CloudAnswer<ComputeUse>,
): NeededQuota[] {
    const planned = plannedHosts(config).map(({ instanceType }) => instanceType);
    const quotas = [...new Set(planned.flatMap((type) => vcpuQuota(type) ?? []))];
    return quotas.map((quota) => {
        const running = ({ running }: ComputeUse, own?: true) =>
            sum(running.filter((one) => vcpuQuota(one.type) === quota && (one.own || !own)).map(({ vcpus }) => vcpus));
        const vcpus = (known: InstanceTypeFacts[]) =>
            sum(
                planned
                    .filter((type) => vcpuQuota(type) === quota)
                    .map((type) => known.find((one) => one.type === type)?.vcpus ?? 0),
            );
        return {
            quota,
            used: counted(compute, (use) => running(use)),
            needed: "known" in types ? needed(compute, (use) => vcpus(types.known) - running(use, true)) : types,
        };
    });
}

/** Blank volumes that stand are those that are planned; a capture's come beside them. */
function storageNeeds(
    { phase }: PlainEnvironment,
    planned: { type: string; size: number }[],
    standing: CloudAnswer<StorageUse>,
): NeededQuota[] {
    const types = [...new Set(planned.map(({ type }) => type))];
    return types.flatMap((type) => {
        const quota = storageQuota(type);
        const size = sum(planned.filter((one) => one.type === type).map((one) => one.size));
        return quota === undefined
            ? []
            : [
                  {
                      quota,
                      used: counted(standing, ({ all }) => (all[type] ?? 0) / gibOfTib),
                      needed: needed(
                          standing,
                          ({ own }) => (size - (phase === "install" ? (own[type] ?? 0) : 0)) / gibOfTib,
                      ),
                  },
              ];
    });
}
