// docs/reliability.md from rows and results: what a row is comes from lab/faults, its figure from rehearsal/faults.json; figures of rows that
// were not tried stay as they were. Which table a row stands in is the page's own matter.
import type { FaultRow } from "./row";
import type { Fault } from "./bench/trial";

export interface Described {
    name: string;
    what: string;
    /** Of a fault in a capture; other rows keep what the page says of them. */
    fault?: Pick<Fault, "closedBeyond" | "fate">;
}

const rowLine = /^\| `([a-z0-9-]+)` +\|.*\|.*\|.*\|$/;

/** The page with what rows and results are now. Throws with every row that the page lacks or has too many. */
export function withFigures(page: string, rows: Described[], results: FaultRow[]): string {
    const named = new Set([...page.matchAll(new RegExp(rowLine, "gm"))].map(([, name]) => name));
    const lacking = rows.filter(({ name }) => !named.delete(name)).map(({ name }) => name);
    const problems = [
        ...lacking.map((name) => `docs/reliability.md lacks a line for ${name}: add it to a table`),
        ...[...named].map((name) => `docs/reliability.md has a line for ${name}, which is no fault`),
    ];
    if (problems.length > 0) throw new Error(problems.join("\n"));
    return page.replace(new RegExp(rowLine, "gm"), (line, name: string) => {
        const row = rows.find((one) => one.name === name);
        const result = results.find(({ fault, passed }) => fault === name && passed);
        return row ? lineOf(row, result, line) : line;
    });
}

function lineOf({ name, what, fault }: Described, result: FaultRow | undefined, line: string): string {
    const [, , , before, ...rest] = line.split("|").map((cell) => cell.trim());
    const figure = result ? `${result.closedBeyondSeconds.toFixed(1)} s` : before;
    // What may take as long as it likes has no limit that says something.
    const kept = fault
        ? [fault.closedBeyond >= 300 ? "" : `${fault.closedBeyond} s`, fault.fate.join(" or "), ""]
        : rest;
    return ["", `\`${name}\``, what, figure, ...kept].join(" | ").trim();
}
