// What closes and opens production, and what a capture takes, lies in a room of one name on each floor: window/ and capture/. Goes by the names
// of files; a script that hosts run lies where the register looks for it.
import assert from "node:assert/strict";
import * as path from "node:path";
import { filesOf } from "./repository";

const floors = ["cloud", "components", "hosts", "logic", "remote", "stacks"];
const rooms = ["window", "capture"];

/** The sentence for a file that lies elsewhere. */
function misplaced(file: string): string[] {
    const [floor, ...rest] = file.split("/");
    const name = path.posix.basename(file);
    const room = rooms.find((word) => new RegExp(`(^|[a-z])${word}`, "i").test(name));
    const isScript = floor === "hosts" && rest.length === 1;
    return room === undefined || isScript || rest.slice(0, -1).some((folder) => rooms.includes(folder))
        ? []
        : [`${file} lies in no ${room}/ of its floor`];
}

describe("the closed window's rooms", () => {
    const files = [...filesOf(".ts"), ...filesOf(".sh")].filter((file) => floors.includes(file.split("/")[0]));

    it("hold what is called after them", () => {
        assert.ok(files.length > 100);
        assert.deepEqual(files.flatMap(misplaced), []);
    });

    it("have one name on each floor that has one", () => {
        const found = new Set(
            files.flatMap((file) =>
                file
                    .split("/")
                    .slice(0, -1)
                    .filter((one) => rooms.includes(one)),
            ),
        );
        assert.deepEqual([...found].sort(), [...rooms].sort());
        const plurals = files.filter((file) => /\/(windows|captures|closing|closedWindow)\//.test(file));
        assert.deepEqual(plurals, []);
    });

    it("miss what lies elsewhere", () => {
        for (const file of [
            "remote/hostWindow.ts",
            "stacks/captures.ts",
            "hosts/lib/windowNotes.sh",
            "logic/captureState.ts",
        ]) {
            assert.equal(misplaced(file).length, 1, file);
        }
        for (const file of ["hosts/window.sh", "remote/window/hostWindow.ts", "remote/keys.ts"]) {
            assert.deepEqual(misplaced(file), [], file);
        }
    });
});
