// The cloud's state: one JSON file, owner-only (user data holds secrets), replaced atomically.
import * as fs from "node:fs";
import * as path from "node:path";

export type State = Record<string, object>;

export interface Store {
    state: State;
    save(): void;
}

export function openStore(file: string): Store {
    fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
    const state = fs.existsSync(file) ? (JSON.parse(fs.readFileSync(file, "utf8")) as State) : {};
    let written = "";
    const save = (): void => {
        const text = JSON.stringify(state, null, 1);
        if (text === written) {
            return;
        }
        const part = `${file}.part`;
        fs.writeFileSync(part, text, { mode: 0o600 });
        fs.renameSync(part, file);
        written = text;
    };
    return { state, save };
}
