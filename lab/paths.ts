// Where one lab keeps its things. Everything carries an id made from the checkout's path, so that two checkouts
// on one machine never meet; what can be used again (toolchain, images, wheels) lies in the user's cache.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

function findCheckout(): string {
    let folder = __dirname; // lab/ when run from source, .build/ when bundled
    while (!fs.existsSync(path.join(folder, "Pulumi.yaml")) && !fs.existsSync(path.join(folder, "package.json"))) {
        folder = path.dirname(folder);
    }
    return fs.realpathSync(folder);
}

export const checkout = findCheckout();
/** Four hex digits, part of the name of every namespace, interface and cgroup of this lab. */
export const labId = createHash("sha256").update(checkout).digest("hex").slice(0, 4);
export const prefix = `pl${labId}`;

export const labFolder = path.join(checkout, ".lab");
export const poolImage = path.join(labFolder, "pool.img");
export const poolFolder = path.join(labFolder, "pool");
export const cloudFolder = path.join(labFolder, "cloud");
export const cloudSocket = process.env.POSIT_LAB_CLOUD ?? path.join(cloudFolder, "cloud.sock");
export const buildFolder = path.join(checkout, ".build");
export const logFolder = path.join(labFolder, "logs");
export const pulumiHome = path.join(labFolder, "pulumi-home");
export const stateFolder = path.join(labFolder, "pulumi-state");
/** Has the language host that the engine is to find, and nothing else. */
export const languageHostFolder = path.join(labFolder, "language-host");
export const reportFolder = path.join(checkout, "rehearsal");
export const cacheFolder = path.join(
    process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), ".cache"),
    "posit-team-upgrade",
);

export const netns = {
    router: `${prefix}-rt`,
    operator: `${prefix}-op`,
    users: `${prefix}-us`,
    internet: `${prefix}-in`,
} as const;

export const addresses = {
    operator: "10.0.0.10",
    users: "10.1.0.10",
    dns: "10.2.0.53",
    repository: "10.2.0.80",
} as const;
