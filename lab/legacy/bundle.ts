// A content item's files as the tar.gz that Connect takes.
import { mustRun } from "../run";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { checkout } from "../paths";

export async function contentBundle(name: string): Promise<string> {
    const folder = path.join(checkout, "lab/legacy/content", name);
    const file = path.join(os.tmpdir(), `posit-bundle-${process.pid}-${name}.tar.gz`);
    try {
        const owner = ["--owner=0", "--group=0", "--mtime=2025-01-01"];
        await mustRun("tar", [...owner, "-czf", file, "-C", folder, ...fs.readdirSync(folder)]);
        return fs.readFileSync(file).toString("base64");
    } finally {
        fs.rmSync(file, { force: true });
    }
}
