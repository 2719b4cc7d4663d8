// The repository's own files: what was installed, built or left behind by a rehearsal is none.
import * as fs from "node:fs";
import * as path from "node:path";
import { readDrawing } from "./drawing";

export const root = path.join(__dirname, "../..");
const notOurs = ["node_modules", ".git", ".build", ".lab", "rehearsal"];

/** Below the repository, sorted, with this ending. */
export function filesOf(ending: string, folder = ""): string[] {
    return fs
        .readdirSync(path.join(root, folder), { withFileTypes: true })
        .filter(({ name }) => !notOurs.includes(name))
        .flatMap((entry) => {
            const file = path.posix.join(folder, entry.name);
            return entry.isDirectory() ? filesOf(ending, file) : entry.name.endsWith(ending) ? [file] : [];
        })
        .sort();
}

export function textOf(file: string): string {
    return fs.readFileSync(path.join(root, file), "utf8");
}

/**
 * The program's rooms, as docs/architecture.md draws them: "cloud/", …, "hosts/", "index.ts". What may import anything is none of them. A guard takes
 * all, and leaves one out with a reason only.
 */
export const programRooms: readonly string[] = roomsOf(textOf("docs/architecture.md"));

/** Files of the program's rooms with these endings. */
export function programFiles(...endings: string[]): string[] {
    return endings.flatMap((ending) =>
        filesOf(ending).filter((file) => programRooms.some((room) => file === room || file.startsWith(room))),
    );
}

export function roomsOf(page: string): string[] {
    const { places, arrows } = readDrawing(page);
    const besides = arrows.filter(({ to }) => places[to] === undefined).map(({ from }) => places[from]);
    const drawn = Object.values(places).flatMap((place) => {
        const [, room] = /^([\w-]+\/)(?:\*.*)?$/.exec(place ?? "") ?? /^([\w-]+\.ts)$/.exec(place ?? "") ?? [];
        return room === undefined || besides.includes(place) ? [] : [room];
    });
    return [...new Set(drawn)].sort();
}
