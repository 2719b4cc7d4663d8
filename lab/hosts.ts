// The lab's hosts by the names that people call them: old-connect, new-workbench, …
import * as fs from "node:fs";
import * as path from "node:path";
import { legacyAccess, readLegacyFacts } from "./legacy/facts";
import { labFolder } from "./paths";
import type { HostAccess } from "./ssh";
import { productIds } from "../products/ids";

const file = path.join(labFolder, "new-hosts.json");

/** Kept for `shell` and `status`; the stack's outputs are the truth. */
export function writeNewHosts(hosts: Record<string, HostAccess>): void {
    fs.writeFileSync(file, JSON.stringify(hosts, null, 2), { mode: 0o600 });
}

export function readHosts(): Record<string, HostAccess> {
    const facts = readLegacyFacts();
    const old = facts === undefined ? [] : productIds.map((id) => [`old-${id}`, legacyAccess(facts, id)] as const);
    const fresh = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as Record<string, HostAccess>) : {};
    return {
        ...Object.fromEntries(old),
        ...Object.fromEntries(Object.entries(fresh).map(([id, access]) => [`new-${id}`, access])),
    };
}
