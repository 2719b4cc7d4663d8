// Guards look into all rooms of the program, which the drawing has: none lists rooms by itself, so that a new one is looked into from its first day.
import assert from "node:assert/strict";
import ts from "typescript";
import { filesOf, programFiles, programRooms, roomsOf, textOf } from "./repository";

/** File → why it names rooms. One that names them no longer fails. */
const reasons: Record<string, string> = {
    "tests/structure/subRooms.test.ts": "says on which floors the closed window's rooms are to be",
};

const names = programRooms.filter((room) => room.endsWith("/")).map((room) => room.slice(0, -1));

/** Lines of lists and patterns that name four rooms or more. */
function listsRooms(text: string, rooms: readonly string[]): number[] {
    const source = ts.createSourceFile("x.ts", text, ts.ScriptTarget.ES2022, true);
    const found: number[] = [];
    const visit = (node: ts.Node): void => {
        const words = ts.isArrayLiteralExpression(node)
            ? node.elements.flatMap((one) => (ts.isStringLiteralLike(one) ? [one.text.replace(/\/$/, "")] : []))
            : ts.isRegularExpressionLiteral(node)
              ? (node.text.match(/\w+/g) ?? [])
              : [];
        if (rooms.filter((room) => words.includes(room)).length > 3) {
            found.push(source.getLineAndCharacterOfPosition(node.getStart()).line + 1);
        }
        ts.forEachChild(node, visit);
    };
    visit(source);
    return found;
}

describe("the program's rooms", () => {
    it("hold every source but the rehearsal's and the tests'", () => {
        assert.ok(names.length > 10 && programRooms.includes("index.ts"), programRooms.join());
        const own = programFiles(".ts", ".sh");
        const others = [...filesOf(".ts"), ...filesOf(".sh")].filter((file) => !/^(lab|tests)\//.test(file));
        assert.deepEqual([...own].sort(), others.sort());
    });

    it("are listed by no test of their own accord", () => {
        const found = filesOf(".ts", "tests").filter((file) => listsRooms(textOf(file), names).length > 0);
        assert.deepEqual(found, Object.keys(reasons), "take programFiles, and leave out what has a reason");
    });

    it("are those of the drawing, without what may import anything", () => {
        const page = (lines: string) =>
            `## Rooms, and who may import whom\n\n\`\`\`mermaid\nflowchart TD\n${lines}\n\`\`\`\n`;
        const drawn = [
            "index[index.ts] --> upper & lower",
            'upper -. reads .-> sh["scripts/*.sh"] & page["docs/x.md"]',
            'inner["lower/inner/"] --> one["upper/one.ts"]',
            'lab & tests --> any["any of these"]',
        ];
        assert.deepEqual(roomsOf(page(drawn.join("\n"))), ["index.ts", "lower/", "scripts/", "upper/"]);
    });

    it("are seen where somebody lists them", () => {
        const rooms = ["a", "b", "c", "d", "e"];
        assert.deepEqual(listsRooms('const x = [\n"a/", "b", "c/", "d"];', rooms), [1]);
        assert.deepEqual(listsRooms("x;\nconst y = /^(a|b|c|d)\\//;", rooms), [2]);
        assert.deepEqual(listsRooms('const x = ["a/", "b", "c/"]; const y = /^(a|b|x)/;', rooms), []);
    });
});
