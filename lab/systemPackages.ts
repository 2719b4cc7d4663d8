// The few system packages that the rehearsal cloud is built from: installed once, said aloud, and none of the
// services that they bring is left running or enabled on a machine that did not have it before.
import * as fs from "node:fs";
import { spawnSync } from "node:child_process";
import { mustRun } from "./run";
import { say, step } from "./progress";

/** Package, and the program by which one sees that it is there. */
const needed: [packageName: string, programs: string[]][] = [
    ["systemd-container", ["/usr/bin/systemd-nspawn"]],
    ["mmdebstrap", ["/usr/bin/mmdebstrap"]],
    ["debian-archive-keyring", ["/usr/share/keyrings/debian-archive-keyring.gpg"]],
    ["btrfs-progs", ["/usr/sbin/mkfs.btrfs", "/sbin/mkfs.btrfs", "/usr/bin/mkfs.btrfs"]],
    ["nftables", ["/usr/sbin/nft"]],
    ["iproute2", ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"]],
    ["postgresql", ["/usr/lib/postgresql"]],
    ["locales", ["/usr/share/i18n/locales/en_US"]],
    ["knot", ["/usr/sbin/knotd"]],
    ["dpkg-dev", ["/usr/bin/dpkg-scanpackages"]],
    ["gnupg", ["/usr/bin/gpg"]],
    ["python3-pip", ["/usr/bin/pip3"]],
    ["zstd", ["/usr/bin/zstd"]],
];

const policy = "/usr/sbin/policy-rc.d";

function missingPackages(): string[] {
    return needed.filter(([, files]) => !files.some((file) => fs.existsSync(file))).map(([name]) => name);
}

export async function installSystemPackages(): Promise<void> {
    const missing = missingPackages();
    if (missing.length === 0) return;
    if (!fs.existsSync("/usr/bin/apt-get")) {
        throw new Error(
            `The rehearsal needs these programs, and this machine has no apt-get to fetch them: ${missing.join(", ")}. ` +
                "Install your distribution's packages of them and try again.",
        );
    }
    say(`Installing system packages that the rehearsal is built from: ${missing.join(", ")}`);
    const before = services();
    await step(`apt-get install of ${missing.length} packages`, () => withoutStartingServices(() => install(missing)));
    const added = [...services()].filter((unit) => !before.has(unit));
    if (added.length > 0) {
        spawnSync("systemctl", ["disable", "--now", ...added], { stdio: "ignore" });
        say(`Left off, as this machine did not have them before: ${added.join(", ")}`);
    }
}

async function install(packages: string[]): Promise<void> {
    const env = { ...process.env, DEBIAN_FRONTEND: "noninteractive" };
    await mustRun("apt-get", ["update"], { log: "setup", env });
    await mustRun("apt-get", ["install", "-y", "--no-install-recommends", ...packages], { log: "setup", env });
}

/** Debian's own way to say "install, but start nothing"; a policy that is there already is left as it is. */
async function withoutStartingServices(work: () => Promise<void>): Promise<void> {
    if (fs.existsSync(policy)) return work();
    fs.writeFileSync(policy, "#!/bin/sh\nexit 101\n", { mode: 0o755 });
    try {
        await work();
    } finally {
        fs.rmSync(policy, { force: true });
    }
}

/** Units of the packages that bring servers. */
function services(): Set<string> {
    const found = new Set<string>();
    for (const folder of ["/lib/systemd/system", "/usr/lib/systemd/system"]) {
        if (!fs.existsSync(folder)) continue;
        for (const unit of fs.readdirSync(folder)) {
            if (/^(postgresql|knot|nftables|systemd-nspawn|machines).*\.(service|target)$/.test(unit)) found.add(unit);
        }
    }
    return found;
}
