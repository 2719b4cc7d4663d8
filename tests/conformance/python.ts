// Asks the Python part: AWS's models in botocore, and moto. It gets an environment of its own, made once from pinned packages; the tests of
// `make account` take its moto too.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";
import { buildFolder } from "../../lab/paths";

const sources = path.join(__dirname, "aws");
const requirements = path.join(sources, "requirements.txt");
const environment = path.join(buildFolder, "conformance/python");
const wanted = "Python 3.10 or newer with its module venv (python3-venv), and PyPI";

/** Where a program of it is; it is made where it is not there, or was made of other packages. */
export function programOf(name: "python" | "moto_server"): string {
    const digest = createHash("sha256").update(fs.readFileSync(requirements)).digest("hex");
    const stamp = path.join(environment, "made-of");
    const program = path.join(environment, "bin/python");
    if (!fs.existsSync(stamp) || fs.readFileSync(stamp, "utf8") !== digest) {
        fs.rmSync(environment, { recursive: true, force: true });
        run("python3", ["-m", "venv", environment]);
        run(program, [
            "-m",
            "pip",
            "install",
            "--quiet",
            "--require-hashes",
            "--no-deps",
            "--requirement",
            requirements,
        ]);
        fs.writeFileSync(stamp, digest);
    }
    return path.join(environment, "bin", name);
}

function run(program: string, words: string[], input?: string): string {
    const { status, stdout, stderr, error } = spawnSync(program, words, {
        input,
        encoding: "utf8",
        maxBuffer: 2 ** 28,
        // No account is meant, and none may be found.
        env: { ...process.env, AWS_CONFIG_FILE: "/dev/null", AWS_SHARED_CREDENTIALS_FILE: "/dev/null" },
    });
    if (status !== 0)
        throw new Error(`${program} ${words.join(" ")}: ${error?.message ?? stderr}\nIt needs ${wanted}.`);
    return stdout;
}

export function ask<T>(program: "models" | "play", question: object): T {
    return JSON.parse(run(programOf("python"), [path.join(sources, `${program}.py`)], JSON.stringify(question))) as T;
}
