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

/** A program of the host, in front of the machine's own. */
export function program(host: FakeHost, name: string, text: string): void {
    fs.rmSync(path.join(host.root, "bin", name), { force: true });
    fs.writeFileSync(path.join(host.root, "bin", name), `#!/bin/bash\n${text}\n`, { mode: 0o755 });
}

/** getent and id of a host whose accounts and groups are lines as in /etc/passwd and /etc/group; `group` rows name their members. */
export function accountsOfHost(host: FakeHost, passwd: string[], group: string[]): void {
    host.make("etc/passwd", passwd.map((line) => `${line}\n`).join(""));
    host.make("etc/group", group.map((line) => `${line}\n`).join(""));
    program(
        host,
        "getent",
        `[ $# = 1 ] && exec cat "$HOST_ROOT/etc/$1"
awk -F: -v key="$2" '$1 == key || $3 == key { print; found = 1; exit } END { exit !found }' "$HOST_ROOT/etc/$1"`,
    );
    program(
        host,
        "id",
        `case $1 in -u | -g | -G | -nG) option=$1; shift ;; esac
own=$(awk -F: -v name="$1" '$1 == name { print $4 }' "$HOST_ROOT/etc/passwd")
awk -F: -v name="$1" -v own="$own" -v names="$option" '
    $3 == own || index("," $4 ",", "," name ",") { printf "%s ", names == "-nG" ? $1 : $3 }' "$HOST_ROOT/etc/group"`,
    );
    for (const command of ["groupadd", "groupmod", "useradd", "usermod", "gpasswd"]) {
        program(host, command, `echo "${command} $*" >>"$HOST_ROOT/calls"`);
    }
}
