// The plan of who serves, attacked: weeks of runs that are done, refused, killed after any step, run again or reverted, between thaws by hand,
// reboots, hosts that die and come back. Whatever happened, a run that succeeds ends with one side serving and all names leading there, what is
// published is so, and without an override nothing that users wrote is lost. A run that ended early, and its revert, are let through as long as
// nobody wrote where they take users away. The same where people lead the names. Each of the defects below, put in, is found.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { productIds } from "../../../products";
import { ExternalWorld } from "./servingExternalModel";
import { World } from "./servingModel";
import { Defect, ExternalDefect, Up, Violation } from "./servingSides";

type Event =
    | ({ kind: "up" } & Up)
    | { kind: "thaw" | "thawAll" | "openEvenRetired" | "reboot" | "die" | "comeBack"; host: number }
    | { kind: "captureAndRestore" | "usersWrite" }
    | { kind: "lead"; product: number; side: "listed" | "new" };

const order = fc.array(fc.nat(8), { maxLength: 6 });
const serve = fc.constantFrom("listed" as const, "new" as const);
const run = {
    kind: fc.constant("up" as const),
    serve,
    forced: fc.boolean(),
    killedAfter: fc.option(fc.nat(45), { nil: undefined }),
    order,
};
const up: fc.Arbitrary<Event> = fc.record(run);
const host = fc.nat(5);
const onHost: fc.Arbitrary<Event> = fc.record({
    kind: fc.constantFrom("thaw", "thawAll", "openEvenRetired", "reboot", "die", "comeBack"),
    host,
});
const byItself: fc.Arbitrary<Event> = fc.record({ kind: fc.constantFrom("captureAndRestore", "usersWrite") });
const weeks = fc.array(
    fc.oneof({ arbitrary: up, weight: 4 }, { arbitrary: onHost, weight: 3 }, { arbitrary: byItself, weight: 1 }),
    { minLength: 1, maxLength: 9 },
);

/** Where people lead the names: as a run asks them to, or not at all, or to either side, or without being asked. */
const led = fc.array(fc.option(serve, { nil: undefined }), { minLength: 3, maxLength: 3 });
const upWithPeople: fc.Arbitrary<Event> = fc.record({
    ...run,
    // As often to their end: that is where the names are.
    killedAfter: fc.option(fc.nat(60), { nil: undefined, freq: 2 }),
    people: fc.option(led, { nil: undefined, freq: 2 }),
});
const byPeople: fc.Arbitrary<Event> = fc.record({
    kind: fc.constant("lead" as const),
    product: fc.nat(2),
    side: serve,
});
const weeksWithPeople = fc.array(
    fc.oneof(
        { arbitrary: upWithPeople, weight: 4 },
        { arbitrary: byPeople, weight: 2 },
        { arbitrary: onHost, weight: 2 },
        { arbitrary: byItself, weight: 1 },
    ),
    { minLength: 1, maxLength: 9 },
);

function happen(world: World, event: Event): void {
    switch (event.kind) {
        case "lead":
            if (world instanceof ExternalWorld) world.lead(productIds[event.product], event.side);
            break;
        case "up":
            world.up(event);
            break;
        case "captureAndRestore":
        case "usersWrite":
            world[event.kind]();
            break;
        case "thawAll":
            world.of("listed").forEach((one) => world.thaw(one));
            break;
        default:
            world[event.kind](world.hosts[event.host]);
    }
    world.usersWrite();
    world.nothingIsRefusedForNothing();
}

/** After all of it: with every host there and every loss accepted, one run leads anywhere, and another one has nothing to do. */
function settle(world: World, wanted: "listed" | "new"): void {
    world.hosts.forEach((one) => world.comeBack(one));
    const run: Up = { serve: wanted, forced: true, order: [] };
    if (world.up(run) !== "done") throw new Violation(`no way to ${wanted}: ${JSON.stringify(world.plan(run).unmet)}`);
    standsStill(world, wanted);
    // The side that gave way is stopped for weeks; a harmless edit, twice.
    world.of(wanted === "new" ? "listed" : "new").forEach((one) => world.die(one));
    standsStill(world, wanted);
    standsStill(world, wanted);
}

function standsStill(world: World, wanted: "listed" | "new"): void {
    const run: Up = { serve: wanted, forced: false, order: [] };
    const before = published(world);
    const { commands, unmet } = world.plan(run);
    const runs = commands.filter(({ fresh }) => fresh).map(({ action, key }) => `${action} ${key}`);
    if (runs.length > 0) throw new Violation(`a run that moves nothing runs ${runs.join(", ")}`);
    if (world.up(run) !== "done") throw new Violation(`a run that moves nothing is refused: ${JSON.stringify(unmet)}`);
    if (published(world) !== before) throw new Violation("a run that moves nothing publishes another thing");
}

/** But for what listed hosts answer, which any run may learn that finds them at work (tests/unit/entryPoints/external.test.ts). */
function published({ lastServed }: World): string {
    return JSON.stringify(lastServed, (key, value) => (key === "listedStatus" ? undefined : value));
}

const lives = (defect: Defect | undefined) =>
    fc.property(weeks, serve, (events, wanted) => live(new World(defect), events, wanted));
const livesWithPeople = (defect: ExternalDefect | undefined) =>
    fc.property(weeksWithPeople, serve, (events, wanted) => live(new ExternalWorld(defect), events, wanted));

function live(world: World, events: Event[], wanted: "listed" | "new"): void {
    events.forEach((event) => happen(world, event));
    settle(world, wanted);
}

describe("who serves, through whole lives of a production", function () {
    this.timeout(60_000);

    it("is one side, where all names lead, whatever was killed, run again or reverted", () => {
        fc.assert(lives(undefined), { numRuns: Number(process.env.RUNS ?? 2_500) });
    });

    const defects: Defect[] = [
        "outputs are believed instead of hosts",
        "gates are skipped by last outputs",
        "a dead host blocks every run",
        "a dead host is skipped silently",
        "a side that was taken back stays masked",
        "a thaw under way still counts as staying",
        "a host that comes back is not looked at",
        "the zone is believed to be as it was published",
        "a host that could not note that it was retired counts as opened",
        "the way back costs an override wherever names lead",
    ];
    for (const defect of defects) {
        it(`is found wrong when ${defect}`, () => {
            const { failed, errorInstance } = fc.check(lives(defect), { numRuns: 4_000 });
            assert.ok(failed, "nothing was found");
            assert.ok(errorInstance instanceof Violation, String(errorInstance));
        });
    }
});

describe("who serves, where people lead the names", function () {
    this.timeout(60_000);

    it("is one side, where all names were seen to lead, however late, halfway or wrong they were led", () => {
        fc.assert(livesWithPeople(undefined), { numRuns: Number(process.env.RUNS ?? 2_500) });
    });

    const defects: ExternalDefect[] = [
        "nobody waits for the names",
        "a name that was moved once is not looked at again",
        "people are thought to be only where names lead now",
    ];
    for (const defect of defects) {
        it(`is found wrong when ${defect}`, () => {
            const { failed, errorInstance } = fc.check(livesWithPeople(defect), { numRuns: 8_000 });
            assert.ok(failed, "nothing was found");
            assert.ok(errorInstance instanceof Violation, String(errorInstance));
        });
    }
});
