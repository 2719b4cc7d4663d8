// One sparse file, mounted as btrfs: clones of images, volumes and databases cost nothing, and the whole lab's disk is one file.
import * as fs from "node:fs";
import * as path from "node:path";
import { poolFolder, poolImage } from "../../paths";
import { run } from "../run";

const size = "64G"; // sparse: what counts is what is written

export const imageFolder = path.join(poolFolder, "images");
export const hostFolder = path.join(poolFolder, "hosts");
export const volumeFolder = path.join(poolFolder, "volumes");
export const snapshotFolder = path.join(poolFolder, "snapshots");
export const databaseFolder = path.join(poolFolder, "databases");

function isMounted(folder: string, fileSystem = ""): boolean {
    return fs
        .readFileSync("/proc/self/mountinfo", "utf8")
        .split("\n")
        .some((line) => line.split(" ")[4] === folder && line.includes(` - ${fileSystem}`));
}

export async function mountPool(): Promise<void> {
    if (!isMounted(poolFolder, "btrfs")) {
        await makePool();
        fs.mkdirSync(poolFolder, { recursive: true });
        if (!isMounted(poolFolder)) {
            // A shared mount below it makes unmounting reach the mount namespaces that have a copy (of another lab's
            // programs, say), which else would keep the file system and its loop device.
            await run(["mount", "--bind", poolFolder, poolFolder]);
            await run(["mount", "--make-shared", poolFolder]);
        }
        const loop = (await loopsOf(poolImage))[0] ?? (await attachLoop(poolImage));
        await run(["mount", "-t", "btrfs", "-o", "noatime,discard=async", loop, poolFolder]);
    }
    for (const folder of [imageFolder, hostFolder, volumeFolder, snapshotFolder, databaseFolder]) {
        fs.mkdirSync(folder, { recursive: true });
    }
    // Volumes carry file systems of their own: no checksums, no copy on write except after a snapshot.
    await run(["chattr", "+C", volumeFolder, snapshotFolder]);
}

async function makePool(): Promise<void> {
    if (fs.existsSync(poolImage)) {
        return;
    }
    fs.mkdirSync(path.dirname(poolImage), { recursive: true });
    const part = `${poolImage}.part`;
    fs.rmSync(part, { force: true });
    await run(["truncate", "-s", size, part]);
    await run(["mkfs.btrfs", "-q", "-m", "single", "-d", "single", part]);
    fs.renameSync(part, poolImage);
}

export async function unmountPool(): Promise<void> {
    while (isMounted(poolFolder)) {
        await run(["umount", poolFolder]);
    }
    for (const loop of await loopsOf(poolImage)) {
        await run(["losetup", "--detach", loop]);
    }
}

export async function attachLoop(file: string): Promise<string> {
    return (await run(["losetup", "--find", "--show", "--direct-io=on", file])).trim();
}

/** The loop devices over a file, or over any file below a folder. */
export async function loopsOf(fileOrFolder: string): Promise<string[]> {
    const text = await run(["losetup", "--list", "--json", "--output", "NAME,BACK-FILE"]);
    const list = text.trim()
        ? (JSON.parse(text) as { loopdevices: { name: string; "back-file": string }[] })
        : undefined;
    const within = (file: string): boolean => file === fileOrFolder || file.startsWith(`${fileOrFolder}/`);
    return (list?.loopdevices ?? []).filter((loop) => within(loop["back-file"] ?? "")).map((loop) => loop.name);
}

export async function cloneSubvolume(from: string, to: string): Promise<void> {
    await run(["btrfs", "-q", "subvolume", "snapshot", from, to]);
}

/** Also those within it (a guest's systemd may make some). */
export async function deleteSubvolume(folder: string): Promise<void> {
    if (!fs.existsSync(folder)) {
        return;
    }
    const text = await run(["btrfs", "subvolume", "list", "-o", folder]);
    const inner = text
        .split("\n")
        .filter((line) => line.includes(" path "))
        .map((line) => path.join(poolFolder, line.slice(line.indexOf(" path ") + 6)))
        .reverse();
    for (const each of [...inner, folder]) {
        await run(["btrfs", "-q", "subvolume", "delete", each]);
    }
}

export async function reflink(from: string, to: string): Promise<void> {
    await run(["cp", "--reflink=always", "--sparse=auto", from, to]);
}
