// Who serves, and the move to it, as a value: what is refused, which commands run on which hosts in which order, what the records say, what
// is published when all that has been done. Pure, from what hosts and zone say now; last outputs only keep what stands from running again.
// Components carry it out (components/entryPoints.ts); tests/unit/logic/serving.model.test.ts attacks it.
import type { CaptureConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest, Serving, ServingCommand } from "../contract/production";
import type { ProductId } from "../products/ids";
import { checkServeGates, checkWayBack } from "./serveGates";
import { EntryPointNames, HeldRecords, leadsTo, PlannedRecord, planRecords } from "./servingRecords";
import { HostReport, isDown, isResting, isServing, isUp, SideReport } from "./sideReport";
import { isOverridden, Loss, remaining, Unmet } from "./unmet";

export interface ServingQuestion {
    /** Key of the side that the configuration calls current. */
    current: string;
    /** The side that is to serve. */
    target: SideReport;
    /** What it published, when it is a stack. */
    targetOutputs?: EnvironmentOutputs;
    /** Every other side that the configuration or last outputs name. */
    others: SideReport[];
    /** Stacks that are named and have published nothing: their hosts are gone, or never were. */
    vanished: string[];
    entryPoints?: EntryPointNames;
    held: HeldRecords;
    last?: Serving;
    lastNames?: Partial<Record<ProductId, string>>;
    /** By token, as this stack published them. */
    captures: Record<string, CaptureManifest>;
    configured: CaptureConfig[];
    overrides: { gate: string }[];
    /** Names this move, should it be one: another one at each run. */
    move: string;
    now: Date;
}

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
    variables: Record<string, string>;
}

export interface ServingPlan {
    /** Nothing is registered while there is one. */
    unmet: Unmet[];
    warnings: string[];
    /** To be looked up, and said before the names move: files that changed on hosts that stayed closed. */
    changesToTell: Loss[];
    /** The names or a side change; otherwise all of it stands. */
    moving: boolean;
    commands: PlannedCommand[];
    records: PlannedRecord[];
    published: Serving;
}

/** A stay that ends sooner than this is worth a word. */
const nearMinutes = 30;

export function planServing(question: ServingQuestion): ServingPlan {
    const { current, target, others, last, overrides, entryPoints, held } = question;
    const forward = target.key !== current;
    const records = planRecords(question);
    const moving = target.hosts.some(isDown) || records.away || (last !== undefined && last.side !== target.key);
    const standingOpposite = others.some((side) => side.hosts.some(isUp));
    const made =
        target.hosts.every(isServing) && others.every(({ hosts }) => hosts.every((host) => host.state && !isUp(host)));
    const abandoned = others.filter(
        (side) => side.key !== current && (last?.side === side.key || leadsTo(side, entryPoints, held)),
    );
    const gated = moving && !made;
    const unmet = [
        ...records.unmet,
        ...unreachable(question, moving, moving || standingOpposite),
        ...(moving ? unresolved(question) : []),
        ...neverServed(question),
        ...(gated && forward ? forwardGates(question) : []),
        ...(gated ? abandoned.map(checkWayBack) : []),
    ];
    const commands = planCommands(question, moving, gated);
    return {
        unmet: remaining(unmet, overrides),
        warnings: [...unknownHosts(question, moving), ...(gated && forward ? stayEndsSoon(question) : [])],
        changesToTell: gated && forward ? stayingSince(question) : [],
        moving,
        commands,
        records: records.records,
        published: publication(question, commands, records.records),
    };
}

// ---- refusals ----

/** A side that can't be asked in full is not moved to; one that may still serve is not left behind, unless the cloud says that it rests. */
function unreachable({ target, others }: ServingQuestion, moving: boolean, acting: boolean): Unmet[] {
    const say = (side: SideReport, host: HostReport, because: string, firm: boolean): Unmet => ({
        gate: "serve.unreachable",
        firm,
        condition: `${host.product} of ${side.key} (${host.address}, ${host.instanceId}) can't be asked how it stands: ${host.unknown}. ${because}`,
    });
    const unknownOf = (side: SideReport) => side.hosts.filter(({ state }) => state === undefined);
    return [
        ...(acting
            ? unknownOf(target).map((host) =>
                  say(target, host, "It is to serve, so it must be there: start it, then run this again", true),
              )
            : []),
        ...(moving
            ? others.flatMap((side) =>
                  unknownOf(side).map((host) => {
                      const word =
                          host.cloud === undefined ? "" : `; the cloud says that its instance is ${host.cloud}`;
                      return say(
                          side,
                          host,
                          `It may still serve${word}. Start it, or see that its instance is stopped and accept that with posit:overrides: [{gate: serve.unreachable, reason: …}]; what it has that no capture has is lost then`,
                          !isResting(host),
                      );
                  }),
              )
            : []),
    ];
}

/** The side that last served must be among those that are asked, or it would go on serving. */
function unresolved({ last, target, others, vanished }: ServingQuestion): Unmet[] {
    if (!last || last.side === target.key || others.some(({ key }) => key === last.side)) {
        return [];
    }
    return [
        {
            gate: "serve.unreachable",
            firm: !vanished.includes(last.side),
            condition: vanished.includes(last.side)
                ? `stack ${last.side} served, and has no hosts any more; what users wrote there can't be told. Accept that with posit:overrides: [{gate: serve.unreachable, reason: …}]`
                : `${last.side === "listed" ? "the hosts of posit:current that served are" : `stack ${last.side}, which served, is`} no longer in the configuration, so nobody could be retired. Put it back, and move with posit:serve`,
        },
    ];
}

/** `current` is what serves; an environment begins to serve by posit:serve, behind its gates. */
function neverServed({ current, target }: ServingQuestion): Unmet[] {
    return target.hosts
        .filter(({ state }) => target.key === current && (state?.side === "quarantined" || state?.side === "built"))
        .map(({ product, state }) => ({
            gate: "current",
            condition: `posit:current names ${target.key}, whose ${product} is ${state?.side}: it does not serve. Name the side that does, and move with posit:serve`,
        }));
}

function forwardGates({ current, target, targetOutputs, others, captures, configured }: ServingQuestion): Unmet[] {
    const captured = others.find(({ key }) => key === current);
    return targetOutputs && captured
        ? checkServeGates({ captures, configured, targetName: target.key, target: targetOutputs, captured })
        : [];
}

// ---- words ----

function unknownHosts({ target, others }: ServingQuestion, moving: boolean): string[] {
    return [target, ...others].flatMap((side) =>
        side.hosts
            .filter(({ state }) => state === undefined)
            .map(
                ({ product, address, unknown }) =>
                    `${product} of ${side.key} (${address}) can't be asked how it stands: ${unknown}${moving ? "" : "; nothing is moved, so this run goes on without it"}`,
            ),
    );
}

function stayEndsSoon({ current, others, now }: ServingQuestion): string[] {
    return givingWay(current, others).flatMap(({ product, state }) => {
        const minutes = state?.side === "staying" ? (Date.parse(state.until) - now.getTime()) / 60_000 : NaN;
        return minutes < nearMinutes
            ? [`${product} opens by itself at ${state?.until}; what is not served by then has to be captured again`]
            : [];
    });
}

/** A closed product says nothing of users' timetables, shells and mounts. */
function stayingSince({ current, others }: ServingQuestion): Loss[] {
    return givingWay(current, others).flatMap(({ product, state, marker }) =>
        state?.side === "staying" && marker?.frozenAt ? [{ side: current, product, since: marker.frozenAt }] : [],
    );
}

function givingWay(current: string, others: SideReport[]): HostReport[] {
    return others.find(({ key }) => key === current)?.hosts ?? [];
}

// ---- commands ----

const upActions = ["open", "revive"];
const downActions = ["retire", "close"];

type Wanted = Pick<PlannedCommand, "side" | "product" | "instanceId" | "action" | "variables">;

/** Everybody else goes down before anybody comes up; Package Manager comes up first, since the other two fetch from it; then health. */
function planCommands(question: ServingQuestion, moving: boolean, gated: boolean): PlannedCommand[] {
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
    { last, move }: ServingQuestion,
    side: SideReport,
    { product, instanceId, state }: HostReport,
    key: string,
    standing: string[],
    action: Wanted["action"] | undefined,
    variables: Record<string, string>,
): PlannedCommand[] {
    const common = { key, side: side.key, product, instanceId, after: [], variables };
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

// ---- what is published once it is done ----

function publication(question: ServingQuestion, commands: PlannedCommand[], records: PlannedRecord[]): Serving {
    const { target, targetOutputs } = question;
    return {
        side: target.key,
        ...gaveWay(question),
        ...(targetOutputs?.restored !== undefined && { token: targetOutputs.restored }),
        commands: Object.fromEntries(commands.map(({ key, action, move }) => [key, { action, move }])),
        records: Object.fromEntries(
            records.map(({ product, name, value, ttl, overwrite }) => [
                product,
                { name, value, ttl, ...(overwrite && { overwrite }) },
            ]),
        ),
    };
}

/** Who gave way: asked again at every later run, also when the configuration has forgotten it. */
function gaveWay({ current, target, others, last }: ServingQuestion): Pick<Serving, "retired" | "direction"> {
    if (target.key !== current) {
        return { retired: current, direction: "forward" };
    }
    if (last && last.side !== target.key) {
        return { retired: last.side, direction: "back" };
    }
    if (last?.direction === "back") {
        return { retired: last.retired, direction: "back" };
    }
    const closing = others.find(({ hosts }) => hosts.some(isUp));
    return closing ? { retired: closing.key, direction: "back" } : {};
}
