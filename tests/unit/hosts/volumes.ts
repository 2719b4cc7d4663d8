// Volumes of a host that is only a folder: each device is a file below its dev/ that holds the type of its file system, and what is mounted where
// is a list (stubs/volumes/*.sh). Proves what scripts decide and ask for; that mount and mkfs do it is proved on real hosts.
import * as fs from "node:fs";
import * as path from "node:path";
import type { FakeHost } from "./fakeHost";

const stubs = path.join(__dirname, "stubs/volumes");

export interface Mounted {
    at: string;
    device: string;
    folder?: string;
    type?: string;
}

export interface Volumes {
    /** A device by its name ("nvme1n1"), and the volume that is attached as it; a partition is the volume's "-part1". */
    attach(name: string, volume: string | undefined, type?: string): void;
    /** What the device's file system holds. */
    holds(name: string, folder: string): void;
    mounted(list: Mounted[]): void;
    /** Lines "target device folder type", places as the host sees them. */
    mounts(): string[];
    /** A script in front of which files below dev/ are devices. */
    with(program: string): string;
}

export function volumesOf(host: FakeHost): Volumes {
    const inHost = (file: string) => path.join(host.root, file);
    for (const stub of fs.readdirSync(stubs)) {
        fs.symlinkSync(path.join(stubs, stub), inHost(`bin/${stub.replace(/\.sh$/, "")}`));
    }
    fs.mkdirSync(inHost("dev/disk/by-id"), { recursive: true });
    host.write("mounts", "");
    const device = (name: string) => (name.startsWith("nvme") ? inHost(`dev/${name}`) : name);
    return {
        attach: (name, volume, type = "") => {
            host.write(`dev/${name}`, type === "" ? "" : `${type}\n`);
            if (volume !== undefined) {
                const link = `dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${volume}`;
                fs.symlinkSync(inHost(`dev/${name}`), inHost(link));
            }
        },
        holds: (name, folder) => void fs.mkdirSync(inHost(`dev/${name}.files/${folder}`), { recursive: true }),
        mounted: (list) =>
            host.write(
                "mounts",
                list
                    .map(({ at, device: name, folder = "/", type = "ext4" }) => [at, device(name), folder, type])
                    .map(([at, ...rest]) => `${at === "/" ? at : inHost(at)} ${rest.join(" ")}\n`)
                    .join(""),
            ),
        mounts: () => host.read("mounts").replaceAll(host.root, "").split("\n").filter(Boolean),
        with: (program) => `${filesAsDevices}\n${program}`,
    };
}

/** Only root makes devices. */
const filesAsDevices = `
is_device() { [[ -f $1 && $1 == "$HOST_ROOT"/dev/* ]]; }
function [ { if [[ $1 == -b ]]; then is_device "$2"; else builtin [ "$@"; fi; }
function test { if [[ $1 == -b ]]; then is_device "$2"; else builtin test "$@"; fi; }`;
