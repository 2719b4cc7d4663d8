// Tables of docs/performance.md between markers: rows that were measured take the place of those that say the same of it, others stay as they were,
// so that one size can be measured without the rest. Pure.

export interface FigureTable {
    /** As the page's marker has it. */
    name: string;
    columns: Column[];
    rows: string[][];
}

export interface Column {
    title: string;
    /** Says what a row is of: rows that are alike in these are the same row. */
    key?: boolean;
}

const tablePattern = /<!-- figures: ([\w-]+) -->\n([^]*?)<!-- end of figures -->/g;

/** Throws where page and tables do not have the same names. */
export function withTables(page: string, tables: FigureTable[]): string {
    const marked = [...page.matchAll(tablePattern)].map(([, name]) => name);
    const problems = [
        ...tables
            .filter(({ name }) => !marked.includes(name))
            .map(({ name }) => `docs/performance.md has no place for ${name}: <!-- figures: ${name} -->`),
        ...marked
            .filter((name) => !tables.some((table) => table.name === name))
            .map((name) => `docs/performance.md has a place for ${name}, which nothing measures`),
    ];
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return page.replace(tablePattern, (_all, name: string, before: string) => {
        const table = tables.find((one) => one.name === name)!;
        return `<!-- figures: ${name} -->\n\n${written(table, rowsOf(before))}\n\n<!-- end of figures -->`;
    });
}

const nothing = "Not measured yet.";

function written({ columns, rows }: FigureTable, before: string[][]): string {
    const keyOf = (row: string[]) => columns.flatMap(({ key }, index) => (key ? [row[index] ?? ""] : [])).join("|");
    const measured = new Map(rows.map((row) => [keyOf(row), row]));
    const kept = before.map((row) => measured.get(keyOf(row)) ?? row);
    const known = new Set(before.map(keyOf));
    const all = [...kept, ...[...measured].flatMap(([key, row]) => (known.has(key) ? [] : [row]))];
    if (all.length === 0) return nothing;
    const line = (cells: string[]) => `| ${columns.map((_, index) => cells[index] ?? "").join(" | ")} |`;
    return [
        line(columns.map(({ title }) => title)),
        line(columns.map((_, index) => (all.every((row) => isFigure(row[index])) ? "---:" : "---"))),
        ...all.map(line),
    ].join("\n");
}

function isFigure(cell = ""): boolean {
    return cell === "" || /^\d/.test(cell);
}

/** Without head and rule. */
function rowsOf(text: string): string[][] {
    return text
        .split("\n")
        .filter((line) => line.startsWith("|"))
        .slice(2)
        .map((line) =>
            line
                .split("|")
                .slice(1, -1)
                .map((cell) => cell.trim()),
        );
}
