// One run at a time per checkout. A lock of a run that is gone is taken over.
import * as fs from "node:fs";
import * as path from "node:path";
import { identify, isRunning, type ProcessId } from "./cloud/processes";
import { labFolder } from "./paths";

const file = path.join(labFolder, "run.lock");

export function takeLock(): void {
    fs.mkdirSync(labFolder, { recursive: true });
    const holder = readHolder();
    if (holder !== undefined && holder.pid !== process.pid) {
        throw new Error(
            `Another run is going on in this checkout (process ${holder.pid}). Wait for it, or stop it with Ctrl-C where it runs.`,
        );
    }
    fs.writeFileSync(file, JSON.stringify(identify(process.pid)));
}

function readHolder(): ProcessId | undefined {
    try {
        const holder = JSON.parse(fs.readFileSync(file, "utf8")) as ProcessId;
        return isRunning(holder) ? holder : undefined;
    } catch {
        return undefined; // none, or one cut short
    }
}

export function releaseLock(): void {
    fs.rmSync(file, { force: true });
}
