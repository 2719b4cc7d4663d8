// Host images: built once per recipe into the user's cache (a minute or two), unpacked once per lab (seconds).
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { cacheFolder, checkout } from "../../paths";
import { run } from "../run";
import { images } from "./packages";
import type { Image } from "./packages";
import { deleteSubvolume, imageFolder } from "./pool";

const recipeFolder = path.join(checkout, "lab/cloud/machines");
const tarballFolder = path.join(cacheFolder, "images");

/** Where a tree is built before it is a tarball; not in the cache, as apt's own user must get there. */
const scratchPrefix = path.join(os.tmpdir(), "posit-lab-image.");

/**
 * However we end, the build ends with us at once, and its mounts with it: in namespaces of its own (left alone, mmdebstrap
 * goes on for a minute and leaves mounts behind).
 */
const endingWithUs = [
    ...["setpriv", "--pdeathsig", "KILL", "--"],
    ...["unshare", "--mount", "--pid", "--fork", "--kill-child", "--mount-proc", "--propagation", "slave", "--"],
];

export type Progress = (message: string) => void;

function keyOf(image: Image): string {
    const hash = createHash("sha256").update(JSON.stringify(image));
    const files = ["image.sh", ...fs.readdirSync(path.join(recipeFolder, "guest")).map((name) => `guest/${name}`)];
    for (const file of files.sort()) {
        hash.update(file).update(fs.readFileSync(path.join(recipeFolder, file)));
    }
    return hash.digest("hex").slice(0, 16);
}

const tarballOf = (image: Image): string => path.join(tarballFolder, `${image.suite}-${keyOf(image)}.tar`);
export const subvolumeOf = (image: Image): string => path.join(imageFolder, `${image.imageId}-${keyOf(image)}`);

/** Builds the tarballs that the cache lacks, side by side. Needs no pool, so it can run while other things are prepared. */
export async function buildImages(progress: Progress): Promise<void> {
    fs.mkdirSync(tarballFolder, { recursive: true });
    await Promise.all(images.map((image) => buildImage(image, progress)));
    dropLeftovers();
}

/** Those of older recipes that no checkout has used for two weeks, and what a build cut short has left. */
function dropLeftovers(): void {
    const now = Date.now();
    images.forEach((image) => fs.utimesSync(tarballOf(image), now / 1000, now / 1000));
    for (const name of fs.readdirSync(tarballFolder)) {
        const file = path.join(tarballFolder, name);
        const days = name.endsWith(".tar") ? 14 : 1 / 24;
        if (now - fs.statSync(file).mtimeMs > days * 24 * 3600 * 1000) {
            fs.rmSync(file, { force: true });
        }
    }
    const scratches = fs.readdirSync(os.tmpdir()).map((name) => path.join(os.tmpdir(), name));
    for (const scratch of scratches.filter((each) => each.startsWith(scratchPrefix))) {
        if (!fs.existsSync(`/proc/${scratch.slice(scratchPrefix.length).split(".")[0]}`)) {
            fs.rmSync(scratch, { recursive: true, force: true });
        }
    }
}

async function buildImage(image: Image, progress: Progress): Promise<void> {
    const tarball = tarballOf(image);
    if (fs.existsSync(tarball)) {
        return;
    }
    const started = Date.now();
    const seconds = (): number => Math.round((Date.now() - started) / 1000);
    progress(`image ${image.suite}: building (about 90 s, once)`);
    const timer = setInterval(() => progress(`image ${image.suite}: building, ${seconds()} s`), 15_000);
    const part = `${tarball.slice(0, -4)}.${process.pid}.part`;
    const scratch = `${scratchPrefix}${process.pid}.${image.suite}`;
    try {
        const script = path.join(recipeFolder, "image.sh");
        fs.mkdirSync(scratch, { recursive: true });
        await run([...endingWithUs, script, image.suite, part, image.packages.join(",")], {
            timeout: 1200,
            env: { TMPDIR: scratch },
        });
        fs.renameSync(part, tarball);
    } finally {
        clearInterval(timer);
        fs.rmSync(part, { force: true });
        fs.rmSync(scratch, { recursive: true, force: true });
    }
    progress(`image ${image.suite}: built in ${seconds()} s`);
}

/** Unpacks into the pool what it lacks, and drops images of older recipes. */
export async function unpackImages(progress: Progress): Promise<void> {
    await Promise.all(images.map((image) => unpackImage(image, progress)));
    const wanted = new Set(images.map((image) => path.basename(subvolumeOf(image))));
    for (const name of fs.readdirSync(imageFolder).filter((each) => !wanted.has(each))) {
        await deleteSubvolume(path.join(imageFolder, name));
    }
}

async function unpackImage(image: Image, progress: Progress): Promise<void> {
    const subvolume = subvolumeOf(image);
    if (fs.existsSync(subvolume)) {
        return;
    }
    const part = `${subvolume}.part`;
    await deleteSubvolume(part);
    await run(["btrfs", "-q", "subvolume", "create", part]);
    await run(["tar", "-xpf", tarballOf(image), "--numeric-owner", "--xattrs", "--xattrs-include=*", "-C", part], {
        timeout: 600,
    });
    fs.renameSync(part, subvolume);
    progress(`image ${image.suite}: unpacked`);
}
