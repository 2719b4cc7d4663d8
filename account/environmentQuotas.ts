// What an environment adds to what its account uses of each quota.
import type { PlainEnvironment } from "../config/schema";
import { isExisting } from "../logic/networkPlace";
import { inOrder } from "../products";
import type { CloudAnswer } from "./answer";
import { AccountAsking, counted, needed, NeededQuota, quotaUses, timed } from "./asking";
import type { ComputeUse, InstanceTypeFacts, NetworkFacts, ServerStanding, VolumeFacts } from "./facts";
import type { QuotaUse } from "./judges/quotas";
import { missingServers, mostRules, plannedGib } from "./planned";
import { computeUse, gp3Use } from "./questions/ec2";

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
): Promise<QuotaUse[]> {
    const [compute, gp3] = await timed(
        asking,
        "what the account uses",
        Promise.all([computeUse(asking.cloud, asking.tags), gp3Use(asking.cloud, asking.tags)]),
    );
    const nat = !isExisting(config.network) && config.network.natSubnetCidr !== undefined ? 1 : 0;
    const { network, servers, ours } = used;
    const missing = (standing: ServerStanding[]) => missingServers(config, stack, standing, ours);
    const volumes = used.volumes && "known" in used.volumes ? used.volumes.known : [];
    const needs: NeededQuota[] = [
        {
            quota: "vcpus",
            used: counted(compute, ({ standardVcpus }) => standardVcpus),
            needed: neededVcpus(config, used.types, compute),
        },
        ...(network === undefined ? [] : networkNeeds(network, nat)),
        { quota: "rules", used: { known: { count: 0, more: false } }, needed: { known: mostRules(config) } },
        {
            quota: "gp3",
            used: counted(gp3, ({ all }) => all / gibOfTib),
            needed: needed(
                gp3,
                ({ own }) => (plannedGib(config, volumes) - (config.phase === "install" ? own : 0)) / gibOfTib,
            ),
        },
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
    return timed(asking, "quotas", quotaUses(asking, needs));
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

function neededVcpus(
    config: PlainEnvironment,
    types: CloudAnswer<InstanceTypeFacts[]>,
    compute: CloudAnswer<ComputeUse>,
): CloudAnswer<number> {
    if (!("known" in types)) {
        return types;
    }
    const vcpus = (type: string) => types.known.find((one) => one.type === type)?.vcpus ?? 0;
    const planned = inOrder.reduce((sum, product) => sum + vcpus(config[product].instanceType), 0);
    return needed(compute, ({ ownTypes }) => planned - ownTypes.reduce((sum, type) => sum + vcpus(type), 0));
}
