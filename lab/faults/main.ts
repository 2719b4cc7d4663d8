// `make faults`: tries every fault (or the one that FAULT names) on one bench, prints a table, writes rehearsal/faults.json.
import type { SourcesName } from "../legacy/sources";
import { reportFolder } from "../paths";
import { say } from "../progress";
import { startRecorder } from "../rehearse/recorder";
import { endChildren } from "../run";
import { captureWithoutFault, prepareBench } from "./bench";
import { faults } from "./list";
import { oldHostsAfterServe } from "./retired";
import { stateOlderThanCapture, twoAtOnce } from "./special";
import { type FaultRow, tryFault, writeFaults } from "./trial";

export async function tryFaults(only: string | undefined, size: number, sources: SourcesName): Promise<number> {
    // The last one leaves no production to break anything in.
    const specials = {
        "two-at-once": twoAtOnce,
        "older-state": stateOlderThanCapture,
        "old-hosts-after-serve": oldHostsAfterServe,
    };
    const names = [...faults.map(({ name }) => name), ...Object.keys(specials)];
    const chosen =
        only === undefined ? names : names.filter((name) => only.split(",").some((one) => name.startsWith(one)));
    if (chosen.length === 0) {
        throw new Error(`There is no fault "${only}". There are: ${names.join(", ")}.`);
    }
    const recorder = startRecorder(size, sources);
    const bench = await prepareBench(recorder, size, sources);
    const rows: FaultRow[] = [];
    try {
        const window = Math.max(...Object.values(await captureWithoutFault(bench)));
        for (const name of chosen) {
            const fault = faults.find((one) => one.name === name);
            const special = specials[name as keyof typeof specials];
            rows.push(await (fault ? tryFault(bench, fault, window) : special(bench, window)).catch(untried(name)));
            say(line(rows[rows.length - 1]));
            writeFaults(reportFolder, rows);
        }
    } finally {
        bench.client.stop();
        recorder.stop();
        endChildren("SIGINT");
    }
    say("Faults:");
    for (const row of rows) say(line(row));
    const failed = rows.filter(({ passed }) => !passed).length;
    say(`${rows.length - failed} passed, ${failed} failed`);
    return failed === 0 ? 0 : 1;
}

/** What the bench itself could not go through with is a failed row; the next fault is tried all the same. */
function untried(fault: string): (error: Error) => FaultRow {
    return ({ message }) => ({
        fault,
        what: "the bench could not try it",
        closedBeyondSeconds: 0,
        capture: "unknown",
        dataIntact: false,
        passed: false,
        problems: [message],
    });
}

function line({ fault, what, passed, capture, closedBeyondSeconds, problems }: FaultRow): string {
    const seconds = `${closedBeyondSeconds.toFixed(1).padStart(5)} s`;
    const wrong = problems.length > 0 ? ` — ${problems.join("; ")}` : "";
    return `  ${passed ? "✓" : "✗"} ${fault.padEnd(26)} ${seconds}  ${capture.padEnd(8)} ${what}${wrong}`;
}
