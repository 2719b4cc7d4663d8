// Who serves: asks every side that the configuration or last outputs name, and plans the move from what their hosts say.
import type { ProductionConfig } from "../config/schema";
import type { OwnProduction } from "../contract/production";
import { entryPointOf } from "../entryPoints";
import type { FoundNames } from "../logic/entryPoint";
import { planServing, ServingPlan } from "../logic/serving";
import type { SideReport } from "../logic/sideReport";
import { isOverridden } from "../logic/unmet";
import { ProductId } from "../products";
import { fullName } from "./peers";
import { ServingQuestions } from "./questions";
import { reportOf } from "./reports";
import { localEndpoints, NamedSide, publishedSide, stackSide } from "./sides";

export interface FoundServing {
    plan: ServingPlan;
    /** The side that is to serve first. */
    sides: NamedSide[];
    /** How the hosts of the current side stand. */
    current: SideReport;
    /** Hosts of the current side, where another one serves, that can't be asked. */
    asleep: ProductId[];
}

export async function findServing(
    config: ProductionConfig,
    current: NamedSide,
    own: OwnProduction | undefined,
    questions: ServingQuestions,
): Promise<FoundServing> {
    const target = config.serve === "current" ? current : await stackSide(config.serve.stack, config);
    const { others, vanished } = await otherSides(config, current, target, own);
    const token = target.key === current.key ? undefined : target.outputs?.restored;
    const asked = (side: NamedSide) =>
        reportOf(side, questions, {
            token: side.key === current.key ? token : undefined,
            askCloud: isOverridden("serve.unreachable", config.overrides),
        });
    const [names, targetReport, ...otherReports] = await Promise.all([
        foundNames(config, target, questions),
        asked(target),
        ...others.map(asked),
    ]);
    const plan = planServing({
        current: current.key,
        target: targetReport,
        targetOutputs: target.outputs,
        others: otherReports,
        vanished,
        names,
        last: own?.serving,
        lastNames: own?.names,
        captures: own?.captures ?? {},
        configured: config.captures,
        overrides: config.overrides,
        move: new Date().toISOString(),
        now: new Date(),
    });
    // Hosts that serve must be there: one that can't be asked is dialled, which tells a mistyped key or address from a host that is off.
    const resting = otherReports.find(({ key }) => key === current.key);
    return {
        plan,
        sides: [target, ...others],
        current: resting ?? targetReport,
        asleep: (resting?.hosts ?? []).filter(({ state }) => !state).map(({ product }) => product),
    };
}

function foundNames(
    { entryPoints }: ProductionConfig,
    target: NamedSide,
    questions: ServingQuestions,
): Promise<FoundNames> | undefined {
    return entryPoints && entryPointOf(entryPoints).find({ questions, local: localEndpoints(target) });
}

/** Everything that could serve beside the target: what is current, environments with content, and what last outputs speak of. */
async function otherSides(
    config: ProductionConfig,
    current: NamedSide,
    target: NamedSide,
    own: OwnProduction | undefined,
): Promise<{ others: NamedSide[]; vanished: string[] }> {
    const spoken = [own?.serving.side, own?.serving.retired].filter((key) => key !== undefined && key !== "listed");
    const stacks = [...new Set([...config.environments.map(fullName), ...(spoken as string[])])].filter(
        (key) => key !== target.key && key !== current.key,
    );
    const found = await Promise.all(stacks.map(async (key) => ({ key, side: await publishedSide(key, config) })));
    const served = (side: NamedSide) => side.outputs?.phase === "migrate" || spoken.includes(side.key);
    return {
        others: [
            ...(current.key === target.key ? [] : [current]),
            ...found.flatMap(({ side }) => (side && served(side) ? [side] : [])),
        ],
        vanished: found.filter(({ side }) => !side).map(({ key }) => key),
    };
}
