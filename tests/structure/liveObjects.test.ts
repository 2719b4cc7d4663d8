// What lives (a connection, a window, a capture's run) does not travel through arguments of components: they get plain data, and make it where
// they use it. Finds classes of remote/ in what an interface of components/, or what stacks/ hands to one, says. Does not see a class that is
// hidden behind a type of its own, nor functions.
import assert from "node:assert/strict";
import ts from "typescript";
import { filesOf, textOf } from "./repository";

function parsed(file: string, text: string): ts.SourceFile {
    return ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true);
}

function classesIn(source: ts.SourceFile): string[] {
    return source.statements.filter(ts.isClassDeclaration).flatMap(({ name }) => name?.text ?? []);
}

/** "file:line name" for each of these classes that an interface of the file has. */
function carried(source: ts.SourceFile, classes: string[]): string[] {
    const found: string[] = [];
    const visit = (node: ts.Node, inside: boolean): void => {
        const name = ts.isTypeReferenceNode(node)
            ? node.typeName.getText()
            : ts.isImportTypeNode(node)
              ? node.qualifier?.getText()
              : undefined;
        if (inside && name !== undefined && classes.includes(name)) {
            const { line } = source.getLineAndCharacterOfPosition(node.getStart());
            found.push(`${source.fileName}:${line + 1} ${name}`);
        }
        ts.forEachChild(node, (child) => visit(child, inside || ts.isInterfaceDeclaration(node)));
    };
    visit(source, false);
    return found;
}

describe("what lives", () => {
    const inRoom = (room: string) => filesOf(".ts").filter((file) => file.startsWith(room));
    // An error is told, not kept.
    const classes = inRoom("remote/")
        .flatMap((file) => classesIn(parsed(file, textOf(file))))
        .filter((name) => !name.endsWith("Error"));

    it("does not travel through arguments of components", () => {
        assert.ok(classes.includes("CaptureRun") && classes.includes("HostWindow"));
        const files = [...inRoom("components/"), ...inRoom("stacks/")];
        assert.ok(files.length > 30);
        assert.deepEqual(
            files.flatMap((file) => carried(parsed(file, textOf(file)), classes)),
            [],
            "hand plain data on, and make it where it is used",
        );
    });

    it("is found where it would", () => {
        const text = (type: string) => parsed("x.ts", `export interface CaptureArgs {\n    run: ${type};\n}`);
        for (const type of [
            "CaptureRun",
            "CaptureRun | undefined",
            "Record<string, CaptureRun>",
            "{ of: CaptureRun[] }",
            'import("../remote/capture/run").CaptureRun',
        ]) {
            assert.deepEqual(carried(text(type), classes), ["x.ts:2 CaptureRun"], type);
        }
        assert.deepEqual(carried(text("CaptureRunArgs"), classes), []);
        assert.deepEqual(carried(parsed("x.ts", "function f(): CaptureRun { return make(); }"), classes), []);
    });
});
