// What a person sees of a long run: each step when it starts, how long it has been going, and how it ended.
import * as fs from "node:fs";
import * as path from "node:path";
import { logFolder } from "./paths";

const begun = Date.now();
const stillEverySeconds = 15;

export function seconds(milliseconds: number): string {
    const total = milliseconds / 1000;
    if (total < 60) return `${total.toFixed(1)} s`;
    return `${Math.floor(total / 60)} min ${Math.round(total % 60)} s`;
}

export function say(text: string): void {
    const line = `[${seconds(Date.now() - begun).padStart(11)}] ${text}`;
    process.stdout.write(`${line}\n`);
    fs.mkdirSync(logFolder, { recursive: true });
    fs.appendFileSync(path.join(logFolder, "run.log"), `${new Date().toISOString()} ${text}\n`);
}

/** How far a step is; shown with the step while it goes on. */
export type Progress = (howFar: string) => void;

export async function step<T>(what: string, work: (progress: Progress) => Promise<T>): Promise<T> {
    const start = Date.now();
    let howFar = "";
    say(`${what} …`);
    const timer = setInterval(() => {
        say(`  … ${what}, ${seconds(Date.now() - start)} so far${howFar === "" ? "" : `: ${howFar}`}`);
    }, stillEverySeconds * 1000);
    try {
        const result = await work((text) => (howFar = text));
        say(`✓ ${what} (${seconds(Date.now() - start)})`);
        return result;
    } catch (error) {
        say(`✗ ${what} (${seconds(Date.now() - start)})`);
        throw error;
    } finally {
        clearInterval(timer);
    }
}
