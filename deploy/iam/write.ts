// Writes the policies: those of example.yaml into deploy/iam/policies, or one's own somewhere else; with --check it only tells what is stale, with
// --actions which actions are used at all.
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { accountActions } from "./account";
import { guardStatements } from "./guard";
import { actionsOfStep, policiesFor } from "./policies";
import { steps } from "./steps";
import { readValues } from "./values";

export const exampleFile = path.join(__dirname, "example.yaml");
export const writtenFolder = path.join(__dirname, "policies");

/** File → its text. */
export function filesFor(valuesFile: string): Record<string, string> {
    const policies = policiesFor(readValues(valuesFile));
    return Object.fromEntries(
        Object.entries(policies).map(([name, policy]) => [`${name}.json`, `${JSON.stringify(policy, null, 2)}\n`]),
    );
}

/** Of the files that stand there: those that are missing, differ, or are of no policy. */
export function staleIn(folder: string, files: Record<string, string>): string[] {
    const standing = fs.existsSync(folder) ? fs.readdirSync(folder) : [];
    const differs = (name: string) => fs.readFileSync(path.join(folder, name), "utf8") !== files[name];
    return [...new Set([...standing, ...Object.keys(files)])]
        .filter((name) => !standing.includes(name) || files[name] === undefined || differs(name))
        .sort();
}

function usedActions(): string[] {
    const guarded = guardStatements(readValues(exampleFile)).flatMap(({ Action }) => Action);
    return [...new Set([...steps.flatMap(actionsOfStep), ...guarded, ...accountActions])].sort();
}

function main(): void {
    const { values } = parseArgs({
        options: {
            values: { type: "string", default: exampleFile },
            out: { type: "string", default: writtenFolder },
            check: { type: "boolean", default: false },
            actions: { type: "boolean", default: false },
        },
    });
    if (values.actions) {
        console.log(usedActions().join("\n"));
        return;
    }
    const files = filesFor(values.values);
    const stale = staleIn(values.out, files);
    if (values.check) {
        for (const name of stale)
            console.error(`deploy/iam/policies/${name} is stale: run \`make iam\` and commit it.`);
        process.exitCode = stale.length > 0 ? 1 : 0;
        return;
    }
    fs.mkdirSync(values.out, { recursive: true });
    for (const name of stale) {
        const file = path.join(values.out, name);
        if (files[name] === undefined && values.out === writtenFolder) fs.rmSync(file);
        if (files[name] !== undefined) fs.writeFileSync(file, files[name]);
    }
}

if (require.main === module) {
    main();
}
