// Which products there are stands in products/ alone: no other file of the program lists them, in code or in shell. The rehearsal and tests may,
// where they play an operator, who knows.
import assert from "node:assert/strict";
import { productIds } from "../../products";
import { productLists } from "./productLists";
import { programFiles, textOf } from "./repository";

const program = programFiles(".ts").filter((file) => !file.startsWith("products/"));

describe("a list of the products", () => {
    it("stands in products/ and nowhere else in the program", () => {
        assert.ok(program.length > 100);
        assert.deepEqual(
            program.flatMap((file) => productLists(file, textOf(file), productIds)),
            [],
        );
    });

    it("stands in no script for hosts, which have their product's facts and functions", () => {
        const scripts = programFiles(".sh");
        assert.ok(scripts.length > 30);
        const naming = scripts.filter((file) => new RegExp(`\\b(${productIds.join("|")})\\b *[|)]`).test(textOf(file)));
        assert.deepEqual(naming, []);
    });
});

describe("the guard of lists", () => {
    const rows: [string, string, number][] = [
        ["an array", 'const a = ["connect", "workbench"];', 1],
        ["an object's keys", "const a = { connect: 1, packageManager: 2 };", 1],
        ["an object's short keys", "const a = { connect, packageManager };", 1],
        ["quoted keys", 'const a = { "connect": 1, "workbench": 2 };', 1],
        ["a type's members", "type A = { connect: X; workbench: X };", 1],
        ["an interface's", "interface A { connect: X; workbench: X }", 1],
        ["a union", 'type A = "connect" | "workbench";', 1],
        ["cases", 'switch (a) { case "connect": b(); break; case "workbench": c(); }', 1],
        ["conditions", 'if (a === "connect" || b || (a === "workbench")) c();', 1],
        ["the list itself", 'import { productIds } from "../products";', 1],
        ["the list by its file", "const a = ids.productIds.map(b);", 1],
        ["entries by hand", "Object.fromEntries(inOrder.map((product) => [product, 1]))", 1],
        ["entries of what there is", "Object.fromEntries(byProduct(a).map(([product, b]) => [product, b.c]))", 1],
        ["both of two", 'const a = ["connect", "workbench"];\nconst b = { connect: 1, workbench: 2 };', 2],
        ["nothing where one is meant", 'if (product === "connect") a = { connect: 1 };', 0],
        ["nothing where another word is meant", 'const a = ["connect", "close"];', 0],
        ["nothing in what lies apart", 'const a = [["connect", 1], ["workbench", 2]];', 0],
        ["nothing in words", "const a = `connect and workbench`; // connect, workbench", 0],
    ];
    for (const [what, text, count] of rows) {
        it(`finds ${what}`, () => {
            assert.equal(productLists("x.ts", text, productIds).length, count);
        });
    }
});
