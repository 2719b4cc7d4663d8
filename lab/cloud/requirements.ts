// What the machine must have to host the lab, said in one clear sentence when it hasn't.
import * as fs from "node:fs";
import { run } from "./run";

/** command → Debian package */
const commands: Record<string, string> = {
    "systemd-nspawn": "systemd-container",
    mmdebstrap: "mmdebstrap",
    "mkfs.btrfs": "btrfs-progs",
    nft: "nftables",
    ip: "iproute2",
    losetup: "mount",
    nsenter: "util-linux",
    chattr: "e2fsprogs",
    tar: "tar",
};

const folders = ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"];
const hasCommand = (name: string): boolean => folders.some((folder) => fs.existsSync(`${folder}/${name}`));

export function missingPackages(): string[] {
    return Object.entries(commands)
        .filter(([command]) => !hasCommand(command))
        .map(([, name]) => name);
}

/** Empty when this machine can host the lab. */
export async function missingRequirements(): Promise<string[]> {
    if (process.platform !== "linux") {
        return [`a Linux machine is needed (this is ${process.platform})`];
    }
    const missing: string[] = [];
    if (process.getuid?.() !== 0) {
        missing.push("root is needed: namespaces, loop devices and mounts are made");
    }
    const packages = missingPackages();
    if (packages.length > 0) {
        missing.push(`packages are missing: apt-get install ${packages.join(" ")}`);
    }
    const btrfs = /\bbtrfs$/m.test(fs.readFileSync("/proc/filesystems", "utf8"));
    if (!btrfs && missing.length === 0) {
        await run(["modprobe", "btrfs"]).catch(() => missing.push("the kernel has no btrfs"));
    }
    if (!fs.existsSync("/dev/loop-control")) {
        missing.push("there are no loop devices (/dev/loop-control)");
    }
    return missing;
}

export async function checkRequirements(): Promise<void> {
    const missing = await missingRequirements();
    if (missing.length > 0) {
        throw new Error(`This machine can't host the rehearsal: ${missing.join("; ")}. \`make test\` runs without it.`);
    }
}
