// Can this machine host the rehearsal cloud? One clear sentence when it can't.
import * as fs from "node:fs";
import * as os from "node:os";
import { spawnSync } from "node:child_process";
import { checkout } from "./paths";

export class CannotHost extends Error {}

const neededMemoryGiB = 4;
const neededDiskGiB = 10;

/** What is missing, in words that end the sentence "it needs …". */
export function missingFromMachine(): string[] {
    if (process.platform !== "linux") return [`Linux (this is ${os.platform()})`];
    const missing: string[] = [];
    if (process.getuid?.() !== 0) missing.push("root (try: sudo make rehearse)");
    if (!hasFileSystem("btrfs")) missing.push("a kernel with btrfs (modprobe btrfs found none)");
    if (!fs.existsSync("/dev/loop-control")) missing.push("loop devices (/dev/loop-control)");
    if (process.getuid?.() === 0 && !canUnshare()) missing.push("the right to make network and mount namespaces");
    if (os.arch() !== "x64") missing.push(`an x86-64 processor (this is ${os.arch()})`);
    const memory = os.totalmem() / 2 ** 30;
    if (memory < neededMemoryGiB * 0.9)
        missing.push(`${neededMemoryGiB} GiB of memory (there are ${memory.toFixed(1)})`);
    const disk = freeDiskGiB();
    if (disk < neededDiskGiB) missing.push(`${neededDiskGiB} GiB of free disk here (there are ${disk.toFixed(1)})`);
    return missing;
}

export function requireMachine(): void {
    const missing = missingFromMachine();
    if (missing.length === 0) return;
    throw new CannotHost(
        `This machine can't host the rehearsal: it needs ${missing.join(", and ")}. \`make test\` still runs here.`,
    );
}

function hasFileSystem(name: string): boolean {
    const known = () => new RegExp(`^\\s*(nodev\\s+)?${name}$`, "m").test(fs.readFileSync("/proc/filesystems", "utf8"));
    if (known()) return true;
    spawnSync("modprobe", [name], { stdio: "ignore" });
    return known();
}

function canUnshare(): boolean {
    return spawnSync("unshare", ["--net", "--mount", "true"], { stdio: "ignore" }).status === 0;
}

function freeDiskGiB(): number {
    const stats = fs.statfsSync(checkout);
    return (stats.bavail * stats.bsize) / 2 ** 30;
}
