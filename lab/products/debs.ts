// Makes a release's .deb with dpkg-deb. Its maintainer scripts are put together from common/debian and the product's own.
import * as fs from "node:fs";
import * as path from "node:path";
import { products } from "../../products";
import { mustRun } from "../run";
import { packageName, type PackageFiles, type Release } from "./releases";
import { sources, stage } from "./stage";

export async function buildDeb(files: PackageFiles, release: Release, work: string, pool: string): Promise<void> {
    const root = path.join(work, `${packageName(files)}_${release.version}`);
    fs.mkdirSync(path.join(root, "DEBIAN"), { recursive: true });
    stage(files, release, root);
    const write = (name: string, text: string, mode: number) =>
        fs.writeFileSync(path.join(root, "DEBIAN", name), text, { mode });
    write("control", control(files, release), 0o644);
    write("conffiles", conffiles(root), 0o644);
    const setup = fs.readFileSync(path.join(sources, files.folder, "debian/setup.sh"), "utf8");
    for (const name of ["postinst", "prerm", "postrm"]) {
        const common = fs.readFileSync(path.join(sources, `common/debian/${name}.sh`), "utf8");
        write(name, ["#!/bin/sh", "set -e", ...facts(files), setup, common].join("\n"), 0o755);
    }
    await mustRun("dpkg-deb", ["--root-owner-group", "-Zgzip", "--build", root, pool], { log: "setup" });
    fs.rmSync(root, { recursive: true });
}

function control(files: PackageFiles, release: Release): string {
    return [
        `Package: ${packageName(files)}`,
        `Version: ${release.version}`,
        "Architecture: all",
        "Maintainer: The rehearsal <nobody@example.com>",
        `Depends: ${files.dependencies.join(", ")}`,
        "Section: misc",
        "Priority: optional",
        `Description: Stand-in for Posit ${products[files.product].title}, for rehearsals`,
        " Behaves as the real one does in what a migration touches, and is nothing of it.",
        "",
    ].join("\n");
}

/** Configuration that people change: an upgrade leaves it alone. */
function conffiles(root: string): string {
    const found = fs.readdirSync(path.join(root, "etc"), { recursive: true, withFileTypes: true });
    const paths = found.filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath, entry.name));
    return paths.map((file) => `${file.slice(root.length)}\n`).join("");
}

function facts(files: PackageFiles): string[] {
    const { account, units, logPath, ownData } = products[files.product];
    return [
        `ACCOUNT=${account}`,
        `ACCOUNT_HOME=${ownData}`,
        `UNITS="${units.join(" ")}"`,
        `LOG_DIR=${path.dirname(logPath)}`,
    ];
}
