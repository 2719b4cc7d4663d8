// One host: a real systemd machine under systemd-nspawn on a clone of its image, kept running by a supervisor of its own
// (supervise.sh) that outlives the daemon.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout, cloudFolder, logFolder, prefix } from "../../paths";
import type { Instance } from "../api";
import { resolverConfiguration } from "../network/fabric";
import { endById, endProcess, findProcess, identify, startProcess } from "../processes";
import { run, waitFor } from "../run";
import { cloneSubvolume, hostFolder } from "./pool";

const signal = { powerOff: 34 + 4, reboot: 34 + 5 }; // SIGRTMIN+4 and +5, systemd's own

const rootOf = (id: string): string => path.join(hostFolder, id);
const folderOf = (id: string): string => path.join(cloudFolder, "hosts", id);
/** What the guest sees, read-only, as /run/cloud. */
const guestFolder = (id: string): string => path.join(folderOf(id), "guest");
/** Served to all hosts. */
const fileServerFolder = path.join(cloudFolder, "file-server");
const supervisorOf = (id: string): string => `host-${id}`;
const cgroupOf = (id: string): string => path.join(prefix, id);

export async function createHost(instance: Instance, imageSubvolume: string): Promise<void> {
    const root = rootOf(instance.instanceId);
    fs.mkdirSync(guestFolder(instance.instanceId), { recursive: true });
    fs.mkdirSync(fileServerFolder, { recursive: true, mode: 0o755 });
    writeVolumeList(instance.instanceId, []);
    await cloneSubvolume(imageSubvolume, root);
    const seed = path.join(root, "var/lib/cloud/seed/nocloud");
    fs.mkdirSync(seed, { recursive: true, mode: 0o700 });
    const hostname = `ip-${instance.privateIp.replaceAll(".", "-")}`;
    fs.writeFileSync(
        path.join(seed, "meta-data"),
        JSON.stringify({ "instance-id": instance.instanceId, "local-hostname": hostname }),
    );
    const userData = Buffer.from(instance.userData ?? "", "base64");
    fs.writeFileSync(path.join(seed, "user-data"), userData.length > 0 ? userData : "#cloud-config\n", { mode: 0o600 });
    fs.writeFileSync(path.join(root, "etc/hostname"), `${hostname}\n`);
    fs.writeFileSync(path.join(root, "etc/hosts"), `127.0.0.1 localhost\n127.0.1.1 ${hostname}\n`);
    fs.writeFileSync(path.join(root, "etc/resolv.conf"), resolverConfiguration());
}

/** Answers when the guest's first process runs; booting goes on. */
export async function startHost(id: string, namespace: string): Promise<void> {
    const folder = folderOf(id);
    await sweep(id); // an orphan of a crash must not share the root with the new one
    fs.rmSync(path.join(folder, "stop"), { force: true });
    await startProcess({
        name: supervisorOf(id),
        command: [
            path.join(checkout, "lab/cloud/machines/supervise.sh"),
            folder,
            cgroupOf(id),
            ...["--quiet", "--register=no", "--keep-unit", "--boot", "--directory", rootOf(id)],
            ...["--machine", id, `--network-namespace-path=/run/netns/${namespace}`],
            ...["--resolv-conf=off", "--link-journal=no", "--timezone=off", "--console=read-only"],
            `--bind-ro=${guestFolder(id)}:/run/cloud`,
            // The file server of the company's network: what is written by one is there for all.
            `--bind=${fileServerFolder}:/run/file-server`,
        ],
    });
    await waitFor(
        `host ${id} runs (its log is ${path.join(logFolder, supervisorOf(id))}.log)`,
        () => leaderOf(id) ?? (isUp(id) ? undefined : Promise.reject(new Error(endedMessage(id)))),
        30,
    );
}

function endedMessage(id: string): string {
    const log = path.join(logFolder, `${supervisorOf(id)}.log`);
    const tail = fs.existsSync(log) ? fs.readFileSync(log, "utf8").trim().split("\n").slice(-3).join(" | ") : "";
    return `systemd-nspawn of ${id} ended at once: ${tail}`;
}

/** Between a reboot's end and its new start a host is up without a leader. */
export const isUp = (id: string): boolean => findProcess(supervisorOf(id)) !== undefined;

/** True when it ended by itself (power off inside, power cut), false when the machine or its supervisor died under it. */
export const endedByItself = (id: string): boolean => fs.existsSync(path.join(folderOf(id), "ended"));

/** The guest's first process, as the machine sees it. */
export function leaderOf(id: string): number | undefined {
    const supervisor = findProcess(supervisorOf(id));
    const nspawn = supervisor === undefined ? undefined : childrenOf(supervisor)[0];
    return nspawn === undefined ? undefined : childrenOf(nspawn).find(isFirstProcess);
}

/** In a namespace of its own its pid is 1; systemd-nspawn's helper, which goes before it, has none of its own. */
function isFirstProcess(pid: number): boolean {
    try {
        return /^NSpid:\s+\d+\s+1$/m.test(fs.readFileSync(`/proc/${pid}/status`, "utf8"));
    } catch {
        return false;
    }
}

function childrenOf(pid: number): number[] {
    try {
        const text = fs.readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
        return text.split(" ").filter(Boolean).map(Number);
    } catch {
        return [];
    }
}

function signalLeader(id: string, number: number | NodeJS.Signals): void {
    const leader = leaderOf(id);
    if (leader !== undefined) {
        process.kill(leader, number);
    }
}

export function rebootHost(id: string): void {
    signalLeader(id, signal.reboot);
}

/** In an orderly way, as the power button does; by force when that takes too long. */
export async function stopHost(id: string, graceSeconds: number): Promise<void> {
    await end(id, () => signalLeader(id, signal.powerOff), graceSeconds);
}

/** The plug pulled: no process gets to say anything. (What was written but not synced survives, unlike in life.) */
export async function cutPower(id: string): Promise<void> {
    await end(id, () => signalLeader(id, "SIGKILL"), 5);
}

async function end(id: string, ask: () => void, graceSeconds: number): Promise<void> {
    if (isUp(id)) {
        fs.writeFileSync(path.join(folderOf(id), "stop"), "");
        ask();
        await waitFor(`host ${id} has ended`, () => !isUp(id), graceSeconds).catch(() => sweep(id));
    }
    await sweep(id);
    await endProcess(supervisorOf(id), { signal: "SIGKILL" });
    fs.rmSync(path.join(folderOf(id), "ended"), { force: true }); // it did not end by itself
}

/** Ends whatever is in the host's control group: exactly this host's processes, however they came to be left. */
async function sweep(id: string): Promise<void> {
    for (const hierarchy of cgroupFolders()) {
        const folder = path.join(hierarchy, cgroupOf(id));
        await endCgroup(folder);
        removeCgroup(folder);
    }
}

export function cgroupFolders(): string[] {
    if (fs.existsSync("/sys/fs/cgroup/cgroup.controllers")) {
        return ["/sys/fs/cgroup"];
    }
    return ["systemd", "memory", "pids", "unified"].map((name) => `/sys/fs/cgroup/${name}`);
}

export async function endCgroup(folder: string): Promise<void> {
    for (const pid of processesIn(folder)) {
        const id = identify(pid);
        if (id) {
            await endById(id, { signal: "SIGKILL" });
        }
    }
}

function processesIn(folder: string): number[] {
    if (!fs.existsSync(folder)) {
        return [];
    }
    const own = fs.readFileSync(path.join(folder, "cgroup.procs"), "utf8").split("\n").filter(Boolean).map(Number);
    return [...own, ...subfolders(folder).flatMap(processesIn)];
}

const subfolders = (folder: string): string[] =>
    fs
        .readdirSync(folder, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map((entry) => path.join(folder, entry.name));

export function removeCgroup(folder: string): void {
    if (fs.existsSync(folder)) {
        subfolders(folder).forEach(removeCgroup);
        fs.rmdirSync(folder);
    }
}

/** A line for each attached volume; the guest makes its device nodes from it. */
export interface GuestVolume {
    volumeId: string;
    node: string;
    loop: string;
}

function writeVolumeList(id: string, volumes: GuestVolume[]): void {
    const lines = volumes.map(({ volumeId, node, loop }) =>
        [node, 7, loop.replace("/dev/loop", ""), volumeId.replace("-", "")].join(" "),
    );
    // In place: the guest's view is a bind of the folder, and a replaced file is seen too, but half a line never is.
    fs.writeFileSync(path.join(guestFolder(id), "volumes.part"), lines.map((line) => `${line}\n`).join(""));
    fs.renameSync(path.join(guestFolder(id), "volumes.part"), path.join(guestFolder(id), "volumes"));
}

/** Tells a host which volumes it has; a running one gets or loses the device nodes at once. */
export async function setVolumes(id: string, volumes: GuestVolume[]): Promise<void> {
    writeVolumeList(id, volumes);
    const leader = leaderOf(id);
    if (leader === undefined) {
        return;
    }
    const inGuest = ["nsenter", "--target", String(leader), "--mount", "--pid", "--"];
    await run([...inGuest, "/usr/local/lib/cloud/attach-volumes.sh"]).catch((error: Error) => {
        // While a guest boots there is nothing to enter yet; its own boot then reads the list.
        if (!/No such file|can't open|Permission denied/i.test(error.message)) {
            throw error;
        }
    });
}

export function removeHostFolder(id: string): void {
    fs.rmSync(folderOf(id), { recursive: true, force: true });
}

export const hostRoot = rootOf;
