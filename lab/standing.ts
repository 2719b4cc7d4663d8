// From an empty machine to a lab that stands, and away again: around what runs inside it. What an interrupted run left
// behind is removed first.
import { runInside } from "./operatorNetwork";
import { removeLab, startLab, stopLab } from "./cloud/lifecycle";
import { releaseLock, takeLock } from "./lock";
import { requireMachine } from "./machine";
import { serveRepository } from "./products/serve";
import { step } from "./progress";
import { checkOut, type EarlierCommit, findCommit } from "./rehearse/earlier/checkout";
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
    // Before anything is built: a mistyped commit is known at once.
    const earlier = await earlierCommit(process.env);
    return await withNewLab(async () => {
        if (earlier) await step(`The program of ${earlier.commit.slice(0, 12)}`, () => checkOut(earlier));
        return await runInside(["rehearse"]);
    }, process.env.KEEP === "1");
}

async function earlierCommit(env: NodeJS.ProcessEnv): Promise<EarlierCommit | undefined> {
    if (!env.FROM) return undefined;
    // What they add is done by the present program, before there is anything to take over.
    const others = ["BASELINE", "DESTROY", "MISTAKES", "EXTERNAL", "EXISTING"].filter((name) => env[name] === "1");
    if (others.length > 0)
        throw new Error(`FROM= goes without ${others.join(" and ")}: run them as rehearsals of their own.`);
    const found = await findCommit(env.FROM);
    env.FROM = found.commit;
    return found;
}

export async function faultsFromNothing(): Promise<number> {
    return await withNewLab(() => runInside(["faults"]), process.env.KEEP === "1");
}

export async function measureFromNothing(): Promise<number> {
    return await withNewLab(() => runInside(["measure"]), process.env.KEEP === "1");
}

export async function windowFiguresFromNothing(): Promise<number> {
    return await withNewLab(() => runInside(["window-figures"]), process.env.KEEP === "1");
}

export async function legacyFromNothing(_args: string[]): Promise<number> {
    return await withNewLab(() => runInside(["legacy"]), true);
}
