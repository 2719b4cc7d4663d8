// Which products there are stands in products/ alone: no other file of the program lists them, in code or in shell, nor asks for one by its name.
// The rehearsal and tests may, where they play an operator, who knows.
import assert from "node:assert/strict";
import { productIds } from "../../products";
import { productLists, productNames } from "./productLists";
import { filesOf, programFiles, textOf } from "./repository";

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

describe("a value by product", () => {
    it("is made by perProduct in the rehearsal and in tests too: nobody makes that function again", () => {
        const again =
            /Object\.fromEntries\(\s*(?:productIds|inOrder)\.map\(\(product(?:, \w+)?\) =>\s*\[\s*product,|(?:function|const) (?:perProduct|byProduct)\b/;
        const files = filesOf(".ts").filter(
            (file) => /^(lab|tests)\//.test(file) && !file.startsWith("tests/structure/"),
        );
        assert.ok(files.length > 200);
        assert.deepEqual(
            files.filter((file) => again.test(textOf(file))),
            [],
        );
    });
});

describe("a single product", () => {
    /** Where people connect to something, which is no product's name; the others are looked for there too. */
    const connecting = /^(databases|recovery|remote)\//;

    it("is asked for by its name in no component, nor anywhere else in the program", () => {
        assert.deepEqual(
            program.flatMap((file) =>
                productNames(
                    file,
                    textOf(file),
                    productIds.filter((product) => product !== "connect" || !connecting.test(file)),
                ),
            ),
            [],
        );
    });

    const rows: [string, string, number][] = [
        ["a question", 'const a = product === "connect";', 1],
        ["a property", "const a = hosts.packageManager.runner;", 1],
        ["a property by its text", 'const a = hosts["workbench"];', 1],
        ["a key", "const a = { connect: 1 };", 1],
        ["a short key", "const a = { connect };", 1],
        ["what is taken apart", "const { workbench } = hosts;", 1],
        ["what is taken apart and renamed", "const { workbench: it } = hosts;", 1],
        ["a type's member", "interface A { connect: string }", 1],
        ["nothing in a function of that name", 'import { connect } from "../remote/connection";\nconnect(address);', 0],
        ["nothing in words", "const a = b(`to connect ${c}`); // connect", 0],
        ["nothing in another word", 'const a = "connected";', 0],
    ];
    for (const [what, text, count] of rows) {
        it(`is found: ${what}`, () => {
            assert.equal(productNames("x.ts", text, productIds).length, count);
        });
    }
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
