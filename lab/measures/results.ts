// What `make measure` and `make window-figures` leave behind as data, a file each in rehearsal/measures: `make figures` writes docs/performance.md
// from it.
import * as fs from "node:fs";
import * as path from "node:path";
import type { CaptureManifest } from "../../contract/production";
import type { ProductId } from "../../products/ids";
import type { TimingMode } from "../cloud/timing";
import type { SourcesName } from "../legacy/sources";
import { reportFolder } from "../paths";
import type { ByHand, Way } from "../rehearse/byHand/baseline";
import type { Downtime } from "../rehearse/report/reportTypes";

export type Phases = CaptureManifest["phases"];

interface Production {
    /** GiB of filler data. */
    size: number;
    sources: SourcesName;
    /** Of each host. */
    volumes: Record<ProductId, number>;
}

/** One window, side by side with the ways by hand. */
export interface MeasuredSize extends Production {
    kind: "size";
    /** As the client saw it, seconds. */
    closed: Downtime;
    /** As the hosts' clocks have it. */
    phases: Phases;
    /** Not where data lies in ways that the plain ones don't know. */
    byHand?: Record<Way, ByHand>;
}

/** Many windows, one after the other. */
export interface MeasuredWindows extends Production {
    kind: "windows";
    windows: Phases[];
}

export interface BeyondRow {
    /** In all. */
    volumes: number;
    timing: TimingMode;
    /** Every call of the window is refused once for its rate, and asked again. */
    throttled: boolean;
    windows: Phases[];
}

/** How long windows are closed beyond stop and start, by the number of volumes and AWS's timing, in one run. */
export interface MeasuredBeyond {
    kind: "beyond";
    size: number;
    rows: BeyondRow[];
}

export type Measured = MeasuredSize | MeasuredWindows | MeasuredBeyond;

const folder = path.join(reportFolder, "measures");

/** The same measured again replaces what was. Answers the file's name. */
export function writeMeasured(measured: Measured, into = folder): string {
    fs.mkdirSync(into, { recursive: true });
    const production = measured.kind === "beyond" ? [] : [measured.size, measured.sources];
    const file = path.join(into, `${[measured.kind, ...production].join("-")}.json`);
    fs.writeFileSync(file, `${JSON.stringify(measured, null, 2)}\n`);
    return path.relative(path.dirname(reportFolder), file);
}
