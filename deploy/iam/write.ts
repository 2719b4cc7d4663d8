// Writes the policies: those of example.yaml into deploy/iam/policies, or one's own somewhere else; with --check it only tells what is stale, with
// --actions which actions are used at all.
import * as fs from "node:fs";
import * as path from "node:path";
import { parseArgs } from "node:util";
import { accountActions } from "./account";
import { guardStatements } from "./guard";
import { callsPage } from "./page";
import { actionsOfStep, policiesFor } from "./policies";
import { steps } from "./steps";
import { readValues } from "./values";

export const exampleFile = path.join(__dirname, "example.yaml");
export const writtenFolder = path.join(__dirname, "policies");
const pageFile = path.join(__dirname, "calls.md");

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

/** Of what is committed. */
function staleHere(): string[] {
    const isPageFresh = fs.existsSync(pageFile) && fs.readFileSync(pageFile, "utf8") === callsPage();
    return [
        ...staleIn(writtenFolder, filesFor(exampleFile)).map((name) => `policies/${name}`),
        ...(isPageFresh ? [] : ["calls.md"]),
    ];
}

/** A file that no policy has any longer goes from our own folder alone. */
function write(folder: string, files: Record<string, string>): void {
    fs.mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), text);
    const gone = folder === writtenFolder ? staleIn(folder, files) : [];
    for (const name of gone) fs.rmSync(path.join(folder, name));
}

function main(): void {
    const { values } = parseArgs({
        options: {
            values: { type: "string" },
            out: { type: "string", default: writtenFolder },
            check: { type: "boolean", default: false },
            actions: { type: "boolean", default: false },
        },
    });
    if (values.actions) {
        console.log(usedActions().join("\n"));
    } else if (values.check) {
        const stale = staleHere();
        for (const name of stale) console.error(`deploy/iam/${name} is stale: run \`make iam\` and commit it.`);
        process.exitCode = stale.length > 0 ? 1 : 0;
    } else if (values.values !== undefined && values.out === writtenFolder) {
        console.error("Your own policies belong somewhere else: make iam VALUES=my-values.yaml OUT=my-policies");
        process.exitCode = 1;
    } else {
        write(values.out, filesFor(values.values ?? exampleFile));
        fs.writeFileSync(pageFile, callsPage());
    }
}

if (require.main === module) {
    main();
}
