// Who serves, and the move to it, as a value: what is refused, which commands run on which hosts in which order, what leads the names, what
// is published when all that has been done. Pure, from what hosts and names say now; last outputs only keep what stands from running again.
// Components carry it out (components/entryPoints.ts); tests/unit/logic/serving.model.test.ts attacks it.
import type { CaptureConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest, Serving } from "../contract/production";
import type { PerProduct } from "../products/ids";
import type { FoundNames, NamesPlan } from "./entryPoint";
import { checkServeGates, checkWayBack } from "./serveGates";
import { PlannedCommand, planCommands } from "./servingCommands";
import { HostReport, isDown, isServing, isUp, SideReport } from "./sideReport";
import { Loss, remaining, Unmet } from "./unmet";
import { mayStillServe, unknownOf, unreachable } from "./unreachable";

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
    /** The names as they were found; absent where none are declared. */
    names?: FoundNames;
    last?: Serving;
    lastNames?: Partial<PerProduct<string>>;
    /** By token, as this stack published them. */
    captures: Record<string, CaptureManifest>;
    configured: CaptureConfig[];
    overrides: { gate: string }[];
    /** Names this move, should it be one: another one at each run. */
    move: string;
    now: Date;
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
    /** Of the names; absent where none are declared. */
    names?: NamesPlan;
    published: Serving;
}

/** A stay that ends sooner than this is worth a word. */
const nearMinutes = 30;

export function planServing(question: ServingQuestion): ServingPlan {
    const { current, target, others, last, lastNames, overrides } = question;
    const forward = target.key !== current;
    const moves = target.hosts.some(isDown) || (last !== undefined && last.side !== target.key);
    const names = question.names?.plan({ target, others, moves, forward, last, lastNames });
    const moving = moves || (names?.away ?? false);
    const standingOpposite = others.some((side) => side.hosts.some(isUp));
    const made =
        target.hosts.every(isServing) && others.every(({ hosts }) => hosts.every((host) => host.state && !isUp(host)));
    const abandoned = others.filter(
        (side) => side.key !== current && (last?.side === side.key || question.names?.leadsTo(side)),
    );
    const gated = moving && !made;
    const unmet = [
        ...(names?.unmet ?? []),
        ...notAsked(question, moving, moving || standingOpposite),
        ...(moving ? unresolved(question) : []),
        ...neverServed(question),
        ...(gated && forward ? forwardGates(question) : []),
        ...(gated ? abandoned.map(checkWayBack) : []),
    ];
    const commands = planCommands(question, moving, gated);
    return {
        unmet: remaining(unmet, overrides),
        warnings: [
            ...unknownHosts(question, moving),
            ...(gated && forward ? stayEndsSoon(question) : []),
            ...(moving ? [] : (names?.warnings ?? [])),
        ],
        changesToTell: gated && forward ? stayingSince(question) : [],
        moving,
        commands,
        ...(names && { names }),
        published: publication(question, commands, names),
    };
}

// ---- refusals ----

/** A side that can't be asked in full is not moved to; one that may still serve is not left behind, unless the cloud says that it rests. */
function notAsked({ target, others }: ServingQuestion, moving: boolean, acting: boolean): Unmet[] {
    const missing = "It is to serve, so it must be there: start it, then run this again";
    const lost = "what it has that no capture has is lost then";
    return [
        ...(acting ? unknownOf(target).map((host) => unreachable(target, host, missing, true)) : []),
        ...(moving ? others.flatMap((side) => unknownOf(side).map((host) => mayStillServe(side, host, lost))) : []),
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
            firm: true,
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
        unknownOf(side).map(
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

// ---- what is published once it is done ----

function publication(question: ServingQuestion, commands: PlannedCommand[], names: NamesPlan | undefined): Serving {
    const { target, targetOutputs } = question;
    return {
        side: target.key,
        ...gaveWay(question),
        ...(targetOutputs?.restored !== undefined && { token: targetOutputs.restored }),
        commands: Object.fromEntries(commands.map(({ key, action, move }) => [key, { action, move }])),
        records: names?.published ?? {},
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
