// A CA certificate as a file, for providers that only take a path. Pulumi's engine starts providers in the program's own directory, and the
// path goes into the state: so it is relative to that directory and made of the content, the same on every machine that runs the program.
import { createHash } from "node:crypto";
import * as fs from "node:fs";
import * as path from "node:path";

/** Where nothing is committed from (.gitignore). */
const folder = path.join(".build", "certificates");

/** Written anew at every run, previews too: whatever lay there under the name is replaced, not followed. */
export function certificateFile(pem: string): string {
    const name = `${createHash("sha256").update(pem).digest("hex").slice(0, 16)}.pem`;
    const file = path.join(folder, name);
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    const part = fs.mkdtempSync(path.join(folder, "part-"));
    fs.writeFileSync(path.join(part, name), `${pem.trimEnd()}\n`, { mode: 0o600, flag: "wx" });
    fs.renameSync(path.join(part, name), file);
    fs.rmdirSync(part);
    return file;
}
