// report.html: one file without anything to fetch. A timeline drawn as SVG, then the figures as tables.
import { productIds, type ProductId } from "../../../products/ids";
import type { Downtime, Report } from "./reportTypes";

const titles: Record<ProductId, string> = {
    packageManager: "Package Manager",
    workbench: "Workbench",
    connect: "Connect",
};

export function renderHtml(report: Report): string {
    const failed = report.checks.filter((check) => !check.passed);
    const passed = report.verdict === "passed";
    const sections = [
        `<h1>Rehearsal of the Posit Team upgrade: <span class="${report.verdict}">${report.verdict}</span></h1>`,
        `<p>${report.checks.length - failed.length} of ${report.checks.length} checks held; ${duration(report.seconds)} in all,
         ${report.size} GiB of data (${report.sources}), ${report.machine.cores} cores, at most ${gib(report.peakMemoryBytes)} of memory;
         begun ${escape(report.startedAt)}.</p>`,
        report.failure === undefined ? "" : `<pre class="failure">${escape(report.failure)}</pre>`,
        passed ? "" : table("Checks that failed", ["check", "before", "after"], failed.map(checkRow)),
        `<h2>What users saw</h2>${timeline(report)}`,
        downtimes(report),
        onAws(report),
        table(
            "The commits",
            [
                "step",
                "stack",
                "what changes",
                "pulumi up",
                "no changes after it",
                "preview",
                "refresh",
                "up with nothing to do",
            ],
            report.steps.map((step) => [
                escape(step.title),
                step.stack ?? "",
                step.commit.map((line) => `<code>${escape(shorten(line, 160))}</code>`).join("<br>"),
                duration(step.seconds),
                step.noChanges === undefined ? "" : mark(step.noChanges),
                duration(step.previewSeconds),
                duration(step.refreshSeconds),
                duration(step.secondUpSeconds),
            ]),
        ),
        takeOver(report),
        table(
            "The names move",
            ["product", "at", "from", "to"],
            report.dnsSwitch.map((move) => [titles[move.product], move.at, move.from, move.to]),
        ),
        table(
            "Checks",
            ["", "check", "before", "after"],
            report.checks.map((check) => [mark(check.passed), ...checkRow(check)]),
        ),
        details("Receipts", report.receipts),
        details("Inventory of production", report.inventory),
        table(
            "What was real and what stood in",
            ["part", "in this rehearsal"],
            [
                ...Object.entries(report.standIns).map(([part, how]) => [escape(part), escape(how)]),
                ...Object.entries(report.plugins).map(([name, plugin]) => [
                    `plugin ${escape(name)}`,
                    `${plugin.kind} (${escape(plugin.version)})`,
                ]),
            ],
        ),
        table(
            "What happened",
            ["at", "who", "what"],
            report.timeline.map((entry) => [entry.at, escape(entry.who), escape(entry.what)]),
        ),
    ];
    return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Rehearsal: ${report.verdict}</title>
<style>${style}</style></head><body>${sections.join("\n")}</body></html>\n`;
}

const style = `
body { font: 15px/1.45 system-ui, sans-serif; color: #222; max-width: 1200px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { font-size: 1.15rem; margin-top: 2rem; }
.passed { color: #17733b; } .failed, .failure { color: #b3261e; }
.scroll { overflow-x: auto; } table { border-collapse: collapse; font-size: 13px; }
th, td { text-align: left; vertical-align: top; padding: .3rem .7rem .3rem 0; border-bottom: 1px solid #e3e3e3; }
code, pre { font: 12px/1.4 ui-monospace, monospace; word-break: break-all; white-space: pre-wrap; }
td { max-width: 32rem; overflow-wrap: anywhere; } svg text { font: 11px system-ui, sans-serif; fill: #333; }`;

/** Each change by URN and property, as `pulumi preview` of the present program said it. */
function takeOver({ takeOver: taken }: Report): string {
    if (taken === undefined) return "";
    const rows = taken.stacks.flatMap(({ stack, changes }) =>
        changes.map(({ urn, what, properties }) => [
            stack,
            what,
            `<code>${escape(urn)}</code>`,
            escape(properties.join(", ")),
        ]),
    );
    const files = taken.stacks.flatMap(({ stack, places, refused }) =>
        refused === undefined ? [] : [[stack, escape(places.join(", ")), value(refused)]],
    );
    const again = taken.acceptedAgain.length > 0 ? `; accepted again: ${escape(taken.acceptedAgain.join(", "))}` : "";
    return (
        `<h2>Taken over from ${escape(taken.commit.slice(0, 12))}</h2><p>${escape(taken.subject)}${again}</p>` +
        table("What the present program changed of it", ["stack", "", "resource", "properties"], rows) +
        table("What stack files had to say otherwise", ["stack", "where", "because"], files)
    );
}

function downtimes(report: Report): string {
    const rows: string[][] = [];
    const row = (name: string, times: Downtime) =>
        rows.push([escape(name), ...productIds.map((product) => duration(times[product]))]);
    for (const [token, times] of Object.entries(report.closedSeconds)) row(`closed window of capture ${token}`, times);
    row("cutover, from closed to served by the new side", report.cutoverPerProduct);
    for (const [name, times] of Object.entries(report.baselineSeconds)) row(`by hand: ${name}`, times);
    const phases = Object.entries(report.windowPhases).flatMap(([token, byProduct]) =>
        productIds.flatMap((product) => {
            const phase = byProduct[product];
            const times = phase ? [phase.stop, phase.proveQuiet, phase.request, phase.start].map(duration) : [];
            return phase ? [[escape(`${token}: ${titles[product]}`), ...times]] : [];
        }),
    );
    const parts = report.cutoverParts.map((part) => [escape(part.name), duration(part.seconds)]);
    return (
        table("Downtime", ["", ...productIds.map((product) => titles[product])], rows) +
        table(
            "What the closed seconds went to, by the hosts' clocks",
            ["", "stop", "prove quiet", "request", "start"],
            phases,
        ) +
        table(`Cutover: ${duration(report.cutoverSeconds)} in all`, ["part", "time"], parts)
    );
}

/** As the program would say it of these volumes and databases there. */
function onAws({ onAws: predicted }: Report): string {
    if (predicted === undefined) return "";
    const parts = predicted.prediction.cutover.parts.map(({ name, p50, p90 }) => [
        escape(name),
        duration(p50),
        duration(p90),
    ]);
    const [worth, ...lines] = predicted.lines.map((line) => escape(line));
    return (
        `<h2>Predicted for AWS</h2><p>${worth}</p><ul>${lines.map((line) => `<li>${line}</li>`).join("")}</ul>` +
        table("Parts of the cutover on AWS", ["part", "half of all cases", "nine of ten"], parts)
    );
}

/** One row per product: green while it answers, red while it does not, a mark where its name moved. */
function timeline(report: Report): string {
    const start = Date.parse(report.startedAt);
    const end = start + report.seconds * 1000;
    const [left, width, rowHeight, top] = [130, 1040, 34, 20 + 14 * Math.max(1, report.steps.length)];
    const x = (at: number) => left + (Math.max(0, at - start) / Math.max(1, end - start)) * width;
    const parts: string[] = [];
    for (const [index, step] of report.steps.entries()) {
        const [from, y] = [x(Date.parse(step.startedAt)), 12 + index * 14];
        const length = Math.max(2, (step.seconds * 1000 * width) / (end - start));
        parts.push(`<rect x="${from}" y="${y}" width="${length}" height="9" fill="#6b8fb8"/>`);
        const after = from + length + 4;
        const anchor = after > left + width * 0.72 ? `x="${from - 4}" text-anchor="end"` : `x="${after}"`;
        parts.push(
            `<text ${anchor} y="${y + 9}">${escape(shorten(step.title, 70))} (${duration(step.seconds)})</text>`,
        );
    }
    for (const [index, product] of productIds.entries()) {
        const y = top + index * rowHeight;
        parts.push(`<text x="0" y="${y + 15}">${titles[product]}</text>`);
        parts.push(`<rect x="${left}" y="${y}" width="${width}" height="20" fill="#bfe3c9"/>`);
        for (const outage of report.outages.filter((one) => one.product === product)) {
            const [from, to] = [x(outage.from), x(outage.to ?? end)];
            const length = ((outage.to ?? end) - outage.from) / 1000;
            const hint = `${titles[product]} away for ${duration(length)} (${escape(outage.reason)})`;
            parts.push(
                `<rect x="${from}" y="${y}" width="${Math.max(1.5, to - from)}" height="20" fill="#c8442f"><title>${hint}</title></rect>`,
            );
        }
        for (const move of report.dnsSwitch.filter((one) => one.product === product)) {
            const at = x(Date.parse(move.at));
            parts.push(
                `<path d="M${at} ${y - 5}l5 -6h-10z" fill="#333"><title>${move.from} → ${move.to}</title></path>`,
            );
        }
    }
    const bottom = top + productIds.length * rowHeight;
    for (let tick = 0; tick <= 10; tick++) {
        const at = start + ((end - start) * tick) / 10;
        parts.push(`<text x="${x(at)}" y="${bottom + 6}" text-anchor="middle">${duration((at - start) / 1000)}</text>`);
    }
    return `<div class="scroll"><svg viewBox="0 0 1200 ${bottom + 14}" width="1200">${parts.join("")}</svg></div>
<p>Red: did not answer. Triangle: the name led to another address. Bars: <code>pulumi up</code>.</p>`;
}

function checkRow(check: { name: string; before?: unknown; after?: unknown }): string[] {
    return [escape(check.name), value(check.before), value(check.after)];
}

function value(found: unknown): string {
    if (found === undefined) return "";
    const text = typeof found === "string" ? found : JSON.stringify(found);
    return text.length < 200
        ? `<code>${escape(text)}</code>`
        : `<details><summary><code>${escape(text.slice(0, 80))} …</code></summary><pre>${escape(
              typeof found === "string" ? found : JSON.stringify(found, null, 1),
          )}</pre></details>`;
}

function details(title: string, content: unknown): string {
    return `<h2>${title}</h2><details><summary>show</summary><pre>${escape(JSON.stringify(content, null, 2))}</pre></details>`;
}

/** Cells are HTML already. */
function table(title: string, head: string[], rows: string[][]): string {
    if (rows.length === 0) return "";
    const line = (cells: string[], tag: string) =>
        `<tr>${cells.map((cell) => `<${tag}>${cell}</${tag}>`).join("")}</tr>`;
    return `<h2>${title}</h2><div class="scroll"><table>${line(head, "th")}${rows.map((row) => line(row, "td")).join("\n")}</table></div>`;
}

function mark(good: boolean): string {
    return good ? `<span class="passed">✓</span>` : `<span class="failed">✗</span>`;
}

export function duration(seconds: number | undefined): string {
    if (seconds === undefined) return "";
    if (seconds < 60) return `${seconds.toFixed(seconds < 10 ? 2 : 1)} s`;
    return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
}

function gib(bytes: number): string {
    return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}

function shorten(text: string, length: number): string {
    return text.length <= length ? text : `${text.slice(0, length - 1)}…`;
}

export function escape(text: string): string {
    return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
