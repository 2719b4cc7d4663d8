// What a rehearsal leaves behind as data; report.html shows the same.
import type { Outage } from "../../client/prober";
import type { CaptureManifest } from "../../../contract/production";
import type { Prediction } from "../../../logic/aws/predict";
import type { ProductId } from "../../../products/ids";
import type { SourcesName } from "../../legacy/sources";
import type { PlannedChange } from "../earlier/plan";

export interface StepReport {
    name: string;
    title: string;
    stack?: string;
    /** The lines of configuration that the commit changes. */
    commit: string[];
    startedAt: string;
    /** Of `pulumi up` alone. */
    seconds: number;
    /** After the `up`: `pulumi preview --expect-no-changes` held and the outputs stayed as they were; absent when not looked at. */
    noChanges?: boolean;
    previewSeconds?: number;
    /** Of a second `up` with nothing to do, after a `refresh`; absent when not done. */
    secondUpSeconds?: number;
    refreshSeconds?: number;
}

export interface CheckReport {
    name: string;
    passed: boolean;
    before?: unknown;
    after?: unknown;
}

export interface TimelineEntry {
    at: string;
    /** A product, or "operator" for what was done. */
    who: ProductId | "operator";
    what: string;
}

/** What the present program did to stacks that an earlier one had made. */
export interface TakeOverReport {
    commit: string;
    subject: string;
    stacks: {
        stack: string;
        changes: PlannedChange[];
        /** Places of the stack file that had to be written otherwise. */
        places: string[];
        /** What the program said to the earlier stack file, where it did not take it. */
        refused?: string;
    }[];
    /** Receipts whose digest is another than the accepted one. */
    acceptedAgain: string[];
}

/** Downtime in seconds, per product. */
export type Downtime = Partial<Record<ProductId, number>>;

export interface CutoverPart {
    name: string;
    seconds: number;
}

export interface OnAws {
    prediction: Prediction;
    lines: string[];
}

export interface Report {
    verdict: "passed" | "failed";
    /** Why, when it did not get to its end. */
    failure?: string;
    startedAt: string;
    seconds: number;
    /** GiB of filler data. */
    size: number;
    /** How the old production keeps its data. */
    sources: SourcesName;
    steps: StepReport[];
    takeOver?: TakeOverReport;
    /** As the client saw it: capture token → product → seconds. */
    closedSeconds: Record<string, Downtime>;
    /** What the hosts say that each window's seconds went to, by capture. */
    windowPhases: Record<string, CaptureManifest["phases"]>;
    /** From the first product closed for good to the last one served by the new side. */
    cutoverSeconds?: number;
    cutoverPerProduct: Downtime;
    cutoverParts: CutoverPart[];
    /** What the program predicts for such an installation on AWS; absent where there was no final capture. */
    onAws?: OnAws;
    /** The manual ways, on the same data: from the stop of the old to the start of the new. */
    baselineSeconds: Record<string, Downtime>;
    checks: CheckReport[];
    plugins: Record<string, { kind: "real" | "lab"; version: string }>;
    /** Most memory in use at once, less what was in use before the rehearsal. */
    peakMemoryBytes: number;
    outages: Outage[];
    timeline: TimelineEntry[];
    /** When each public name was first answered by another address. */
    dnsSwitch: { product: ProductId; at: string; from: string; to: string }[];
    inventory: unknown;
    receipts: Record<string, unknown>;
    machine: { cores: number; memoryBytes: number; kernel: string; node: string };
    /** Part of the procedure → what stood in for it, or "real". */
    standIns: Record<string, string>;
}
