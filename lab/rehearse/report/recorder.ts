// Collects what happens in a rehearsal. Written to disk after every entry, so that an interrupted one still tells how far
// it came.
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { reportFolder } from "../../paths";
import { say } from "../../progress";
import type { SourcesName } from "../../legacy/sources";
import type { CheckReport, Report, TimelineEntry } from "./reportTypes";

export interface Recorder {
    readonly report: Report;
    /** A check that fails is shown at once and decides the verdict; the rehearsal goes on to find what else fails. */
    check(name: string, passed: boolean, values?: { before?: unknown; after?: unknown }): void;
    note(who: TimelineEntry["who"], what: string): void;
    save(): void;
    stop(): void;
}

export function startRecorder(size: number, sources: SourcesName): Recorder {
    const started = Date.now();
    const report = emptyReport(size, sources, new Date(started));
    const stopMemory = watchMemory((bytes) => (report.peakMemoryBytes = Math.max(report.peakMemoryBytes, bytes)));
    const save = () => {
        report.seconds = (Date.now() - started) / 1000;
        fs.mkdirSync(reportFolder, { recursive: true });
        fs.writeFileSync(path.join(reportFolder, "report.json"), `${JSON.stringify(report, null, 2)}\n`);
    };
    return {
        report,
        save,
        check(name, passed, values = {}) {
            report.checks.push({ name, passed, ...values });
            say(`${passed ? "  ✓" : "  ✗"} ${name}${passed ? "" : difference(values)}`);
            save();
        },
        note(who, what) {
            report.timeline.push({ at: new Date().toISOString(), who, what });
        },
        stop: stopMemory,
    };
}

function difference(values: Pick<CheckReport, "before" | "after">): string {
    const text = (value: unknown) => JSON.stringify(value)?.slice(0, 600) ?? "nothing";
    const lines = [];
    if (values.before !== undefined) lines.push(`\n      expected ${text(values.before)}`);
    if (values.after !== undefined) lines.push(`\n      found    ${text(values.after)}`);
    return lines.join("");
}

function emptyReport(size: number, sources: SourcesName, started: Date): Report {
    return {
        verdict: "failed",
        startedAt: started.toISOString(),
        seconds: 0,
        size,
        sources,
        steps: [],
        closedSeconds: {},
        windowPhases: {},
        cutoverPerProduct: {},
        cutoverParts: [],
        baselineSeconds: {},
        checks: [],
        plugins: {},
        peakMemoryBytes: 0,
        outages: [],
        timeline: [],
        dnsSwitch: [],
        inventory: {},
        receipts: {},
        machine: {
            cores: os.cpus().length,
            memoryBytes: os.totalmem(),
            kernel: os.release(),
            node: process.version,
        },
        standIns: {},
    };
}

/** Every half second, against what was in use when it began: hosts, databases, engine and plugins all count. */
function watchMemory(tell: (bytes: number) => void): () => void {
    const used = () => {
        const info = fs.readFileSync("/proc/meminfo", "utf8");
        const kilobytes = (name: string) => Number(new RegExp(`^${name}: +(\\d+)`, "m").exec(info)?.[1] ?? 0);
        return (kilobytes("MemTotal") - kilobytes("MemAvailable")) * 1024;
    };
    const before = used();
    const timer = setInterval(() => tell(used() - before), 500);
    return () => clearInterval(timer);
}
