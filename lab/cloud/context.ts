// What every service of the daemon works with: the state, the ledger of processes, the network (see service.ts).
import { randomBytes } from "node:crypto";
import { CloudError } from "./api";
import type { Thing } from "./api";
import { contains, freeAddress } from "./network/addresses";
import { createNamespace, namespaceExists, namespaceName, removeNamespace, route } from "./network/fabric";
import { firewallKeeper } from "./network/firewall";
import { reachRules } from "./network/reach";
import { emptyNetwork, groupOf, subnetOf } from "./network/records";
import type { NetworkRecords } from "./network/records";
import { endProcess, findProcess, startProcess } from "./processes";
import { run, waitFor } from "./run";
import type { CloudContext, NetworkMember } from "./service";
import type { Store } from "./state";

export interface Cloud {
    context: CloudContext;
    network: NetworkRecords;
    things: { byId: Record<string, Thing> };
    /** Set once all services exist. */
    membersOf: { all: () => NetworkMember[] };
}

export function createCloud(store: Store): Cloud {
    const records = <T extends object>(service: string, initial: T): T =>
        (store.state[service] = Object.assign(initial, store.state[service])) as T;
    const network = records<NetworkRecords>("network", emptyNetwork());
    const things = records<{ byId: Record<string, Thing> }>("things", { byId: {} });
    const membersOf = { all: (): NetworkMember[] => [] };
    const exclusive = locks();
    const firewall = firewallKeeper();
    const log = (message: string): void => void process.stdout.write(`${new Date().toISOString()} ${message}\n`);

    const context: CloudContext = {
        vpcs: network.vpcs,
        subnets: network.subnets,
        securityGroups: network.groups,
        things: things.byId,
        records,
        save: store.save,
        log,
        newId: (kind) => `${kind}-0${randomBytes(8).toString("hex")}`,
        run,
        startProcess,
        findProcess,
        endProcess,
        waitFor,
        exclusive,
        background(what, work, onError) {
            work()
                .catch((error: Error) => {
                    log(`${what} failed: ${error.message}`);
                    onError?.(error);
                })
                .finally(store.save);
        },
        namespaceName,
        allocateAddress(subnetId, wanted) {
            const subnet = subnetOf(network, subnetId);
            const taken = new Set(
                membersOf
                    .all()
                    .filter((member) => member.subnetId === subnetId)
                    .map((member) => member.address),
            );
            if (wanted !== undefined && taken.has(wanted)) {
                throw new CloudError("InvalidIPAddress.InUse", `Address ${wanted} is in use.`);
            }
            if (wanted !== undefined && !contains(subnet.cidrBlock, `${wanted}/32`)) {
                const message = `Address ${wanted} does not fall within the subnet's address range`;
                throw new CloudError("InvalidParameterValue", message);
            }
            const address = wanted ?? freeAddress(subnet.cidrBlock, taken);
            if (address === undefined) {
                throw new CloudError("InsufficientFreeAddressesInSubnet", `${subnetId} has no free address left.`);
            }
            return address;
        },
        createNamespace: (name, subnetId, address) =>
            createNamespace(name, subnetId, subnetOf(network, subnetId).cidrBlock, address),
        // In turn with the rules, which would otherwise be set in a namespace that is just going.
        removeNamespace: (name) =>
            exclusive("security groups", async () => {
                firewall.forget(name);
                await removeNamespace(name);
            }),
        applySecurityGroups: () =>
            exclusive("security groups", async () => {
                const members = membersOf.all();
                const reachable = members.filter((member) => namespaceExists(member.namespace));
                await firewall.apply(reachable, members, Object.values(network.rules));
            }),
        applyRoutes: () => exclusive("routes", () => route(reachRules(network, things.byId))),
        checkSecurityGroups(groupIds, vpcId) {
            for (const groupId of groupIds) {
                if (groupOf(network, groupId).vpcId !== vpcId) {
                    const message = `Security group ${groupId} and the subnet belong to different networks.`;
                    throw new CloudError("InvalidParameterCombination", message);
                }
            }
        },
    };
    return { context, network, things, membersOf };
}

/** One at a time per key, in order of asking. */
function locks(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
    const last = new Map<string, Promise<unknown>>();
    return async (key, work) => {
        const before = last.get(key) ?? Promise.resolve();
        const mine = before.then(work, work);
        const settled = mine.catch(() => undefined);
        last.set(key, settled);
        try {
            return await mine;
        } finally {
            if (last.get(key) === settled) {
                last.delete(key);
            }
        }
    };
}
