// What all tests here begin with: the recorded stacks, once, left as exports for whoever wants to look.
import * as fs from "node:fs";
import * as path from "node:path";
import { reportFolder } from "../../lab/paths";
import { recordAll } from "./configurations";
import { exportOf, readExport, StackState } from "./exports";

export const exportFolder = path.join(reportFolder, "conformance");

let recording: Promise<StackState[]> | undefined;

export function recordedStacks(): Promise<StackState[]> {
    return (recording ??= record());
}

async function record(): Promise<StackState[]> {
    const recorded = await recordAll();
    fs.rmSync(exportFolder, { recursive: true, force: true });
    fs.mkdirSync(exportFolder, { recursive: true });
    return Object.entries(recorded).map(([name, recording]) => {
        const text = `${JSON.stringify(exportOf(recording), null, 2)}\n`;
        fs.writeFileSync(path.join(exportFolder, `${name}.json`), text);
        return readExport(name, text);
    });
}
