// `make measure`: only the closed window, side by side with the ways by hand, on one production of SIZE and SOURCES. Prints the
// seconds, writes rehearsal/measure.json. Nothing is broken and nothing restored.
import * as fs from "node:fs";
import * as path from "node:path";
import type { CaptureManifest, ProductionContract } from "../contract/production";
import { productIds } from "../products/ids";
import { captureWithoutFault, prepareBench } from "./faults/bench";
import type { SourcesName } from "./legacy/sources";
import { reportFolder } from "./paths";
import { say } from "./progress";
import { measureBaseline } from "./rehearse/baseline";
import { startRecorder } from "./rehearse/recorder";
import type { Downtime } from "./rehearse/reportTypes";
import { endChildren } from "./run";

interface Measured {
    size: number;
    sources: SourcesName;
    /** As the client saw it, seconds. */
    closed: Downtime;
    /** As the hosts' clocks have it. */
    phases: CaptureManifest["phases"];
    /** Each way by hand; not where data lies in ways that the plain ones don't know. */
    byHand?: Record<string, Downtime>;
}

export async function measure(size: number, sources: SourcesName): Promise<number> {
    const recorder = startRecorder(size, sources);
    const bench = await prepareBench(recorder, size, sources);
    try {
        const byHand = sources === "mixed" ? undefined : await measureBaseline(bench.facts);
        const closed = await captureWithoutFault(bench);
        const { captures } = bench.stacks.prod.outputs.contract as ProductionContract;
        const { phases } = Object.values(captures)[0];
        report({ size, sources, closed, phases, byHand });
        return 0;
    } finally {
        bench.client.stop();
        recorder.stop();
        endChildren("SIGINT");
    }
}

function report(measured: Measured): void {
    fs.mkdirSync(reportFolder, { recursive: true });
    fs.writeFileSync(path.join(reportFolder, "measure.json"), `${JSON.stringify(measured, null, 2)}\n`);
    say(`Closed at ${measured.size} GiB (${measured.sources}), seconds:`);
    for (const product of productIds) {
        const { stop = 0, proveQuiet = 0, request = 0, start = 0 } = measured.phases[product] ?? {};
        const parts = Object.entries({ stop, "prove quiet": proveQuiet, request, start });
        const hands = Object.entries(measured.byHand ?? {}).map(
            ([way, times]) => `${way} ${times[product]?.toFixed(2)}`,
        );
        say(
            `  ${product.padEnd(15)} ${measured.closed[product]?.toFixed(2)} (${parts.map(([name, time]) => `${name} ${time.toFixed(2)}`).join(", ")})` +
                (hands.length > 0 ? `; by hand: ${hands.join(", ")}` : ""),
        );
    }
}
