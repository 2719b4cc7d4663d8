// What the lab of the earlier commit would write into the stack files: its program knows no other form (decision 18). These files and names are what
// a commit promises to all later ones.
import * as path from "node:path";
import type { LegacyFacts } from "../../legacy/facts";
import * as now from "../commits";
import { canonical } from "../proofs/compare";
import type { Commit } from "../stack";
import type { StackSecrets } from "../values";
import { type EarlierCommit, earlierFolder } from "./checkout";

/** Those up to the dress rehearsal's restore and its acceptance, in order. */
export const commitNames = [
    "describeProduction",
    "install",
    "firstCapture",
    "firstRestore",
    "acceptMigration",
] as const;
export type CommitName = (typeof commitNames)[number];

export interface EarlierLab extends EarlierCommit {
    folder: string;
    /** The present commits, with the earlier lab's changes; what they leave behind was proved in their own time. */
    commits: Record<CommitName, Commit>;
    newSecrets(facts: LegacyFacts): { prod: object; staging: object };
}

export async function loadEarlierLab(of: EarlierCommit, folder = earlierFolder): Promise<EarlierLab> {
    const load = async (file: string, names: readonly string[]): Promise<Record<string, unknown>> => {
        const module = (await import(path.join(folder, file))) as Record<string, unknown>;
        const lacking = names.filter((name) => module[name] === undefined);
        if (lacking.length === 0) return module;
        throw new Error(
            `${file} of ${of.commit} has no ${lacking.join(", ")}: tell lab/rehearse/earlier/lab.ts where that lab keeps them`,
        );
    };
    const theirs = (await load("lab/rehearse/commits", commitNames)) as Record<CommitName, Commit>;
    const { newSecrets } = await load("lab/rehearse/values", ["newSecrets"]);
    const commit = (name: CommitName): [CommitName, Commit] => [
        name,
        { ...now[name], changes: (rehearsal) => theirs[name].changes(rehearsal), proof: "nothing" },
    ];
    return {
        ...of,
        folder,
        commits: Object.fromEntries(commitNames.map(commit)) as Record<CommitName, Commit>,
        newSecrets: newSecrets as EarlierLab["newSecrets"],
    };
}

/** The earlier lab's secrets as the present one knows them. Another form needs a translation, here, and a line of CHANGELOG. */
export function secretsAsNow(made: object, form: StackSecrets): StackSecrets {
    const theirs = Object.fromEntries(Object.entries(made).map(([stack, secrets]) => [stack, byRole(secrets)]));
    const [had, has] = [leaves(theirs), leaves(form)];
    if (canonical(had) !== canonical(has)) {
        throw new Error(
            `Secrets had another form then (${had.join(", ")}; now ${has.join(", ")}): translate them in lab/rehearse/earlier/lab.ts, and tell users in CHANGELOG.md`,
        );
    }
    return theirs as unknown as StackSecrets;
}

/** A product had one password for its one database. */
function byRole(secrets: { databasePasswords?: Record<string, unknown> }): object {
    if (secrets.databasePasswords === undefined) return secrets;
    const databasePasswords = Object.entries(secrets.databasePasswords).map(([product, given]) => [
        product,
        typeof given === "string" ? { main: given } : given,
    ]);
    return { ...secrets, databasePasswords: Object.fromEntries(databasePasswords) as object };
}

/** Every path that leads to a value, sorted. */
export function leaves(value: unknown, at = ""): string[] {
    if (typeof value !== "object" || value === null) return [at];
    return Object.entries(value)
        .flatMap(([key, inner]) => leaves(inner, at === "" ? key : `${at}.${key}`))
        .sort();
}
