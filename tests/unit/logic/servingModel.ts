// Runs that move who serves, for serving.model.test.ts, over two sides (servingSides.ts): an engine that remembers commands and records. A run
// asks, plans with the program's own planServing, and carries out, until it is done or killed. Broken on purpose by `defect`.
import type { Serving } from "../../../contract/production";
import { planServing, ServingPlan } from "../../../logic/serving";
import type { PlannedCommand } from "../../../logic/servingCommands";
import type { HeldRecords } from "../../../logic/servingRecords";
import { productIds, type ProductId } from "../../../products/ids";
import { Failed, Host, isLive, stepsOf } from "./servingHosts";
import { Defect, ExternalDefect, Sides, Up, Violation } from "./servingSides";
import { addressOf, Asked, leadingTo, migrated, names, question, recordsOf } from "./servingWorld";

class Killed extends Error {}

const gateNames = ["serve.window", "serve.back", "serve.unreachable", "final"];

export class World extends Sides {
    private readonly commands = new Map<string, string>();
    private readonly records = new Map<ProductId, string>();
    private moves = 0;
    /** The side that a run with overrides has begun to move to. */
    private accepted?: string;
    private steps = 0;
    private killedAfter = Infinity;

    constructor(defect?: Defect | ExternalDefect) {
        super(defect);
        for (const product of productIds) {
            this.records.set(product, JSON.stringify([addressOf("listed", product), undefined]));
        }
    }

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
