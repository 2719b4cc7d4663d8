// A small world in which sides serve, for serving.model.test.ts: hosts as the scripts leave them after each of their steps (hosts/serve.sh,
// state.sh, thaw.sh, quarantine.sh), a zone, an engine that remembers commands and records, users who write where a name leads. A run asks,
// plans with the program's own planServing, and carries out, until it is done or killed. Broken on purpose by `defect`.
import type { HostState } from "../../../contract/host";
import type { Serving } from "../../../contract/production";
import { planServing, ServingPlan } from "../../../logic/serving";
import type { PlannedCommand } from "../../../logic/servingCommands";
import type { HeldRecords } from "../../../logic/servingRecords";
import type { HostReport, SideReport } from "../../../logic/sideReport";
import { productIds, type ProductId } from "../../../products/ids";
import { Failed, Host, isLive, revive, sideOf, stateOf, stepsOf } from "./servingHosts";
import {
    addressOf,
    Asked,
    hostState,
    leadingTo,
    migrated,
    names,
    published,
    question,
    recordsOf,
} from "./servingWorld";

/** What the program, or a host's script, once did wrong. */
export type Defect =
    | "outputs are believed instead of hosts" // H2
    | "gates are skipped by last outputs" // M7
    | "a dead host blocks every run" // M8
    | "a dead host is skipped silently" // M8
    | "a side that was taken back stays masked" // M9
    | "a thaw under way still counts as staying" // M18
    | "a host that comes back is not looked at" // the returning host
    | "the zone is believed to be as it was published"
    | "a host that could not note that it was retired counts as opened"
    | "the way back costs an override wherever names lead";

/** What it might do wrong where people lead the names (servingExternalModel.ts). */
export type ExternalDefect =
    | "nobody waits for the names"
    | "a name that was moved once is not looked at again"
    | "people are thought to be only where names lead now";

export interface Up {
    serve: "listed" | "new";
    /** Every gate is overridden. */
    forced: boolean;
    /** Killed after so many steps. */
    killedAfter?: number;
    /** Which of the commands that may run is run. */
    order: number[];
    /** What people do with names that only they lead, one for each product; all that they are asked to when absent. */
    people?: Led[];
}

/** A name is led to a side; undefined: nobody touches it. */
export type Led = "listed" | "new" | undefined;

class Killed extends Error {}

/** Something that must never be. */
export class Violation extends Error {}

const gateNames = ["serve.window", "serve.back", "serve.unreachable", "final"];

export class World {
    readonly hosts: Host[] = [];
    zone: Record<string, string> = {};
    token = "f0";
    lastServed: Serving;
    private readonly commands = new Map<string, string>();
    private readonly records = new Map<ProductId, string>();
    private moves = 0;
    /** The side that a run with overrides has begun to move to. */
    private accepted?: string;
    /** A run that ended before it was done, as long as nothing has happened since that it would have to answer for. */
    protected interrupted?: { run: Up; writes: number[] };
    private steps = 0;
    private killedAfter = Infinity;

    constructor(protected readonly defect?: Defect | ExternalDefect) {
        for (const side of ["listed", "new"] as const) {
            for (const product of productIds) {
                const common = {
                    side,
                    product,
                    alive: true,
                    halfway: false,
                    masked: false,
                    writes: 0,
                    captured: 0,
                    foreign: false,
                };
                const marker = { token: this.token, state: "absent" };
                this.hosts.push({ ...common, marker, live: side === "listed", running: true });
            }
        }
        this.of("new").forEach((host) => (host.quarantined = ""));
        productIds.forEach((product) => {
            this.zone[product] = addressOf("listed", product);
            this.records.set(product, JSON.stringify([addressOf("listed", product), undefined]));
        });
        this.lastServed = { side: "listed", commands: {}, records: published("listed") };
        this.captureAndRestore();
    }

    of(side: string): Host[] {
        return this.hosts.filter((host) => host.side === side);
    }

    // ---- what happens by itself, or by hand ----

    /** Users come where a name leads, if something answers there. */
    usersWrite(): void {
        for (const host of this.hosts) {
            if (host.alive && host.running && this.zone[host.product] === addressOf(host.side, host.product)) {
                host.writes++;
            }
        }
    }

    /** A final capture of what serves, restored on the other side. Only while the listed side serves, as last outputs and hosts say. */
    captureAndRestore(): void {
        const listed = this.of("listed");
        const allowed =
            this.hosts.every(({ alive }) => alive) &&
            this.lastServed.side === "listed" &&
            listed.every((host) => sideOf(host) === "serving" && host.running) &&
            this.of("new").every((host) => sideOf(host) === "quarantined");
        if (!allowed) {
            return;
        }
        this.interrupted = undefined;
        this.token = `f${Number(this.token.slice(1)) + 1}`;
        for (const host of listed) {
            Object.assign(host, { running: false, staying: this.token, captured: host.writes });
            host.marker = {
                token: this.token,
                state: "staying",
                closedAt: "c",
                frozenAt: "f",
                stayingSince: "s",
                quiet: {},
            };
        }
        for (const host of this.of("new")) {
            Object.assign(host, { running: false, live: false, quarantined: this.token, halfway: false, writes: 0 });
            if (this.defect !== "a side that was taken back stays masked") {
                host.masked = false;
            }
            if (host.masked) {
                throw new Violation(`${host.product} can't be started after the restore: its unit is masked`);
            }
            host.running = true;
        }
    }

    thaw(host: Host): void {
        if (!host.alive || host.staying === undefined || host.retired !== undefined) {
            return;
        }
        this.interrupted = undefined;
        host.running = !host.masked;
        host.live = true;
        // Slow to answer: the flag is taken away only when it has.
        if (this.defect !== "a thaw under way still counts as staying") {
            Object.assign(host.marker, { thawingAt: "t", openedBy: "by-hand", state: "open" });
            host.staying = undefined;
        }
    }

    /** `make thaw EVEN_RETIRED=1` */
    openEvenRetired(host: Host): void {
        if (host.alive && host.retired !== undefined) {
            this.interrupted = undefined;
            revive(host).forEach((step) => step());
            host.foreign = true;
        }
    }

    reboot(host: Host): void {
        if (!host.alive) {
            return;
        }
        if (host.staying !== undefined && host.retired === undefined) {
            Object.assign(host.marker, { thawingAt: "t", openedBy: "boot", state: "open" });
            host.staying = undefined;
        }
        host.running = !host.masked;
    }

    die(host: Host): void {
        Object.assign(host, { alive: false, running: false });
    }

    comeBack(host: Host): void {
        if (!host.alive) {
            host.alive = true;
            host.foreign = true;
            this.reboot(host);
        }
    }

    // ---- a run ----

    /** Answers whether it was refused, failed, was killed, or is done. Throws a Violation. */
    up(run: Up): "refused" | "failed" | "killed" | "done" {
        this.steps = 0;
        this.killedAfter = run.killedAfter ?? Infinity;
        const plan = this.plan(run);
        if (plan.unmet.length > 0) {
            return "refused";
        }
        // A run whose losses were accepted may have done all but the names; what is left is only to be finished.
        const finished = this.accepted === run.serve && this.isMade(run.serve);
        if (run.forced) {
            this.accepted = run.serve;
        }
        const before = this.hosts.map(({ writes, captured }) => ({ writes, captured }));
        this.interrupted = { run, writes: before.map(({ writes }) => writes) };
        try {
            this.carryOut(plan, run);
        } catch (error) {
            if (this.defect === "gates are skipped by last outputs") {
                this.lastServed = plan.published;
            }
            if (error instanceof Killed) {
                return "killed";
            }
            if (error instanceof Failed) {
                return "failed";
            }
            throw error;
        }
        this.interrupted = undefined;
        const from = this.lastServed;
        this.lastServed = plan.published;
        this.mustHold({ ...run, forced: run.forced || finished }, from, before);
        this.accepted = undefined;
        return "done";
    }

    /**
     * After a run that was let through and did not get to its end, nothing is refused but for what happened since. Users write where a side
     * serves and its name leads. So long as nobody opened a host by hand, and every host can be asked: the same commit once more takes nothing
     * away as long as no user wrote since on a side that gives way to it; its revert, as long as none ever wrote on the copy that was to
     * serve. (Only forward: on the way back the old side runs again before its names lead there, and is no capture's any longer.)
     */
    nothingIsRefusedForNothing(): void {
        if (!this.interrupted || this.hosts.some(({ alive }) => !alive)) {
            return;
        }
        const { run, writes } = this.interrupted;
        if (!this.hosts.some((host, index) => host.side !== run.serve && host.writes > writes[index])) {
            this.mustBeLetThrough(run, "the same commit once more");
        }
        const copy = this.of("new");
        if (run.serve === "new" && this.lastServed.side === "listed" && copy.every((host) => this.isUnused(host))) {
            this.mustBeLetThrough({ ...run, serve: "listed", forced: false }, "its revert");
        }
    }

    protected isUnused(copy: Host): boolean {
        return copy.writes === 0;
    }

    private mustBeLetThrough(run: Up, what: string): void {
        const { unmet } = this.plan(run);
        if (unmet.length > 0) {
            throw new Violation(`a run was let through, did not end, and ${what} is refused: ${JSON.stringify(unmet)}`);
        }
    }

    private isMade(serve: string): boolean {
        return this.hosts.every((host) => isLive(host) === (host.side === serve));
    }

    plan({ serve, forced }: Up): ServingPlan {
        const [target, ...others] = [serve, serve === "listed" ? "new" : "listed"].map((key) => this.report(key));
        const asked: Asked = {
            target,
            others,
            targetOutputs: serve === "new" ? { ...migrated, restored: this.token } : undefined,
            ...this.namesAsked(),
            last: this.lastServed,
            captures: { [this.token]: { ...question().captures.f, token: this.token } },
            overrides: forced ? gateNames.map((gate) => ({ gate })) : [],
            move: `m${++this.moves}`,
        };
        const plan = planServing(question(asked));
        if (this.defect === "gates are skipped by last outputs" && this.lastServed.side === serve) {
            plan.unmet = [];
        }
        if (this.defect === "a dead host blocks every run" && this.hosts.some(({ alive }) => !alive)) {
            plan.unmet = [{ gate: "serve.unreachable", condition: "" }];
        }
        if (
            this.defect === "a host that could not note that it was retired counts as opened" &&
            plan.moving &&
            !forced &&
            others.some(({ hosts }) =>
                hosts.some(({ state, marker }) => state?.side === "retired" && marker?.state === "staying"),
            )
        ) {
            plan.unmet.push({ gate: "serve.window", condition: "" });
        }
        if (this.defect === "the way back costs an override wherever names lead" && serve === "listed" && !forced) {
            plan.unmet.push(...(plan.moving ? [{ gate: "serve.back" as const, condition: "" }] : []));
        }
        return plan;
    }

    protected namesAsked(): Asked {
        const held: HeldRecords =
            this.defect === "the zone is believed to be as it was published"
                ? leadingTo(this.lastServed.side)
                : Object.fromEntries(
                      productIds.map((product) => [
                          names[product],
                          [{ type: "A", values: [this.zone[product]], ttl: 60 }],
                      ]),
                  );
        return { held };
    }

    private report(key: string): SideReport {
        return {
            key,
            hosts: this.of(key).map((host): HostReport => {
                const instanceId = `i-${key}-${host.product}`;
                const address = addressOf(key, host.product);
                const common = { product: host.product, instanceId, address, publicAddress: address };
                const state = this.stateAsked(host, instanceId);
                return state
                    ? { ...common, state, marker: { ...host.marker } }
                    : { ...common, unknown: "no answer", cloud: "stopped" };
            }),
        };
    }

    private stateAsked(host: Host, instanceId: string): HostState | undefined {
        const down = host.side === "listed" ? "retired" : "quarantined";
        const as = (side: HostState["side"]) =>
            hostState(host.product, { side, token: this.token, running: side === "serving" ? ["x active"] : [] });
        const last = this.lastServed;
        if (this.defect === "outputs are believed instead of hosts" && host.alive) {
            return last.side !== host.side ? as(down) : host.staying !== undefined ? stateOf(host) : as("serving");
        }
        if (
            this.defect === "a host that comes back is not looked at" &&
            last.commands?.[instanceId]?.action === "retire" &&
            last.side !== host.side
        ) {
            return as(down);
        }
        if (host.alive) {
            return stateOf(host);
        }
        return this.defect === "a dead host is skipped silently"
            ? as(last.side === host.side ? "staying" : down)
            : undefined;
    }

    private carryOut(plan: ServingPlan, run: Up): void {
        const { order } = run;
        const waiting = [...plan.commands];
        const done = new Set<string>();
        for (let turn = 0; waiting.length > 0; turn++) {
            const ready = waiting.filter(({ after }) => after.every((key) => done.has(key)));
            const next = ready[(order[turn % Math.max(1, order.length)] ?? 0) % ready.length];
            waiting.splice(waiting.indexOf(next), 1);
            this.command(next);
            done.add(next.key);
        }
        for (const key of [...this.commands.keys()]) {
            if (!plan.commands.some((command) => command.key === key)) {
                this.commands.delete(key);
            }
        }
        this.leadNames(plan, run);
    }

    protected leadNames(plan: ServingPlan, _run: Up): void {
        const records = recordsOf(plan);
        records.forEach(({ product, value, overwrite }) => {
            const wanted = JSON.stringify([value, overwrite]);
            if (this.records.get(product) !== wanted) {
                this.step(() => (this.zone[product] = value));
                this.step(() => this.records.set(product, wanted));
            }
        });
        if (plan.moving && records.some(({ product, value }) => this.zone[product] !== value)) {
            throw new Failed("a name leads elsewhere");
        }
    }

    private command({ key, side, product, action, move, fresh, variables }: PlannedCommand): void {
        const wanted = JSON.stringify([action, move]);
        if (!fresh && this.commands.has(key)) {
            return; // left as it is, whatever it says
        }
        const host = this.of(side).find((one) => one.product === product)!;
        if (!host.alive) {
            if (this.defect === "a dead host is skipped silently") {
                return;
            }
            if (!fresh) {
                throw new Violation(`a command that stands dials ${side} ${product}, which is dead`);
            }
            throw new Failed(`${side} ${product} is dead`);
        }
        for (const step of stepsOf(host, action, variables)) {
            this.step(step);
        }
        this.step(() => this.commands.set(key, wanted));
    }

    protected step(step: () => unknown): void {
        if (this.steps++ >= this.killedAfter) {
            throw new Killed();
        }
        step();
        for (const product of productIds) {
            const live = this.hosts.filter((host) => host.product === product && isLive(host));
            if (live.length > 1 && !live.some(({ foreign }) => foreign)) {
                throw new Violation(`both sides serve ${product} in the middle of a run`);
            }
        }
        this.usersWrite();
    }

    // ---- what must hold after a run that succeeded ----

    protected mustLead(_host: Host): boolean {
        return true;
    }

    private mustHold({ serve, forced }: Up, from: Serving, before: { writes: number; captured: number }[]): void {
        const say = (what: string) => {
            throw new Violation(`after a run that succeeded, ${serve} to serve: ${what}`);
        };
        if (this.lastServed.side !== serve) say(`${this.lastServed.side} is published`);
        for (const host of this.hosts) {
            if (host.side === serve) {
                if (this.mustLead(host) && this.zone[host.product] !== addressOf(serve, host.product))
                    say(`${host.product} leads elsewhere`);
                if (!host.alive && from.side !== serve) say(`${host.product} was moved to, and is dead`);
                const closedOnPurpose = host.staying !== undefined && from.side === serve;
                if (host.alive && !isLive(host) && !closedOnPurpose) say(`${host.product} does not serve`);
            } else {
                if (isLive(host)) say(`${host.product} of ${host.side} serves too`);
                if (!host.alive && !forced && from.side !== serve)
                    say(`${host.product} of ${host.side} was left unasked`);
                host.foreign = false;
            }
        }
        if (forced || from.side === serve) return;
        this.hosts.forEach((host, index) => {
            const lost =
                host.side === serve ? 0 : before[index].writes - (serve === "new" ? before[index].captured : 0);
            if (lost > 0) say(`${host.product} of ${host.side} has ${lost} writes that nobody accepted to lose`);
        });
    }
}
