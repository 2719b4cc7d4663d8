// The state of a production stack whose names were never moved: the first `serve` of an upgrade begins from there, and rows that follow
// each other back and forth would not. Only what the engine and the last outputs remember goes; hosts and records are as they are.
import { pulumi } from "../../project";
import { exportState } from "../../rehearse/stack";
import type { Bench } from "./bench";

interface Resource {
    urn: string;
    type: string;
    dependencies?: string[];
    propertyDependencies?: Record<string, string[] | null>;
    outputs?: Record<string, unknown>;
}

interface Exported {
    deployment: { resources?: Resource[] };
}

export async function forgetMoves(bench: Bench): Promise<void> {
    const { prod } = bench.stacks;
    const state = JSON.parse(await exportState(prod)) as Exported;
    await pulumi(["stack", "import", "--stack", prod.name], {
        input: JSON.stringify(withoutMoves(state)),
        quiet: true,
    });
}

/** What moved hosts, but no record; and of what is published, which side gave way. */
export function withoutMoves(state: Exported): Exported {
    const all = state.deployment.resources ?? [];
    const gone = new Set(all.filter(isMove).map(({ urn }) => urn));
    const kept = (urns: string[] | null) => urns?.filter((urn) => !gone.has(urn)) ?? null;
    const resources = all
        .filter(({ urn }) => !gone.has(urn))
        .map((resource) => ({
            ...resource,
            ...(resource.type === "pulumi:pulumi:Stack" && { outputs: neverMoved(resource.outputs) }),
            ...(resource.dependencies && { dependencies: kept(resource.dependencies) ?? [] }),
            ...(resource.propertyDependencies && {
                propertyDependencies: Object.fromEntries(
                    Object.entries(resource.propertyDependencies).map(([key, urns]) => [key, kept(urns)]),
                ),
            }),
        }));
    return { ...state, deployment: { ...state.deployment, resources } };
}

const isMove = ({ urn }: Resource): boolean => /posit:index:EntryPoints\$(?!aws:)[^$]+::/.test(urn);

function neverMoved(outputs: Resource["outputs"]): Resource["outputs"] {
    const contract = outputs?.contract as { serving?: { side?: string } } | undefined;
    if (!contract?.serving) return outputs;
    return { ...outputs, contract: { ...contract, serving: { side: contract.serving.side } } };
}
