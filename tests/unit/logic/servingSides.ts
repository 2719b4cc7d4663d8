// Two sides that can serve, for servingModel.ts: hosts as the scripts leave them after each of their steps (hosts/serve.sh, state.sh, thaw.sh,
// quarantine.sh), a zone, users who write where a name leads; what happens there by itself or by hand, and what hosts say when they are asked.
import type { HostState } from "../../../contract/host";
import type { Serving } from "../../../contract/production";
import type { HostReport, SideReport } from "../../../logic/sideReport";
import { productIds } from "../../../products/ids";
import { Host, revive, sideOf, stateOf } from "./servingHosts";
import { addressOf, hostState, published } from "./servingWorld";

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

/** Something that must never be. */
export class Violation extends Error {}

export class Sides {
    readonly hosts: Host[] = [];
    zone: Record<string, string> = {};
    token = "f0";
    lastServed: Serving;
    /** A run that ended before it was done, as long as nothing has happened since that it would have to answer for. */
    protected interrupted?: { run: Up; writes: number[] };

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
        productIds.forEach((product) => (this.zone[product] = addressOf("listed", product)));
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

    // ---- what it says when a run asks ----

    protected report(key: string): SideReport {
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
}
