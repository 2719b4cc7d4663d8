// What the head of a host script, or of its libraries, declares; and the register's entry in the same words.
//
// # Variables: NAME NAME? NAME=a|b NAME {column, column?} NAME [{column}] (remark). "?": may be absent. Small words in between are prose.
// # Actions: create | delete.
import { ScriptEntry, Variable } from "../../../remote/scripts";

export interface Declared {
    /** Sorted. */
    variables: string[];
    /** "mount | unmount" */
    actions?: string;
}

export function declaredIn(source: string): Declared {
    const [head] = /^(?:#.*\n)+/.exec(source) ?? [""];
    const lines = head.split("\n").map((line) => line.replace(/^# ?/, ""));
    const begin = lines.findIndex((line) => line.startsWith("Variables: "));
    const after = begin < 0 ? [] : lines.slice(begin);
    const end = after.findIndex((line, index) => index > 0 && /^(Actions: |shellcheck )/.test(line));
    const words = after
        .slice(0, end < 0 ? undefined : end)
        .join(" ")
        .replace(/^Variables:/, "")
        .replace(/\([^()]*\)/g, "");
    const variables = [...words.matchAll(/\b[A-Z][A-Z0-9_]*\??(?:=[a-z|-]*)?(?: \{[^}]*\}| \[\{[^}]*\}\])?/g)].map(
        ([one]) => one,
    );
    const actions = lines.map((line) => /^Actions: (.*)\.$/.exec(line)?.[1]).find((found) => found !== undefined);
    return { variables: variables.sort(), actions };
}

/** Anywhere but in its place nobody would find it. */
export function declaresElsewhere(source: string): boolean {
    return /^#.*\S.*\b(?:Variables|Actions): |^#.*\bActions?: (?!.*\.$)/m.test(source);
}

export function registered({ variables = {}, actions }: ScriptEntry): Declared {
    return {
        variables: Object.entries(variables)
            .map(([name, variable]) => inWords(name, variable))
            .sort(),
        actions: actions && `${actions.create} | ${actions.delete}`,
    };
}

export function inWords(name: string, variable: Variable): string {
    const named = `${name}${variable.optional ? "?" : ""}`;
    switch (variable.kind) {
        case "text":
            return variable.words ? `${named}=${variable.words.join("|")}` : named;
        case "fields":
            return `${named} {${variable.columns.join(", ")}}`;
        case "rows":
        case "files":
            return `${named} [{${variable.columns.join(", ")}}]`;
    }
}
