// What Package Manager's upstream service has: compiled Python packages for the Python of each operating system, and a
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

interface PythonPackage {
    name: string;
    version: string;
}

const pythons: [codename: string, version: string][] = [
    ["bookworm", "3.11"],
    ["trixie", "3.13"],
];

const rPackages = [
    ["Matrix", "1.7-4"],
    ["digest", "0.6.37"],
] as const;

/** The one that content imports, and a second, so that an index has more than one name. */
const pythonPackages: PythonPackage[] = [compiledPackage, { name: "markupsafe", version: "3.0.2" }];

const folderOf = (one: PythonPackage): string => path.join(cacheFolder, "wheels", `${one.name}-${one.version}`);

function wheelFor(one: PythonPackage, python: string): string | undefined {
    const folder = folderOf(one);
    const tag = `-cp${python.replace(".", "")}-`;
    return fs.existsSync(folder) ? fs.readdirSync(folder).find((name) => name.includes(tag)) : undefined;
}

/** Fetches what the cache lacks. */
export async function fetchWheels(): Promise<void> {
    for (const one of pythonPackages) {
        fs.mkdirSync(folderOf(one), { recursive: true });
        for (const [, python] of pythons.filter(([, python]) => wheelFor(one, python) === undefined)) {
            await fetchWheel(one, python);
        }
    }
}

async function fetchWheel(one: PythonPackage, python: string): Promise<void> {
    const target = ["--python-version", python, "--implementation", "cp", "--platform", platform()];
    const quiet = ["--quiet", "--disable-pip-version-check", "--no-deps", "--only-binary=:all:"];
    const wanted = `${one.name}==${one.version}`;
    await mustRun("python3", ["-m", "pip", "download", ...quiet, ...target, "--dest", folderOf(one), wanted], {
        log: "setup",
        timeoutSeconds: 300,
    });
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
    const wheels = pythonPackages.flatMap((one) =>
        pythons.map(([codename, python]) => {
            const filename = wheelFor(one, python);
            if (filename === undefined) {
                throw new Error(`no wheel of ${one.name} for Python ${python} in ${folderOf(one)}; run make setup`);
            }
            const data = fs.readFileSync(path.join(folderOf(one), filename));
            return add(filename, data, { package: one.name, version: one.version, codename });
        }),
    );
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
