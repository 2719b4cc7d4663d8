// Reads the drawing of rooms in docs/architecture.md: which places there are, and which arrows lead from one to another. Every line must be
// understood: an arrow that is passed over would allow, or forbid, what nobody sees.

/** `imports`: any; `types`: by `import type` only; `reads`: files are read, nothing is imported. */
export type ArrowKind = "imports" | "types" | "reads";

export interface Arrow {
    from: string;
    to: string;
    kind: ArrowKind;
}

export interface Drawing {
    /** By the word that the drawing has for it: what lies there, as "stacks/", "logic/gcfg.ts" or "hosts/*.sh"; undefined for `anything`. */
    places: Record<string, string | undefined>;
    arrows: Arrow[];
    /** Rooms whose row of the table says that they have no Pulumi. */
    withoutPulumi: string[];
}

const heading = "## Rooms, and who may import whom";

export function readDrawing(page: string): Drawing {
    const section = page.split(/^(?=## )/m).find((part) => part.startsWith(heading));
    const diagram = /^```mermaid\n(.*?)^```$/ms.exec(section ?? "")?.[1];
    if (section === undefined || diagram === undefined) {
        throw new Error(`docs/architecture.md has no "${heading}" with a mermaid drawing`);
    }
    const [first, ...lines] = diagram.split("\n").map((line) => line.trim());
    if (!/^flowchart \w+$/.test(first)) throw new Error(`the drawing begins with "${first}", not with a flowchart`);
    const drawing: Drawing = { places: {}, arrows: [], withoutPulumi: withoutPulumi(section) };
    for (const line of lines.filter((text) => text !== "" && !text.startsWith("%%"))) {
        const [, from, kind, to] = /^(.+?) (-->|-- types -->|-\. reads \.->) (.+)$/.exec(line) ?? [];
        if (from === undefined) throw new Error(`the drawing of rooms has a line that its test does not know: ${line}`);
        const [begins, ends] = [from, to].map((nodes) => nodes.split(" & ").map((node) => place(node, drawing)));
        begins.forEach((begin) => ends.forEach((end) => drawing.arrows.push(arrow(begin, kind, end))));
    }
    return drawing;
}

function arrow(from: string, kind: string, to: string): Arrow {
    return { from, to, kind: kind.includes("types") ? "types" : kind.includes("reads") ? "reads" : "imports" };
}

/** A node is a folder of that name, or has a label that says what it is: a file, or files of a folder. */
function place(node: string, { places }: Drawing): string {
    const [, id, quoted, plain] = /^(\w+)(?:\["([^"]+)"\]|\[([^\]"]+)\])?$/.exec(node.trim()) ?? [];
    if (id === undefined) throw new Error(`the drawing of rooms has a place that its test does not know: ${node}`);
    const label = quoted ?? plain;
    const says = label === undefined ? `${id}/` : label.startsWith("any of these") ? undefined : label;
    if (!(id in places)) {
        places[id] = says;
    } else if (label !== undefined && places[id] !== says) {
        throw new Error(`the drawing of rooms has two meanings of ${id}: say it where it stands first`);
    }
    return id;
}

function withoutPulumi(section: string): string[] {
    const rows = [...section.matchAll(/^\| `(\w+)\/` +\|[^|]*\| ([^|]*?) *\|$/gm)];
    return rows.filter(([, , pulumi]) => pulumi === "no").map(([, room]) => room);
}

/** Whether a file lies in what a place says: "stacks/", "logic/gcfg.ts", "hosts/*.sh" (at any depth; a folder that is read may be that one). */
export function liesIn(file: string, place: string): boolean {
    const [folder, ending] = place.split("*");
    if (ending !== undefined) {
        return `${file}/` === folder || (file.startsWith(folder) && file.endsWith(ending));
    }
    return place.endsWith("/") ? file.startsWith(place) : file === place;
}
