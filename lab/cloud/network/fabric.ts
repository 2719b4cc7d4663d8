// The wires: a router namespace with one bridge per subnet, the namespaces outside the VPCs (operator, users, internet),
// and one namespace per host or database. No address of a lab is ever in the machine's own namespace.
// Everything here is idempotent, so that a start after a crash repairs what is half there.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { addresses, netns, prefix } from "../../paths";
import { run } from "../run";
import { firstAddress, prefixLength } from "./addresses";
import { outside } from "./reach";

/** Eight characters that name a thing in interface and namespace names (which may be 15 long). */
export function shortName(id: string): string {
    const hex = /^[a-z]+-([0-9a-f]{17})$/.exec(id)?.[1];
    return hex ? hex.slice(-8) : `x${createHash("sha256").update(id).digest("hex").slice(0, 7)}`;
}

export const namespaceName = (id: string): string => `${prefix}-${shortName(id)}`;
const bridgeName = (subnetId: string): string => `br-${shortName(subnetId)}`;
const vethName = (namespace: string): string => `v-${namespace.slice(prefix.length + 1)}`;
const namespaceFile = (name: string): string => `/run/netns/${name}`;

export const namespaceExists = (name: string): boolean => fs.existsSync(namespaceFile(name));

async function ip(script: string[], namespace?: string): Promise<void> {
    await run(["ip", "-batch", "-"], { namespace, input: script.join("\n") + "\n" });
}

export async function linkExists(namespace: string, link: string): Promise<boolean> {
    return run(["ip", "link", "show", "dev", link], { namespace }).then(
        () => true,
        () => false,
    );
}

async function ensureNamespace(name: string): Promise<void> {
    if (!namespaceExists(name)) {
        await run(["ip", "netns", "add", name]);
    }
    await ip(["link set lo up"], name);
}

export async function startFabric(): Promise<void> {
    await ensureNamespace(netns.router);
    await run(["sysctl", "-q", "-w", "net.ipv4.ip_forward=1"], { namespace: netns.router });
    await outsideNamespace(netns.operator, [addresses.operator]);
    await outsideNamespace(netns.users, [addresses.users]);
    await outsideNamespace(netns.internet, [addresses.dns, addresses.repository]);
}

/** A namespace outside the VPCs, wired to the router, its programs asking the lab's DNS. */
async function outsideNamespace(name: string, own: string[]): Promise<void> {
    await ensureNamespace(name);
    const resolver = path.join("/etc/netns", name, "resolv.conf");
    fs.mkdirSync(path.dirname(resolver), { recursive: true });
    fs.writeFileSync(resolver, resolverConfiguration());
    const gateway = own[0].replace(/\.\d+$/, ".1");
    const veth = await ensureVeth(name);
    await ip([`addr replace ${gateway}/24 dev ${veth}`, `link set ${veth} up`], netns.router);
    await ip(
        [
            ...own.map((address) => `addr replace ${address}/24 dev eth0`),
            "link set eth0 up",
            `route replace default via ${gateway}`,
        ],
        name,
    );
}

export function resolverConfiguration(): string {
    return `nameserver ${addresses.dns}\noptions timeout:2 attempts:2\n`;
}

export async function ensureBridge(subnetId: string, cidr: string): Promise<void> {
    const bridge = bridgeName(subnetId);
    if (!(await linkExists(netns.router, bridge))) {
        await ip([`link add ${bridge} type bridge`], netns.router);
    }
    await ip(
        [`addr replace ${firstAddress(cidr)}/${prefixLength(cidr)} dev ${bridge}`, `link set ${bridge} up`],
        netns.router,
    );
}

export async function removeBridge(subnetId: string): Promise<void> {
    if (await linkExists(netns.router, bridgeName(subnetId))) {
        await ip([`link del ${bridgeName(subnetId)}`], netns.router);
    }
}

/** What goes through the router: `rules` in their order (reach.ts), answers back, nothing else. */
export async function route(rules: string[]): Promise<void> {
    const outsiders = `{ ${Object.values(outside).join(", ")} }`;
    const table = [
        "table ip isolation",
        "flush table ip isolation",
        "table ip isolation {",
        "chain forward {",
        "type filter hook forward priority 0; policy drop;",
        "ct state established,related accept",
        `ip saddr ${outsiders} ip daddr ${outsiders} accept`,
        ...rules,
        "}",
        "}",
    ];
    await run(["nft", "-f", "-"], { namespace: netns.router, input: table.join("\n") + "\n" });
}

/** A member's namespace: lo, and eth0 on its subnet's bridge. */
export async function createNamespace(name: string, subnetId: string, cidr: string, address: string): Promise<void> {
    await ensureNamespace(name);
    const veth = await ensureVeth(name);
    await ip([`link set ${veth} master ${bridgeName(subnetId)}`, `link set ${veth} up`], netns.router);
    await ip(
        [
            `link set eth0 address ${hardwareAddress(address)}`,
            `addr replace ${address}/${prefixLength(cidr)} dev eth0`,
            "link set eth0 up",
            `route replace default via ${firstAddress(cidr)}`,
        ],
        name,
    );
}

/** Made from the address, so that neighbours who remember an address's last holder reach its next one at once. */
function hardwareAddress(address: string): string {
    return ["02", "00", ...address.split(".").map((part) => Number(part).toString(16).padStart(2, "0"))].join(":");
}

/** The wire from a namespace's eth0 to the router; answers the name of the router's end. */
async function ensureVeth(name: string): Promise<string> {
    const veth = vethName(name);
    if (!(await linkExists(name, "eth0"))) {
        await removeLink(veth);
        const peer = ["peer", "name", veth, "netns", netns.router];
        await run(["ip", "link", "add", "eth0", "netns", name, "type", "veth", ...peer]);
    }
    return veth;
}

async function removeLink(veth: string): Promise<void> {
    if (await linkExists(netns.router, veth)) {
        await ip([`link del ${veth}`], netns.router).catch(() => undefined);
    }
}

export async function removeNamespace(name: string): Promise<void> {
    if (namespaceExists(netns.router)) {
        await removeLink(vethName(name)); // deleting the namespace alone can leave it
    }
    if (namespaceExists(name)) {
        await run(["ip", "netns", "delete", name]);
    }
    fs.rmSync(path.join("/etc/netns", name), { recursive: true, force: true });
}

/** Everything named after this lab, whatever made it. */
export async function removeFabric(): Promise<void> {
    const names = fs.existsSync("/run/netns") ? fs.readdirSync("/run/netns") : [];
    const ours = names.filter((name) => name.startsWith(`${prefix}-`));
    for (const name of ours.filter((each) => each !== netns.router)) {
        await removeNamespace(name);
    }
    await removeNamespace(netns.router);
}
