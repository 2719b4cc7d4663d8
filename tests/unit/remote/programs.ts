// What a host's program is made of, asked of bash and of its text: functions, what `main` reaches of them, which variables that reads.
import { execFileSync } from "node:child_process";
import { kinds } from "../../../databases";
import { osFamilies } from "../../../logic/operatingSystems";
import type { ProductId } from "../../../products/ids";
import type { ScriptName } from "../../../remote/scripts";
import { sampleProgram } from "./samples";

export interface Program {
    /** Bodies, as bash prints them. */
    functions: Map<string, string>;
    /** All that is set when it is read: facts, constants, what it is given. */
    variables: Set<string>;
    /** What stands outside functions. */
    topLevel: string;
}

export function load(script: ScriptName, product: ProductId): Program {
    const withoutCall = sampleProgram(script, product).trimEnd().split("\n").slice(0, -1).join("\n");
    const out = execFileSync("bash", ["-s"], {
        input: `before=" $(compgen -v | tr '\\n' ' ') "
${withoutCall}
for name in $(compgen -v); do case $before in *" $name "*) ;; *) printf '%s ' "$name" ;; esac; done
for name in $(compgen -A function); do printf '\\0%s\\0%s' "$name" "$(declare -f "$name")"; done
`,
        encoding: "utf8",
    }).split("\0");
    const functions = new Map<string, string>();
    for (let i = 1; i + 1 < out.length; i += 2) functions.set(out[i], out[i + 1]);
    return { functions, variables: new Set(out[0].trim().split(" ")), topLevel: outsideFunctions(withoutCall) };
}

/** Functions begin and end at the margin, or stand on one line. */
export function outsideFunctions(text: string): string {
    return text.replace(/^[a-z][a-z0-9_]*\(\) \{(?:.*\}(?: #.*)?$|[^]*?^\})/gm, "").replace(/^ *#.*$/gm, "");
}

/** Functions that a source defines. */
export function definedIn(text: string): string[] {
    return [...text.matchAll(/^([a-z][a-z0-9_]*)\(\) [{(]/gm)].map(([, name]) => name);
}

/** Of these functions those whose name stands nowhere in these sources but where it is defined. */
export function neverNamed(functions: string[], sources: string[]): string[] {
    const code = sources.map((text) => text.replace(/^\s*#.*$|\s#\s.*$/gm, "")).join("\n");
    const named = code.match(/\b[a-z][a-z0-9_]*\b(?!\(\))/g) ?? [];
    const names = new Set(named);
    return functions.filter((name) => !names.has(name));
}

/** These run what they are given. */
const runners = /\b(?:run_as_unit|unless_thawing|finish_while_listening|start_aside|wait_for|as_number)\b[^\n;]*/g;

/** Words that could be a function's name: of one word in the place of a command only, as such a word may be plain English. */
function called(body: string): Set<string> {
    // Patterns of a case stand on lines of their own.
    const inner = body.slice(body.indexOf("{") + 1).replace(/^\s*[\w |*'"?-]+\)$/gm, "");
    const compound = inner.match(/\b[a-z][a-z0-9]*(_[a-z0-9]+)+\b(?!=)/g) ?? [];
    const commands = inner.matchAll(
        /(?:^|[;&|({!]|\b(?:then|do|else|if|while|until)\b)\s*([a-z][a-z0-9]*)(?=[\s;)])/gm,
    );
    const handedOn = (inner.match(runners) ?? []).flatMap((words) => words.match(/(?<=\s)[a-z][a-z0-9]*\b/g) ?? []);
    return new Set([...compound, ...[...commands].map(([, word]) => word), ...handedOn]);
}

/** Names that are put together: "load_$X", a word of hosts/lib/os.sh, a function of each family's, or of hosts/lib/databases.sh, one of each kind's. */
function composedIn(body: string): RegExp[] {
    const family = `^(${osFamilies.join("|")})_`;
    return [
        ...[...body.matchAll(/\bdatabase_word "[^"]+" ([a-z_]+)/g)].map(
            ([, word]) => new RegExp(`^(${kinds.join("|")})_${word}$`),
        ),
        ...[...body.matchAll(/"([a-z]+_)\$/g)].map(([, prefix]) => new RegExp(`^${prefix}`)),
        ...[...body.matchAll(/\bos_word ([a-z_]+)|"\$\{family\}_([a-z_]+)"/g)].map(
            ([, word, own]) => new RegExp(`${family}${word ?? own}$`),
        ),
    ];
}

/** Bodies of what `main` reaches, and of what the program does when it is read. */
export function reached(
    { functions, topLevel }: Program,
    onCall: (name: string, by: string) => void = () => undefined,
): Map<string, string> {
    const seen = new Map<string, string>();
    const visit = (name: string, body: string) => {
        seen.set(name, body);
        for (const word of called(body)) {
            const next = functions.get(word);
            if (next === undefined) onCall(word, name);
            else if (!seen.has(word)) visit(word, next);
        }
        const composed = composedIn(body);
        [...functions]
            .filter(([other]) => composed.some((pattern) => pattern.test(other)))
            .forEach((one) => seen.has(one[0]) || visit(...one));
    };
    visit("main", functions.get("main")!);
    visit("its top level", topLevel);
    return seen;
}

/** Names of variables that a text reads: as $NAME, or in arithmetic. */
export function readIn(text: string): Set<string> {
    const name = "[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*(?:_[a-z]\\w*)?";
    const expanded = [...text.matchAll(new RegExp(`\\$\\{?[#!]?(${name})\\b`, "g"))].map(([, found]) => found);
    const arithmetic = [...text.matchAll(/\(\(([^)]*(?:\([^)]*\)[^)]*)*)\)\)/g)].flatMap(
        ([, inner]) => inner.match(new RegExp(`(?<![-\\w])${name}\\b`, "g")) ?? [],
    );
    return new Set([...expanded, ...arithmetic]);
}

/** Names that a text gives a value to. */
export function setIn(text: string): Set<string> {
    return new Set([...text.matchAll(/\b([A-Z][A-Z0-9_]*)\+?=/g)].map(([, name]) => name));
}
