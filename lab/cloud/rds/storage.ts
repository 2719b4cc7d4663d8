// A server's files: its data directory is a btrfs subvolume, so that its content can be fixed at one instant while the
// server goes on writing, and cloned at no cost. Each copy is as good as the disk after a power cut: the server replays
// its log on start.
//   instances/ID/data  the data directory        instances/ID/conf  configuration, certificate
//   instances/ID/wal   the archive of its log    instances/ID/run   the socket
//   instances/ID/bases copies of data, each named by the moment (milliseconds since 1970) that it is not newer than
//   instances/ID/restore  while restoring to a moment: the source's archive
//   snapshots/ID       copies of data
import * as fs from "node:fs";
import * as path from "node:path";
import { databaseFolder, deleteSubvolume } from "../machines/pool";
import { run } from "../run";

export const instanceFolder = (identifier: string): string => path.join(databaseFolder, "instances", identifier);
const within = (identifier: string, name: string): string => path.join(instanceFolder(identifier), name);
const snapshotFolder = (identifier: string): string => path.join(databaseFolder, "snapshots", identifier);
export const configurationFolder = (identifier: string): string => within(identifier, "conf");

/** An empty home for a server; what is left of an earlier try goes. */
export async function makeStorage(identifier: string): Promise<void> {
    await removeStorage(identifier);
    fs.mkdirSync(within(identifier, "bases"), { recursive: true });
    for (const name of ["conf", "run"]) {
        fs.mkdirSync(within(identifier, name), { mode: 0o700 });
    }
    await run(["btrfs", "-q", "subvolume", "create", within(identifier, "wal")]);
    await giveToPostgres(["conf", "run", "wal"].map((name) => within(identifier, name)));
}

export async function makeDataFolder(identifier: string): Promise<void> {
    await run(["btrfs", "-q", "subvolume", "create", within(identifier, "data")]);
    fs.chmodSync(within(identifier, "data"), 0o700);
    await giveToPostgres([within(identifier, "data")]);
}

export async function giveToPostgres(files: string[]): Promise<void> {
    await run(["chown", "--recursive", "postgres:", ...files]);
}

export async function removeStorage(identifier: string): Promise<void> {
    for (const time of bases(identifier)) {
        await deleteSubvolume(within(identifier, `bases/${time}`));
    }
    for (const name of ["bases/part", "restore", "wal", "data"]) {
        await deleteSubvolume(within(identifier, name));
    }
    fs.rmSync(instanceFolder(identifier), { recursive: true, force: true });
}

async function copy(from: string, to: string): Promise<void> {
    fs.mkdirSync(path.dirname(to), { recursive: true });
    await deleteSubvolume(to); // of a try that was cut short
    await run(["btrfs", "-q", "subvolume", "snapshot", from, to]);
}

/** Moments (milliseconds since 1970), oldest first. */
export function bases(identifier: string): number[] {
    const folder = within(identifier, "bases");
    const names = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    return names
        .filter((name) => /^\d+$/.test(name))
        .map(Number)
        .sort((a, b) => a - b);
}

export async function takeBase(identifier: string): Promise<void> {
    const part = within(identifier, "bases/part");
    await copy(within(identifier, "data"), part);
    fs.renameSync(part, within(identifier, `bases/${Date.now()}`)); // the moment after: it holds nothing later
}

export async function dropBases(identifier: string): Promise<void> {
    for (const time of bases(identifier)) {
        await deleteSubvolume(within(identifier, `bases/${time}`));
    }
    for (const name of fs.readdirSync(within(identifier, "wal"))) {
        fs.rmSync(path.join(within(identifier, "wal"), name));
    }
}

export const isArchived = (identifier: string, file: string): boolean =>
    fs.existsSync(path.join(within(identifier, "wal"), file));

/** How many files of log a restore to now would have to replay. */
export function filesSinceLastBase(identifier: string): number {
    const last = bases(identifier).at(-1) ?? 0;
    const folder = within(identifier, "wal");
    return fs.readdirSync(folder).filter((name) => fs.statSync(path.join(folder, name)).mtimeMs > last).length;
}

export const takeSnapshot = (identifier: string, snapshotIdentifier: string): Promise<void> =>
    copy(within(identifier, "data"), snapshotFolder(snapshotIdentifier));

export const removeSnapshot = (snapshotIdentifier: string): Promise<void> =>
    deleteSubvolume(snapshotFolder(snapshotIdentifier));

export async function restoreSnapshot(snapshotIdentifier: string, identifier: string): Promise<void> {
    await copy(snapshotFolder(snapshotIdentifier), within(identifier, "data"));
}

/** The newest base that is not newer than the moment, and the log to go on from there. */
export async function restoreBase(source: string, moment: number, identifier: string): Promise<void> {
    const base = bases(source)
        .filter((time) => time <= moment)
        .at(-1);
    if (base === undefined) {
        throw new Error(`${source} has no backup from before ${new Date(moment).toISOString()}`);
    }
    await copy(within(source, `bases/${base}`), within(identifier, "data"));
    await copy(within(source, "wal"), within(identifier, "restore"));
    const signal = within(identifier, "data/recovery.signal");
    fs.writeFileSync(signal, "");
    await giveToPostgres([signal]);
}

export const endRestore = (identifier: string): Promise<void> => deleteSubvolume(within(identifier, "restore"));

/** The note of the process that had these files: by now it is gone, or another's. */
export function forgetProcess(identifier: string): void {
    fs.rmSync(within(identifier, "data/postmaster.pid"), { force: true });
}
