// Postgres as its project's own apt repository has it for every release of every system: made of this machine's, with the libraries
// that another system has in another version. Old hosts that run one themselves, and new hosts that read its data, install it.
import * as fs from "node:fs";
import * as path from "node:path";
import { installedMajors } from "../cloud/rds/postgres";
import { mustRun } from "../run";

/** Part of every system, and tied to its loader. */
const systemsOwn = /^(libc|libm|libdl|libpthread|librt|libresolv|ld-linux.*|linux-vdso)\./;
const programs = ["postgres", "initdb", "pg_ctl"];

export function postgresMajor(): string {
    const [major] = installedMajors();
    if (major === undefined) throw new Error("There is no PostgreSQL on this machine: run `make setup`.");
    return major;
}

export async function buildPostgresDeb(work: string, pool: string): Promise<void> {
    const major = postgresMajor();
    const home = `/usr/lib/postgresql/${major}`;
    const root = path.join(work, "postgresql");
    const at = (folder: string): string => path.join(root, folder);
    for (const folder of ["DEBIAN", `${home}/bin`, `${home}/real`, `${home}/bundled`, "usr/share/postgresql"]) {
        fs.mkdirSync(at(folder), { recursive: true });
    }
    const copy = (from: string, to: string) => fs.cpSync(from, at(to), { recursive: true, dereference: true });
    copy(`/usr/share/postgresql/${major}`, `usr/share/postgresql/${major}`);
    fs.cpSync(`${home}/lib`, at(`${home}/lib`), {
        recursive: true,
        filter: (file) => !/(bitcode|llvmjit|pgxs)/.test(path.relative(home, file)),
    });
    for (const program of programs) {
        copy(`${home}/bin/${program}`, `${home}/real/${program}`);
        const wrapper = `#!/bin/sh\nLD_LIBRARY_PATH=${home}/bundled exec ${home}/real/${program} "$@"\n`;
        fs.writeFileSync(at(`${home}/bin/${program}`), wrapper, { mode: 0o755 });
    }
    for (const [name, file] of await librariesOf(home)) copy(file, `${home}/bundled/${name}`);
    fs.writeFileSync(at("DEBIAN/control"), control(major));
    await mustRun("dpkg-deb", ["--root-owner-group", "-Zgzip", "--build", root, pool], { log: "setup" });
    fs.rmSync(root, { recursive: true });
}

async function librariesOf(home: string): Promise<Map<string, string>> {
    const text = await mustRun(
        "ldd",
        programs.map((program) => `${home}/bin/${program}`),
    );
    const found = [...text.matchAll(/^\s*(\S+) => (\/\S+)/gm)].map(([, name, file]): [string, string] => [name, file]);
    return new Map(found.filter(([name]) => !systemsOwn.test(name)));
}

function control(major: string): string {
    return [
        `Package: postgresql-${major}`,
        "Version: 1",
        `Architecture: ${process.arch === "arm64" ? "arm64" : "amd64"}`,
        "Maintainer: The rehearsal <nobody@example.com>",
        // Debian has some of its files in the client's package.
        `Replaces: postgresql-client-${major}`,
        "Section: database",
        "Priority: optional",
        `Description: PostgreSQL ${major} of the rehearsal's machine, for its hosts`,
        "",
    ].join("\n");
}
