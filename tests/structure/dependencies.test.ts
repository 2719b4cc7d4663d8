// No package is asked for that nobody needs: each of package.json is imported by a file of ours, has the types of one that is, or is a tool
// that has its reason here. Does not see whether what is imported is used.
import assert from "node:assert/strict";
import { referencesOf } from "./references";
import { filesOf, textOf } from "./repository";

/** Run, not imported → by what. A row for what is not in package.json, or imported by now, fails. */
const tools: Record<string, string> = {
    eslint: "make lint",
    "eslint-config-prettier": "eslint.config.mjs",
    "@swc/core": "tsconfig.json: how ts-node takes the types away",
    "ts-node": "Pulumi's and mocha's way to run TypeScript",
    "typescript-eslint": "eslint.config.mjs",
    "@types/node": "Node's own modules",
    "@types/mocha": "describe and it",
};

interface Wanted {
    dependencies: Record<string, string>;
    devDependencies: Record<string, string>;
}

/** "@pulumi/pulumi/proto/x" → "@pulumi/pulumi". */
const packageOf = (specifier: string) => specifier.split("/", specifier.startsWith("@") ? 2 : 1).join("/");

/** Those of package.json that nobody needs, and rows of `tools` that say nothing. */
function idle(wanted: string[], imported: Set<string>): string[] {
    const isNeeded = (name: string) => imported.has(name) || imported.has(name.replace(/^@types\//, ""));
    return [
        ...wanted.filter((name) => !isNeeded(name) && !(name in tools)),
        ...Object.keys(tools).filter((name) => !wanted.includes(name) || imported.has(name)),
    ];
}

describe("packages", () => {
    const { references } = referencesOf(Object.fromEntries(filesOf(".ts").map((file) => [file, textOf(file)])));
    const packages = references.filter(({ kind }) => kind === "package");
    const imported = new Set(packages.map(({ to }) => packageOf(to)));
    const { dependencies, devDependencies } = JSON.parse(textOf("package.json")) as Wanted;
    const wanted = [dependencies, devDependencies].flatMap((list) => Object.keys(list));

    it("are asked for by somebody", () => {
        assert.ok(imported.size > 10 && wanted.length > 10);
        assert.deepEqual(idle(wanted, imported), [], "take them out of package.json and package-lock.json");
    });

    it("of the program itself are no development's packages", () => {
        const own = packages.filter(({ file, kind }) => kind === "package" && !/^(lab|tests)\//.test(file));
        const names = new Set(own.map(({ to }) => packageOf(to)).filter((name) => name in devDependencies));
        const runners = ["@swc/core", "ts-node", "typescript"].filter((name) => !(name in dependencies));
        assert.deepEqual([...names, ...runners], [], "a stack is run with what `npm ci --omit=dev` installs");
    });

    it("that nobody needs are found", () => {
        const more = [...wanted, "shell-quote", "@types/shell-quote"];
        assert.deepEqual(idle(more, imported), ["shell-quote", "@types/shell-quote"]);
        assert.deepEqual(idle(more, new Set([...imported, "shell-quote"])), []);
        assert.deepEqual(idle(wanted, new Set([...imported, "eslint"])), ["eslint"]);
    });
});
