// What Package Manager's upstream service has: a compiled Python package for the Python of each operating system, and a
// few R packages that are only names. Wheels are fetched once into the user's cache.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { compiledPackage } from "../legacy/world";
import { cacheFolder } from "../paths";
import { mustRun } from "../run";

interface UpstreamFile {
    package: string;
    version: string;
    filename: string;
    sha256: string;
    /** The operating system whose Python can load it. */
    codename: string;
}

const pythons: [codename: string, version: string][] = [
    ["bookworm", "3.11"],
    ["trixie", "3.13"],
];

const rPackages = [
    ["Matrix", "1.7-4"],
    ["digest", "0.6.37"],
] as const;

const wheelFolder = path.join(cacheFolder, "wheels", `${compiledPackage.name}-${compiledPackage.version}`);

function wheelFor(version: string): string | undefined {
    const tag = `-cp${version.replace(".", "")}-`;
    return fs.existsSync(wheelFolder) ? fs.readdirSync(wheelFolder).find((name) => name.includes(tag)) : undefined;
}

/** Fetches what the cache lacks. */
export async function fetchWheels(): Promise<void> {
    fs.mkdirSync(wheelFolder, { recursive: true });
    for (const [, version] of pythons.filter(([, version]) => wheelFor(version) === undefined)) {
        const target = ["--python-version", version, "--implementation", "cp", "--platform", platform()];
        const quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
        const wanted = `${compiledPackage.name}==${compiledPackage.version}`;
        await mustRun("python3", ["-m", "pip", "download", ...quiet, ...target, "--dest", wheelFolder, wanted], {
            log: "setup",
            timeoutSeconds: 300,
        });
    }
}

function platform(): string {
    return `manylinux2014_${process.arch === "arm64" ? "aarch64" : "x86_64"}`;
}

/** Writes upstream/{pypi,cran}.json and upstream/files/ below a folder. Needs the wheels. */
export function writeUpstream(folder: string): void {
    const files = path.join(folder, "upstream/files");
    fs.mkdirSync(files, { recursive: true });
    const add = (filename: string, data: Buffer, facts: Pick<UpstreamFile, "package" | "version" | "codename">) => {
        fs.writeFileSync(path.join(files, filename), data);
        return { ...facts, filename, sha256: createHash("sha256").update(data).digest("hex") };
    };
    const wheels = pythons.map(([codename, version]) => {
        const filename = wheelFor(version);
        if (filename === undefined) throw new Error(`no wheel for Python ${version} in ${wheelFolder}; run make setup`);
        const data = fs.readFileSync(path.join(wheelFolder, filename));
        return add(filename, data, { package: compiledPackage.name, version: compiledPackage.version, codename });
    });
    const sources = rPackages.map(([name, version]) =>
        add(`${name}_${version}.tar.gz`, Buffer.from(`Package: ${name}\nVersion: ${version}\n`), {
            package: name,
            version,
            codename: "any",
        }),
    );
    const write = (name: string, list: UpstreamFile[]) =>
        fs.writeFileSync(path.join(folder, "upstream", name), JSON.stringify({ files: list }, null, 1));
    write("pypi.json", wheels);
    write("cran.json", sources);
}
