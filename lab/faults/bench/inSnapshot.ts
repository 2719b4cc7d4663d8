// Looks into a snapshot as a restore would: a copy of it, mounted, its journal replayed.
import * as fs from "node:fs";
import * as path from "node:path";
import { mustRun, run } from "../../run";
import { poolFolder } from "../../paths";

/** A file's text, or undefined when it is not there. `file` is relative to the file system. */
export async function fileInSnapshot(snapshotId: string, file: string): Promise<string | undefined> {
    const image = path.join(poolFolder, "snapshots", `${snapshotId}.img`);
    const copy = path.join(poolFolder, "snapshots", `looked-into-${snapshotId}`);
    const mount = fs.mkdtempSync("/tmp/looked-into-");
    await mustRun("cp", ["--reflink=always", image, copy]);
    try {
        await mustRun("mount", ["-o", "loop", copy, mount]);
        const wanted = path.join(mount, file);
        return fs.existsSync(wanted) ? fs.readFileSync(wanted, "utf8") : undefined;
    } finally {
        await run("umount", [mount]);
        fs.rmSync(copy, { force: true });
        fs.rmdirSync(mount);
    }
}
