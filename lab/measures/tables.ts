// What was measured, as the tables of docs/performance.md. Pure.
import { products } from "../../products";
import { productIds, type ProductId } from "../../products/ids";
import { type ProductSources, sources } from "../legacy/sources";
import type { Report } from "../rehearse/report/reportTypes";
import { judged, median } from "./beyond";
import type { FigureTable } from "./page";
import type { BeyondRow, Measured, MeasuredSize, MeasuredWindows, Phases } from "./results";

type Phase = NonNullable<Phases[ProductId]>;

/** All tables that the page has; without rows where nothing of that was measured. */
export function figureTables(measures: Measured[], reports: Report[]): FigureTable[] {
    const sizes = measures.flatMap((one) => (one.kind === "size" ? [one] : []));
    const windows = measures.flatMap((one) => (one.kind === "windows" ? [one] : []));
    const beyond = measures.flatMap((one) => (one.kind === "beyond" ? one.rows : []));
    const passed = reports.filter(({ verdict }) => verdict === "passed");
    const plain = passed.filter((report) => report.sources === "plain");
    return [
        table("closed", ["GiB of data", "volumes of the host", "product"], closedColumns, sizes.flatMap(closedRows)),
        table("parts", ["GiB of data", "volumes of the host", "product"], partColumns, sizes.flatMap(partRows)),
        table("beyond", ["volumes", "cloud"], beyondColumns, beyond.map(beyondRow)),
        table("windows", ["windows", "GiB of data", "product"], windowColumns, windows.flatMap(windowRows)),
        table("other-sources", ["product", "database"], sourceColumns, passed.flatMap(sourceRows)),
        table("cutover", ["GiB of data"], cutoverColumns, plain.flatMap(cutoverRows)),
        table("engine", ["commit"], engineColumns, plain.flatMap(engineRows)),
    ];
}

function table(name: string, keys: string[], titles: string[], rows: string[][]): FigureTable {
    return {
        name,
        columns: [...keys.map((title) => ({ title, key: true })), ...titles.map((title) => ({ title }))],
        rows,
    };
}

const inSeconds = (seconds: number | undefined): string => (seconds === undefined ? "" : `${seconds.toFixed(1)} s`);
const digits = (seconds: number, count = 2): string => seconds.toFixed(count);
const keysOf = ({ size, volumes }: MeasuredSize, product: ProductId): string[] => [
    String(size),
    String(volumes[product]),
    products[product].title,
];

// ---- the closed window ----

const closedColumns = ["this program", "by hand, plain", "by hand, careful", "careful, until its database is loaded"];

function closedRows(measured: MeasuredSize): string[][] {
    const { closed, byHand } = measured;
    return productIds.map((product) => [
        ...keysOf(measured, product),
        inSeconds(closed[product]),
        ...[byHand?.plain.closed, byHand?.careful.closed, byHand?.careful.loaded].map((times) =>
            inSeconds(times?.[product]),
        ),
    ]);
}

const partColumns = ["closed", "stop", "prove quiet", "request", "start", "beyond stop and start"];

function partRows(measured: MeasuredSize): string[][] {
    return productIds.flatMap((product) => {
        const phase = measured.phases[product];
        if (phase === undefined) return [];
        return [
            [
                ...keysOf(measured, product),
                inSeconds(measured.closed[product]),
                ...partsOf(phase),
                inSeconds(phase.proveQuiet + phase.request),
            ],
        ];
    });
}

const partsOf = ({ stop, proveQuiet, request, start }: Phase): string[] =>
    [stop, proveQuiet, request, start].map((seconds) => digits(seconds));

const beyondColumns = ["windows", "median", "longest", "goal", "goal held"];

function beyondRow(row: BeyondRow): string[] {
    const { median: middle, longest, goal, verdict } = judged(row);
    return [
        String(row.volumes),
        row.timing === "fast" ? "quick" : row.throttled ? "AWS's timing, calls held back" : "AWS's timing",
        String(row.windows.length),
        ...[middle, longest, goal].map((seconds) => inSeconds(seconds)),
        verdict,
    ];
}

const windowColumns = ["stop", "prove quiet", "of it second sync", "question before closing", "request", "start"];
const windowParts = ["stop", "proveQuiet", "secondSync", "question", "request", "start"] as const;

/** Median, and in brackets the longest. */
function windowRows({ size, windows }: MeasuredWindows): string[][] {
    return productIds.map((product) => [
        ...[String(windows.length), String(size), products[product].title],
        ...windowParts.map((part) => {
            const values = windows.flatMap((phases) => phases[product]?.[part] ?? []);
            const count = part === "secondSync" || part === "question" ? 3 : 2;
            return values.length === 0
                ? ""
                : `${digits(median(values), count)} (${digits(Math.max(...values), count)})`;
        }),
    ]);
}

const sourceColumns = ["closed", "stop", "prove quiet", "request", "start"];
const databaseWords: Record<ProductSources["database"], string> = {
    rds: "RDS",
    external: "dumped from its server",
    local: "Postgres on its host",
    sqlite: "SQLite",
};

/** Of the first capture of a rehearsal whose databases are each of another kind. */
function sourceRows({ sources: name, windowPhases, closedSeconds }: Report): string[][] {
    const [token, phases] = Object.entries(windowPhases)[0] ?? ["", {}];
    if (name !== "mixed") return [];
    return productIds.flatMap((product) => {
        const phase = phases[product];
        const database = databaseWords[sources[name][product].database];
        return phase
            ? [[products[product].title, database, inSeconds(closedSeconds[token]?.[product]), ...partsOf(phase)]]
            : [];
    });
}

// ---- the cutover and the engine ----

const cutoverColumns = ["cutover", "up: final capture", "up: restore", "up: serve"];

function cutoverRows({ size, cutoverSeconds, cutoverParts }: Report): string[][] {
    return cutoverSeconds === undefined
        ? []
        : [[String(size), inSeconds(cutoverSeconds), ...cutoverParts.map(({ seconds }) => inSeconds(seconds))]];
}

const engineColumns = ["up", "second up", "preview"];
const engineSteps = ["inventory", "install", "first-capture", "first-restore", "serve"];

function engineRows({ steps }: Report): string[][] {
    return engineSteps.flatMap((name) => {
        const step = steps.find((one) => one.name === name);
        return step
            ? [[name.replace("-", " "), ...[step.seconds, step.secondUpSeconds, step.previewSeconds].map(inSeconds)]]
            : [];
    });
}
