// Holds what files refer to against the drawing of rooms: what is not drawn, what is drawn and not there, and circles.
import { Arrow, ArrowKind, Drawing, liesIn } from "./drawing";
import type { Reference, Riddle } from "./references";

const page = "docs/architecture.md";
const shown: Record<ArrowKind, string> = { imports: "-->", types: "-- types -->", reads: "-. reads .->" };

/** Each a sentence with file, line and what to do. */
export function violations(drawing: Drawing, references: Reference[], riddles: Riddle[] = []): string[] {
    const judged = references.map((reference) => ({ reference, arrows: arrowsFor(drawing, reference) }));
    const used = new Set(
        judged.flatMap(({ reference, arrows }) => arrows.filter((arrow) => uses(drawing, reference, arrow))),
    );
    return [
        ...riddles
            .filter(({ file }) => !mayAnything(drawing, file))
            .map(({ file, line, says }) => `${file}:${line} ${says}: write it so that it can be held against ${page}`),
        ...new Set(judged.flatMap(({ reference, arrows }) => finding(drawing, reference, arrows))),
        ...drawing.arrows.filter((arrow) => !used.has(arrow)).map(idle),
    ];
}

function idle({ from, kind, to }: Arrow): string {
    const remedy = kind === "imports" ? "take it out, or draw `-- types -->` where only types are left" : "take it out";
    return `${page}: nothing goes the way of the arrow ${from} ${shown[kind]} ${to} any longer: ${remedy}`;
}

const isAnything = ({ places }: Drawing, id: string): boolean => places[id] === undefined;

function placesOf({ places }: Drawing, file: string): string[] {
    return Object.entries(places).flatMap(([id, place]) => (place !== undefined && liesIn(file, place) ? [id] : []));
}

function mayAnything(drawing: Drawing, file: string): boolean {
    const own = placesOf(drawing, file);
    return drawing.arrows.some(({ from, to }) => own.includes(from) && isAnything(drawing, to));
}

const roomOf = (file: string): string => (file.includes("/") ? `${file.split("/")[0]}/` : file);
const isWithin = (drawing: Drawing, { file, to }: Reference): boolean =>
    roomOf(file) === roomOf(to) && innermost(drawing, file) === innermost(drawing, to);

/** The room that a file lies in, or the one within it that is drawn on its own. */
function innermost({ places }: Drawing, file: string): string | undefined {
    const rooms = Object.entries(places).filter(([, place]) => place?.endsWith("/") && liesIn(file, place));
    return rooms.sort(([, a], [, b]) => b!.length - a!.length)[0]?.[0];
}

/** Rooms within one room keep to the arrows between them; other rooms see them as that one. */
function endsOf(drawing: Drawing, { file, to }: Reference): [own: string[], theirs: string[]] {
    return roomOf(file) === roomOf(to)
        ? [[innermost(drawing, file) ?? ""], [innermost(drawing, to) ?? ""]]
        : [placesOf(drawing, file), placesOf(drawing, to)];
}

/** The arrows that this reference may take. */
function arrowsFor(drawing: Drawing, reference: Reference): Arrow[] {
    const { kind } = reference;
    if (kind === "package" || isWithin(drawing, reference)) {
        return [];
    }
    const allowed: ArrowKind[] = kind === "read" ? ["reads"] : kind === "type" ? ["types", "imports"] : ["imports"];
    const [own, theirs] = endsOf(drawing, reference);
    return drawing.arrows.filter(
        (arrow) =>
            own.includes(arrow.from) &&
            (isAnything(drawing, arrow.to) || (theirs.includes(arrow.to) && allowed.includes(arrow.kind))),
    );
}

/** A type alone does not use up an arrow for imports: that one promises too much. */
function uses(drawing: Drawing, { kind }: Reference, arrow: Arrow): boolean {
    return kind !== "type" || arrow.kind === "types" || isAnything(drawing, arrow.to);
}

function finding(drawing: Drawing, reference: Reference, arrows: Arrow[]): string[] {
    const { file, line, kind, to } = reference;
    const own = placesOf(drawing, file);
    if (own.length === 0) {
        return [`${roomOf(file)} (${file}) is no room of ${page}: draw it there, with the arrows that it needs`];
    }
    if (kind === "package") {
        return own.some((id) => drawing.withoutPulumi.includes(id)) && to.startsWith("@pulumi/")
            ? [
                  `${file}:${line} imports ${to}, and ${page} says that ${roomOf(file)} is without Pulumi: leave that to a room with it`,
              ]
            : [];
    }
    if (arrows.length > 0 || isWithin(drawing, reference)) {
        return [];
    }
    const [from, theirs] = endsOf(drawing, reference);
    const types = drawing.arrows.some(
        (arrow) => arrow.kind === "types" && from.includes(arrow.from) && theirs.includes(arrow.to),
    );
    const does = kind === "read" ? "reads" : kind === "type" ? "imports types of" : "imports";
    const remedy = types
        ? "types alone may go that way: write `import type`, or move what it needs below both"
        : "move what it needs below both, hand it over as an argument, or draw the arrow there and say why";
    return [`${file}:${line} ${does} ${to}, which is not drawn in ${page}: ${remedy}`];
}

/** Files that need each other, by values alone or by types too; each circle sorted, the list too. */
export function circles(references: Reference[], { types }: { types: boolean }): string[][] {
    const next: Record<string, string[]> = {};
    for (const { file, kind, to } of references) {
        if (kind === "value" || (types && kind === "type")) (next[file] ??= []).push(to);
    }
    const reaches = Object.fromEntries(Object.keys(next).map((file) => [file, reachedFrom(file, next)]));
    const found = Object.keys(reaches)
        .filter((file) => reaches[file].has(file))
        .map((file) => [...reaches[file]].filter((other) => reaches[other]?.has(file)).sort());
    return [...new Map(found.map((circle) => [circle.join(), circle])).values()].sort((a, b) =>
        a[0].localeCompare(b[0]),
    );
}

function reachedFrom(file: string, next: Record<string, string[]>): Set<string> {
    const seen = new Set<string>();
    const todo = [...(next[file] ?? [])];
    for (let one = todo.pop(); one !== undefined; one = todo.pop()) {
        if (!seen.has(one)) {
            seen.add(one);
            todo.push(...(next[one] ?? []));
        }
    }
    return seen;
}
