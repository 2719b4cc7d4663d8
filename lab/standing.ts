// From an empty machine to a lab that stands, and away again: around what runs inside it. What an interrupted run left
// behind is removed first.
import { runInside } from "./operatorNetwork";
import { removeLab, startLab, stopLab } from "./cloud/lifecycle";
import { releaseLock, takeLock } from "./lock";
import { requireMachine } from "./machine";
import { serveRepository } from "./products/serve";
import { step } from "./progress";
import { setup } from "./setup";

async function withNewLab(work: () => Promise<number>, keep: boolean): Promise<number> {
    requireMachine();
    takeLock();
    try {
        await setup();
        await step("Removing what an earlier run left", (progress) => removeLab(progress));
        takeLock(); // the lab's folder went with it
        await step("Starting the lab", (progress) => startLab(progress));
        await serveRepository();
        return await work();
    } finally {
        if (!keep) await step("Stopping the lab", (progress) => stopLab(progress));
        releaseLock();
    }
}

export async function rehearseFromNothing(_args: string[]): Promise<number> {
    return await withNewLab(() => runInside(["rehearse"]), process.env.KEEP === "1");
}

export async function faultsFromNothing(): Promise<number> {
    return await withNewLab(() => runInside(["faults"]), process.env.KEEP === "1");
}

export async function measureFromNothing(): Promise<number> {
    return await withNewLab(() => runInside(["measure"]), process.env.KEEP === "1");
}

export async function legacyFromNothing(_args: string[]): Promise<number> {
    return await withNewLab(() => runInside(["legacy"]), true);
}
