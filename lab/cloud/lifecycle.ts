// Starts and ends a whole lab. Ending it works after a crash too, and touches nothing but what carries this lab's id or
// stands in its ledger.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { requireMachine } from "../machine";
import { buildFolder, cloudFolder, cloudSocket, labFolder, logFolder, poolFolder, prefix } from "../paths";
import { callCloud } from "./client";
import { cgroupFolders, endCgroup, removeCgroup } from "./machines/host";
import { buildImages, unpackImages } from "./machines/images";
import type { Progress } from "./machines/images";
import { loopsOf, mountPool, unmountPool } from "./machines/pool";
import { removeFabric } from "./network/fabric";
import { endById, endProcess, findProcess, identify, recordedNames, startProcess } from "./processes";
import { run, waitFor } from "./run";

export { buildImages } from "./machines/images";

const daemon = "cloud";
const bundle = path.join(buildFolder, "cloud.js");
const bundleHashFile = path.join(cloudFolder, "bundle.sha256");

/** Starts (or picks up) this checkout's lab; answers when the cloud does. Build the daemon first (make build). */
export async function startLab(progress: Progress = () => undefined): Promise<void> {
    requireMachine();
    if (!fs.existsSync(bundle)) {
        throw new Error(`${path.relative(process.cwd(), bundle)} is missing: build the toolchain first`);
    }
    await buildImages(progress);
    await mountPool();
    await unpackImages(progress);
    await startDaemon(progress);
}

async function startDaemon(progress: Progress): Promise<void> {
    const hash = createHash("sha256").update(fs.readFileSync(bundle)).digest("hex");
    const running = findProcess(daemon) !== undefined;
    if (running && fs.existsSync(bundleHashFile) && fs.readFileSync(bundleHashFile, "utf8") === hash) {
        return;
    }
    await endProcess(daemon); // an older program: hosts and databases go on without it
    fs.rmSync(cloudSocket, { force: true });
    fs.mkdirSync(cloudFolder, { recursive: true, mode: 0o700 });
    await startProcess({ name: daemon, command: [process.execPath, "--max-old-space-size=256", bundle] });
    fs.writeFileSync(bundleHashFile, hash);
    const log = path.join(logFolder, `${daemon}.log`);
    await waitFor(`the cloud answers (its log is ${log})`, answers, 120);
    progress("the cloud answers");
}

async function answers(): Promise<boolean> {
    if (findProcess(daemon) === undefined) {
        const log = fs.readFileSync(path.join(logFolder, `${daemon}.log`), "utf8");
        throw new Error(`The lab's cloud ended at once: ${log.trim().split("\n").pop()}`);
    }
    return callCloud("GetCallerIdentity", {}).then(
        () => true,
        () => false,
    );
}

/** Ends every process of the lab and takes its namespaces, devices and mounts away; its disk stays. */
export async function stopLab(progress: Progress = () => undefined): Promise<void> {
    if (findProcess(daemon) !== undefined) {
        progress("hosts and databases: shutting down");
        await callCloud("StopLab", {}).catch((error: Error) => progress(`not in order: ${error.message}`));
    }
    await endProcess(daemon);
    for (const name of recordedNames()) {
        // A host's supervisor only listens to its host; the host's own processes are ended below.
        await endProcess(name, name.startsWith("host-") ? { signal: "SIGKILL" } : {});
    }
    for (const hierarchy of cgroupFolders()) {
        const folder = path.join(hierarchy, prefix);
        await endCgroup(folder);
        removeCgroup(folder);
    }
    await endNamespaceProcesses();
    for (const loop of await loopsOf(poolFolder)) {
        await run(["losetup", "--detach", loop]);
    }
    await waitFor(`${poolFolder} is unmounted`, () => unmounted(), 20);
    await removeFabric();
    fs.rmSync(cloudSocket, { force: true });
}

/** Retried, as a device may take a moment to be let go. */
async function unmounted(): Promise<boolean> {
    return unmountPool().then(
        () => true,
        () => false,
    );
}

/** What still runs in the lab's namespaces (a client, an engine cut short) is the lab's. Except ourselves. */
async function endNamespaceProcesses(): Promise<void> {
    const names = fs.existsSync("/run/netns") ? fs.readdirSync("/run/netns") : [];
    const spared = ancestors();
    for (const name of names.filter((each) => each.startsWith(`${prefix}-`))) {
        const pids = (await run(["ip", "netns", "pids", name]).catch(() => "")).split("\n").filter(Boolean).map(Number);
        for (const pid of pids.filter((each) => !spared.has(each))) {
            const id = identify(pid);
            if (id) {
                await endById(id, { graceSeconds: 3 });
            }
        }
    }
}

function ancestors(): Set<number> {
    const found = new Set<number>();
    for (let pid = process.pid; pid > 1 && !found.has(pid);) {
        found.add(pid);
        const status = fs.existsSync(`/proc/${pid}/status`) ? fs.readFileSync(`/proc/${pid}/status`, "utf8") : "";
        pid = Number(/^PPid:\s+(\d+)$/m.exec(status)?.[1] ?? 0);
    }
    return found;
}

/** Ends the lab and forgets it: its whole folder goes. The cache (images, toolchain) stays. */
export async function removeLab(progress: Progress = () => undefined): Promise<void> {
    await stopLab(progress);
    fs.rmSync(labFolder, { recursive: true, force: true });
}
