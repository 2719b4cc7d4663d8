// What closes and opens production, and what a capture takes, lies in a room of one name on each floor: window/ and capture/. Goes by the names
// of files; a script that hosts run lies where the register looks for it.
import assert from "node:assert/strict";
import * as path from "node:path";
import { programFiles } from "./repository";

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
    const files = programFiles(".ts", ".sh");

    it("hold what is called after them", () => {
        assert.ok(files.length > 100);
        assert.deepEqual(files.flatMap(misplaced), []);
    });

    it("are the same ones on each floor", () => {
        const here = (floor: string) =>
            rooms.filter((room) => files.some((file) => file.startsWith(`${floor}/`) && file.includes(`/${room}/`)));
        assert.deepEqual(Object.fromEntries(floors.map((floor) => [floor, here(floor)])), {
            cloud: ["capture"],
            components: ["capture"],
            hosts: ["window"],
            logic: ["capture"],
            remote: ["window", "capture"],
            stacks: ["capture"],
        });
        const others = files.filter((file) => /\/[a-z]*(window|captur|snapshot|closing|freez)[a-z]*\//i.test(file));
        assert.deepEqual(
            others.filter((file) => !rooms.some((room) => file.includes(`/${room}/`))),
            [],
        );
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
