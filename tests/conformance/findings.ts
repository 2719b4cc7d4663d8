// All that is found in stacks: calls that AWS's models refuse, what no call is known for, and broken rules.
import { typeMappings } from "./calls";
import { callsOf, unmapped } from "./calls/mapping";
import type { StackState } from "./exports";
import { ask } from "./python";
import { brokenRules, rules } from "./rules";

export interface Finding {
    stack: string;
    /** Of rules/, or "model.KIND" (aws/models.py), or "unmapped". */
    rule: string;
    resource: string;
    about: string;
    says: string;
}

interface Answer {
    problems: { call: number; kind: string; says: string }[];
    unfounded: number[];
}

/** What models.py can find in a call. */
export const modelRules = ["required", "unknown", "type", "range", "enum", "pattern", "operation"].map(
    (kind) => `model.${kind}`,
);

/** A stack, and how its calls are made where that is not as ever. */
export type Checked = StackState & { mappings?: typeof typeMappings };

export function findingsIn(states: Checked[]): Finding[] {
    const calls = states.flatMap((state) =>
        callsOf(state, state.mappings ?? typeMappings).map((call) => ({ stack: state.name, call })),
    );
    const { problems } = ask<Answer>("models", { calls: calls.map(({ call }) => call), quotes: [] });
    return [
        ...problems.map(({ call: index, kind, says }) => {
            const { stack, call } = calls[index];
            return { stack, rule: `model.${kind}`, resource: call.resource, about: call.operation, says };
        }),
        ...states.flatMap((state) => {
            const of = { stack: state.name };
            return [
                ...unmapped(state, state.mappings ?? typeMappings).map(({ resource, about, says }) => ({
                    ...of,
                    rule: "unmapped",
                    resource,
                    about,
                    says,
                })),
                ...brokenRules(state).map((finding) => ({ ...of, ...finding })),
            ];
        }),
    ];
}

/** Rules whose words AWS's model does not have where they are said to stand. */
export function unfoundedRules(): string[] {
    const inModel = rules.filter(({ of }) => of !== undefined);
    const { unfounded } = ask<Answer>("models", { calls: [], quotes: inModel.map(({ of, text }) => ({ of, text })) });
    return unfounded.map(
        (index) => `${inModel[index].name}: ${inModel[index].of} does not say "${inModel[index].text}"`,
    );
}
