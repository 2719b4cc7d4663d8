// The package repository of the lab: the stand-in products for apt, signed with a key made for this checkout, and what
// Package Manager takes for the service that it synchronises with. Built anew when anything that it is made of changed.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { buildFolder } from "../paths";
import { mustRun } from "../run";
import { buildDeb } from "./debs";
import { buildPostgresDeb } from "./postgresDeb";
import { packages } from "./releases";
import { sources } from "./stage";
import { fetchWheels, writeUpstream } from "./wheels";

/** Below the build folder and not the lab's, which goes with every new lab. */
export const repositoryFolder = path.join(buildFolder, "repository");
const keyFile = path.join(buildFolder, "repository-key.asc");
const codenames = ["bookworm", "trixie"];

export function signingKey(): string {
    return fs.readFileSync(path.join(repositoryFolder, "key.asc"), "utf8");
}

export async function buildRepository(): Promise<void> {
    await fetchWheels();
    const stamp = path.join(repositoryFolder, "made-from.sha256");
    const inputs = hashOfInputs();
    if (fs.existsSync(stamp) && fs.readFileSync(stamp, "utf8") === inputs) return;
    fs.mkdirSync(buildFolder, { recursive: true });
    const work = fs.mkdtempSync(path.join(os.tmpdir(), "posit-repository."));
    try {
        const site = path.join(work, "site");
        const apt = path.join(site, "apt");
        fs.mkdirSync(path.join(apt, "pool"), { recursive: true });
        for (const files of packages) {
            for (const release of files.releases) await buildDeb(files, release, work, path.join(apt, "pool"));
        }
        await buildPostgresDeb(work, path.join(apt, "pool"));
        await writeAptIndexes(apt, work, path.join(site, "key.asc"));
        writeUpstream(site);
        fs.writeFileSync(path.join(site, "made-from.sha256"), inputs);
        fs.rmSync(repositoryFolder, { recursive: true, force: true });
        fs.cpSync(site, repositoryFolder, { recursive: true });
    } finally {
        fs.rmSync(work, { recursive: true, force: true });
    }
}

function hashOfInputs(): string {
    const hash = createHash("sha256");
    const entries = fs.readdirSync(sources, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map((entry) => path.join(entry.parentPath, entry.name));
    for (const file of files.filter((each) => !each.includes("__pycache__")).sort()) {
        hash.update(path.relative(sources, file)).update(fs.readFileSync(file));
    }
    return hash.digest("hex");
}

/** The same packages in both forms that a line of sources.list can have: flat ("URL ./") and by codename ("URL trixie main"). */
async function writeAptIndexes(apt: string, work: string, publicKey: string): Promise<void> {
    const index = await mustRun("dpkg-scanpackages", ["--multiversion", "pool"], { cwd: apt });
    const home = path.join(work, "gpg");
    fs.mkdirSync(home, { mode: 0o700 });
    try {
        await importKey(home, publicKey);
        fs.writeFileSync(path.join(apt, "Packages"), index);
        await writeRelease(home, apt, ["Packages"], []);
        for (const codename of codenames) {
            const folder = path.join(apt, "dists", codename);
            const lists = ["amd64", "arm64"].map((architecture) => `main/binary-${architecture}/Packages`);
            for (const list of lists) {
                fs.mkdirSync(path.dirname(path.join(folder, list)), { recursive: true });
                fs.writeFileSync(path.join(folder, list), index);
            }
            await writeRelease(home, folder, lists, [
                `Suite: ${codename}`,
                `Codename: ${codename}`,
                "Components: main",
            ]);
        }
    } finally {
        await mustRun("gpgconf", ["--homedir", home, "--kill", "all"]);
    }
}

const gpg = (home: string, ...args: string[]): Promise<string> =>
    mustRun("gpg", ["--homedir", home, "--batch", "--quiet", ...args]);

/** One key for this checkout, made once; every lab of it trusts the same. */
async function importKey(home: string, publicKey: string): Promise<void> {
    if (!fs.existsSync(keyFile)) {
        const owner = "Rehearsal packages <nobody@example.com>";
        await gpg(home, "--passphrase", "", "--quick-generate-key", owner, "ed25519", "sign", "never");
        const secret = await gpg(
            home,
            "--passphrase",
            "",
            "--pinentry-mode",
            "loopback",
            "--armor",
            "--export-secret-keys",
        );
        fs.writeFileSync(keyFile, secret, { mode: 0o600 });
    } else {
        await gpg(home, "--import", keyFile);
    }
    fs.writeFileSync(publicKey, await gpg(home, "--armor", "--export"));
}

async function writeRelease(home: string, folder: string, lists: string[], fields: string[]): Promise<void> {
    const sums = lists.map((list) => {
        const data = fs.readFileSync(path.join(folder, list));
        return ` ${createHash("sha256").update(data).digest("hex")} ${data.length} ${list}`;
    });
    const date = new Date().toUTCString().replace("GMT", "UTC");
    const text = [
        "Origin: rehearsal",
        "Label: rehearsal",
        ...fields,
        "Architectures: all amd64 arm64",
        `Date: ${date}`,
        "SHA256:",
        ...sums,
    ];
    const release = path.join(folder, "Release");
    fs.writeFileSync(release, `${text.join("\n")}\n`);
    await gpg(home, "--clearsign", "--output", path.join(folder, "InRelease"), release);
    await gpg(home, "--armor", "--detach-sign", "--output", `${release}.gpg`, release);
}
