// What runs on which host for a side to serve, in which order, and what stands from an earlier run. Pure.
import type { Serving, ServingCommand } from "../contract/production";
import type { ProductId } from "../products/ids";
import type { ServingQuestion } from "./serving";
import { startSecondsOf } from "./startSeconds";
import { HostReport, isServing, isUp, SideReport } from "./sideReport";
import { isOverridden } from "./unmet";

export interface PlannedCommand extends ServingCommand {
    /** Its part of the logical name, and its name in `Serving.commands`. */
    key: string;
    side: string;
    product: ProductId;
    instanceId: string;
    /** Runs now; otherwise it stands, and its host is not dialled. */
    fresh: boolean;
    /** Keys of what must have succeeded before. */
    after: string[];
    /** What hosts/serve.sh is told beside the action. */
    variables: { TOKEN?: string; EVEN_OPEN?: string; START_SECONDS: string };
}

const upActions = ["open", "revive"];
const downActions = ["retire", "close"];

/** Everybody else goes down before anybody comes up; Package Manager comes up first, since the other two fetch from it; then health. */
export function planCommands(question: ServingQuestion, moving: boolean, gated: boolean): PlannedCommand[] {
    const { target, others } = question;
    const down = others.flatMap((side) =>
        [...side.hosts].reverse().flatMap((host) => {
            const action = isUp(host) ? downAction(question, side) : undefined;
            return entry(
                question,
                side,
                host,
                host.instanceId,
                downActions,
                action,
                retireVariables(question, side, gated),
            );
        }),
    );
    const up = target.hosts.flatMap((host) =>
        entry(question, target, host, host.instanceId, upActions, upAction(question, host, moving), {
            TOKEN: question.targetOutputs?.restored ?? "",
        }),
    );
    const health = target.hosts.flatMap((host) => {
        const fresh = moving && host.state !== undefined ? "health" : undefined;
        return entry(question, target, host, `health-${host.instanceId}`, ["health"], fresh, {});
    });
    const keys = (commands: PlannedCommand[]) => commands.map(({ key }) => key);
    return [
        ...down,
        ...up.map((command, index) => ({ ...command, after: [...keys(down), ...keys(up.slice(0, index))] })),
        ...health.map((command) => ({ ...command, after: [...keys(down), ...keys(up)] })),
    ];
}

/** The side that is current keeps what it has and is only retired; an environment that is left is quarantined again. */
function downAction({ current, target }: ServingQuestion, side: SideReport): "retire" | "close" {
    return side.key === current || target.key !== current ? "retire" : "close";
}

function upAction(
    { current, target }: ServingQuestion,
    host: HostReport,
    moving: boolean,
): "open" | "revive" | undefined {
    switch (host.state?.side) {
        case "retired":
            return "revive";
        case "quarantined":
        case "built":
            return "open";
        // A capture may keep it closed on purpose, and a person may have stopped it: that is not ours to undo, unless users are moved there.
        case "staying":
        case "closed":
            return moving ? "revive" : undefined;
        case "serving":
            return moving && !isServing(host) ? (target.key === current ? "revive" : "open") : undefined;
        default:
            return undefined;
    }
}

/** A host whose stay ended between the gate and its turn is not retired, unless that loss was accepted, or is none of this move's. */
function retireVariables({ current, targetOutputs, overrides }: ServingQuestion, side: SideReport, gated: boolean) {
    const accepted = ["serve.window", "final"].some((gate) => isOverridden(gate, overrides));
    return {
        TOKEN: targetOutputs?.restored ?? "",
        EVEN_OPEN: !gated || side.key !== current || accepted ? "true" : "",
    };
}

/** Work that the host's own account asks for; or what was done and stands; or nothing. */
function entry(
    { last, move, configured, targetOutputs }: ServingQuestion,
    side: SideReport,
    { product, instanceId, state }: HostReport,
    key: string,
    standing: string[],
    action: PlannedCommand["action"] | undefined,
    variables: Omit<PlannedCommand["variables"], "START_SECONDS">,
): PlannedCommand[] {
    const patience = startSecondsOf(configured, targetOutputs?.restored);
    const common = {
        ...{ key, side: side.key, product, instanceId, after: [] },
        variables: { ...variables, START_SECONDS: String(patience) },
    };
    if (action !== undefined && state !== undefined) {
        return [{ ...common, action, move, fresh: true }];
    }
    const before = last && commandsOf(last, side)[key];
    return before && standing.includes(before.action) ? [{ ...common, ...before, fresh: false }] : [];
}

/** Outputs of before `serving.commands` had one pair of actions for all hosts, and the direction as the move. */
function commandsOf(last: Serving, { key, hosts }: SideReport): Record<string, ServingCommand> {
    if (last.commands) {
        return last.commands;
    }
    const { retired, direction } = last;
    if (retired === undefined || direction === undefined) {
        return {};
    }
    const [down, up] = direction === "forward" ? (["retire", "open"] as const) : (["close", "revive"] as const);
    const action = key === last.side ? up : key === retired ? down : undefined;
    return Object.fromEntries(
        action === undefined
            ? []
            : hosts.flatMap(({ instanceId }): [string, ServingCommand][] => [
                  [instanceId, { action, move: direction }],
                  [`health-${instanceId}`, { action: "health", move: direction }],
              ]),
    );
}
