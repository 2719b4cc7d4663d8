// Lays out one release of a product below a folder, as its package installs it. Builds the .debs, and lets tests run the
// programs without installing anything.
import * as fs from "node:fs";
import * as path from "node:path";
import { checkout } from "../paths";
import type { PackageFiles, Release } from "./releases";

export const sources = path.join(checkout, "lab/products");

const noCaches = (file: string): boolean => path.basename(file) !== "__pycache__";

function copy(from: string, to: string): void {
    fs.cpSync(from, to, { recursive: true, filter: noCaches });
}

export function stage(files: PackageFiles, release: Release, root: string): void {
    const source = path.join(sources, files.folder);
    const home = path.join(root, files.home);
    copy(path.join(sources, "common/posit_common"), path.join(home, "lib/posit_common"));
    copy(path.join(source, `posit_${files.folder}`), path.join(home, `lib/posit_${files.folder}`));
    fs.writeFileSync(path.join(home, "lib/VERSION"), `${JSON.stringify(release)}\n`);
    copy(path.join(source, "bin"), path.join(home, "bin"));
    copy(path.join(sources, "common/bin"), path.join(home, "bin"));
    if (fs.existsSync(path.join(source, "root"))) copy(path.join(source, "root"), root);
    for (const [link, target] of Object.entries(files.links)) {
        fs.mkdirSync(path.join(root, path.dirname(link)), { recursive: true });
        fs.symlinkSync(target, path.join(root, link));
    }
}
