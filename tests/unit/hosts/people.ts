// People in tests of what root does in their folders: run by root, nobody plays the user; run by anybody else, that person plays both,
// so that the same tests run everywhere (what only root can do wrong is proved where root runs them).
import * as fs from "node:fs";
import * as path from "node:path";
import { FakeHost } from "./fakeHost";

export const asRoot = process.getuid!() === 0;
export const personId = asRoot ? 65534 : process.getuid!();
export const groupId = asRoot ? 65534 : process.getgid!();

/** A folder with everything below it becomes the person's; links themselves, not what they lead to. */
export function give(folder: string, uid = personId, gid = groupId): void {
    if (asRoot) {
        fs.lchownSync(folder, uid, gid);
    }
    if (fs.lstatSync(folder).isDirectory()) {
        fs.readdirSync(folder).forEach((name) => give(path.join(folder, name), uid, gid));
    }
}

/** Others may pass through the host's root folder, as on a host. */
export function letIn(host: FakeHost): void {
    fs.chmodSync(host.root, 0o755);
}

export const stats = (host: FakeHost, file: string) => fs.lstatSync(path.join(host.root, file));

/** Everything below a folder, sorted; links are named and not followed. */
export function tree(host: FakeHost, folder: string): string[] {
    const below = (at: string): string[] =>
        fs.readdirSync(path.join(host.root, folder, at), { withFileTypes: true }).flatMap((entry) => {
            const name = path.join(at, entry.name);
            return entry.isDirectory() ? [name, ...below(name)] : [name];
        });
    return below("").sort();
}
