// Two observations side by side: what must be the same, what may only grow. Pure.
import type { FileFact, Observation } from "../../client/observe";

export interface Comparison {
    name: string;
    passed: boolean;
    before: unknown;
    after: unknown;
}

export function compareObservations(before: Observation, after: Observation): Comparison[] {
    return [
        same(
            "Package Manager: the same repositories",
            before.packageManager.repositories,
            after.packageManager.repositories,
        ),
        same(
            "Package Manager: the frozen snapshot's hash still gives the same files",
            before.packageManager.frozenPackage,
            after.packageManager.frozenPackage,
        ),
        ...Object.keys(before.workbench.users).flatMap((name) => compareUser(name, before, after)),
        same("Connect: the same users", before.connect.users, after.connect.users),
        same("Connect: API keys still belong to their people", before.connect.keys, after.connect.keys),
        same("Connect: the same content with the same owners", before.connect.content, after.connect.content),
        ...Object.keys(before.connect.outputs).map((name) =>
            same(`Connect: ${name} answers as before`, before.connect.outputs[name], after.connect.outputs[name]),
        ),
        same("Connect: the same schedules", before.connect.schedules, after.connect.schedules),
        {
            name: "Connect: the history of visits was kept",
            passed: after.connect.visits >= before.connect.visits,
            before: before.connect.visits,
            after: after.connect.visits,
        },
    ];
}

function compareUser(name: string, before: Observation, after: Observation): Comparison[] {
    const [old, now] = [before.workbench.users[name], after.workbench.users[name]];
    const files = (user: typeof old) => Object.values(user?.files ?? {}).flat();
    return [
        same(`Workbench: ${name} signs in`, old?.signedInAs, now?.signedInAs),
        same(`Workbench: ${name}'s files, with owners by name and number`, files(old).map(fact), files(now).map(fact)),
        same(`Workbench: ${name} opens them`, old?.contents, now?.contents),
    ];
}

function fact(file: FileFact): string {
    return `${file.name} ${file.size} ${file.owner} ${file.uid}:${file.gid}`;
}

function same(name: string, before: unknown, after: unknown): Comparison {
    return { name, passed: before !== undefined && canonical(before) === canonical(after), before, after };
}

/** JSON with sorted keys: the order in which things were found says nothing. */
export function canonical(value: unknown): string {
    return JSON.stringify(value, (_key, item: unknown) =>
        typeof item === "object" && item !== null && !Array.isArray(item)
            ? Object.fromEntries(Object.entries(item).sort(([a], [b]) => (a < b ? -1 : 1)))
            : item,
    );
}
