// `make figures`: what lists of faults, measures and rehearsals have found, into docs/reliability.md and docs/performance.md.
import * as fs from "node:fs";
import * as path from "node:path";
import { format, resolveConfig } from "prettier";
import { withFigures } from "./faults/figures";
import { describedRows } from "./faults/main";
import type { Results } from "./faults/results";
import { withTables } from "./measures/page";
import type { Measured } from "./measures/results";
import { figureTables } from "./measures/tables";
import { checkout } from "./paths";
import { say } from "./progress";
import type { Report } from "./rehearse/report/reportTypes";

export interface Found {
    faults: Results[];
    measures: Measured[];
    reports: Report[];
}

export async function writeFigures(files: string[]): Promise<number> {
    const found = sorted(files.map((file) => [file, JSON.parse(fs.readFileSync(file, "utf8")) as object]));
    const rows = found.faults.flatMap((results) => results.rows);
    const tables = figureTables(found.measures, found.reports);
    await rewrite("docs/reliability.md", (page) => withFigures(page, describedRows, rows));
    await rewrite("docs/performance.md", (page) => withTables(page, tables));
    say(`${rows.filter(({ passed }) => passed).length} figures written to docs/reliability.md`);
    say(`${tables.reduce((sum, table) => sum + table.rows.length, 0)} rows written to docs/performance.md`);
    return 0;
}

/** Each file says itself what it is of. */
export function sorted(files: [string, object][]): Found {
    const found: Found = { faults: [], measures: [], reports: [] };
    for (const [file, data] of files) {
        if ("kind" in data) found.measures.push(data as Measured);
        else if ("verdict" in data) found.reports.push(data as Report);
        else if ("rows" in data) found.faults.push(data as Results);
        else
            throw new Error(`${file} is no result of make faults, make measure, make window-figures or make rehearse.`);
    }
    return found;
}

async function rewrite(name: string, change: (page: string) => string): Promise<void> {
    const page = path.join(checkout, name);
    const text = change(fs.readFileSync(page, "utf8"));
    fs.writeFileSync(page, await format(text, { ...(await resolveConfig(page)), parser: "markdown" }));
}
