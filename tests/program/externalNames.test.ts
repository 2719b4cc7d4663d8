// A cutover through index.ts where a load balancer leads the names and people change it: late, halfway, the wrong way, not at all. Names are
// asked by real DNS and HTTP. Does not prove that what answers is that very host, nor what users' own resolvers keep (docs/entry-points.md).
import assert from "node:assert/strict";
import type { Serving } from "../../contract/production";
import { productIds } from "../../products";
import { Installation, Outputs } from "./installation";
import type { PlayedBalancer } from "./playedBalancer";
import { shapes } from "./shapes";
import type { Ran } from "./stackRun";

const rehearsal = { token: "2026-11-21a", reopen: true };
const final = { token: "2026-11-28a", reopen: false };
const captures = { "posit:captures": [rehearsal, final] };
const serve = { ...captures, "posit:serve": { stack: "staging" } };
const overrides = { "posit:overrides": [{ gate: "serve.back", reason: "the pilot's changes are not needed" }] };

describe("names that something else leads, through index.ts", function () {
    this.timeout(120_000);
    let here: Installation;
    let balancer: PlayedBalancer;
    let usual: PlayedBalancer["person"];
    const realNow = Date.now;

    before(async () => {
        here = await Installation.of(shapes.plain, { external: true });
        balancer = here.balancer!;
        usual = balancer.person;
    });
    after(() => here.stop());
    beforeEach(() => productIds.forEach((product) => (balancer.asked[product] = 0)));
    afterEach(() => {
        Date.now = realNow;
        balancer.person = usual;
    });

    const went = (ran: Ran) => {
        assert.equal(ran.refused, undefined);
        return ran;
    };
    const refusal = (ran: Ran): string => {
        assert.ok(ran.refused !== undefined, "it was not refused");
        assert.ok(ran.plainly, `with a stack trace: ${ran.refused}`);
        return ran.refused;
    };
    const side = () => (here.published.prod.contract.serving as Serving).side;
    const moved = (ran: Ran) =>
        ran.refused !== undefined
            ? []
            : ran.recording.registrations
                  .filter(({ name, ignoreChanges }) => /^entry-points-.*i-/.test(name) && ignoreChanges.length === 0)
                  .map(({ inputs }) => (inputs.triggers as string[])[0]);
    /** People do nothing, and the minute of patience is over at the second look. */
    const nobodyComes = () => {
        balancer.person = (product) => {
            if (balancer.asked[product] > 2) Date.now = () => realNow() + 120_000;
        };
    };

    it("are refused on the first day when they can't be seen from here, with the port and DNS that were tried", async () => {
        const elsewhere = { "posit:entryPoints": { ...balancer.entryPoints, connect: "nobody.acme.com", port: 1 } };
        const refused = refusal(await here.up("prod", elsewhere));
        assert.match(
            refused,
            /\[names\] packages\.acme\.com does not answer .*127\.0\.0\.9; no answer: .*ECONNREFUSED/,
        );
        assert.match(refused, /\[names\] nobody\.acme\.com does not answer .*DNS has no address for it here/);
    });

    it("are taken as they are by the first run that sees them", async () => {
        const ran = went(await here.up("prod", { "posit:captures": [rehearsal] }));
        assert.deepEqual(moved(ran), []);
        assert.equal(
            ran.refused === undefined && ran.recording.registrations.some(({ type }) => /route53/.test(type)),
            false,
        );
    });

    it("wait for nobody in a preview of the move, which says what has to be changed", async () => {
        await toTheCutover();
        const before: Outputs = here.published.prod;
        const { said } = went(await here.up("prod", serve, { preview: true }));
        const lines = said.filter((line) => line.includes("must lead to"));
        assert.equal(lines.length, 3);
        assert.match(
            lines[2],
            /^connect\.acme\.com leads to 127\.0\.0\.9; answers 503 → must lead to 10\.20\.1\.12, port 3939/,
        );
        assert.ok(said.some((line) => /to be changed by hand, once the hosts are ready.* waits 1 minutes/.test(line)));
        assert.equal(here.published.prod, before);
    });

    it("that nobody moves end the run when its patience is over: hosts moved, nothing published, all of it said", async () => {
        nobodyComes();
        const ran = await here.up("prod", serve);
        assert.match(
            refusal(ran),
            /^after 1 minutes these names do not answer from stack organization\/posit\/staging, which is open/,
        );
        assert.equal(
            refusal(ran).match(/ {2}- .* leads to 127\.0\.0\.9; answers 503 → must lead to 10\.20\.1\./g)?.length,
            3,
        );
        assert.ok(ran.said.some((line) => /^waiting for 0 of 1 minutes; to be changed by hand now:$/.test(line)));
        assert.equal(side(), "listed");
    });

    it("that were moved halfway end it too, and only the others are named", async () => {
        balancer.leads.packageManager = balancer.leads.workbench = "new";
        nobodyComes();
        const refused = refusal(await here.up("prod", serve));
        assert.doesNotMatch(refused, /packages|workbench/);
        assert.match(refused, /- connect\.acme\.com leads to/);
        assert.equal(side(), "listed");
    });

    it("that were moved late are found by the next run, which moves no host and publishes the new side", async () => {
        balancer.leads.connect = "new";
        const ran = went(await here.up("prod", serve));
        assert.deepEqual(moved(ran), Array(3).fill("health"));
        assert.equal(side(), "organization/posit/staging");
        const again = went(await here.up("prod", serve));
        assert.deepEqual(moved(again), []);
    });

    it("that somebody leads the wrong way later are a move: the run says so, and waits until they are back", async () => {
        balancer.leads.connect = "old";
        // Whoever has to lead it back reads what the run says first.
        balancer.person = (product) => void (balancer.asked[product] > 2 && (balancer.leads[product] = "new"));
        const ran = went(await here.up("prod", serve));
        assert.ok(
            ran.said.some((line) =>
                /^- connect\.acme\.com leads to .*answers 503 → must lead to 10\.20\.1\.12/.test(line),
            ),
        );
        assert.equal(balancer.leads.connect, "new");
    });

    it("go back as they came: refused for what users wrote, then waited for", async () => {
        assert.match(refusal(await here.up("prod", captures)), /\[serve\.back\]/);
        nobodyComes();
        assert.match(
            refusal(await here.up("prod", { ...captures, ...overrides })),
            /do not answer from the hosts in posit:current/,
        );
        assert.equal(side(), "organization/posit/staging");
        Date.now = realNow;
        balancer.person = usual;
        went(await here.up("prod", { ...captures, ...overrides }));
        assert.deepEqual({ ...balancer.leads }, { packageManager: "old", workbench: "old", connect: "old" });
        assert.equal(side(), "listed");
    });

    async function toTheCutover(): Promise<void> {
        const accepted = (phase: string) =>
            (here.published.staging.contract.receipts as Record<string, { digest: string }>)[phase].digest;
        went(await here.up("staging"));
        const install = { "posit:accepted.install": accepted("install"), "posit:phase": "migrate" };
        went(await here.up("staging", { ...install, "posit:restore": rehearsal.token }));
        went(await here.up("prod", captures));
        const migrated = { ...install, "posit:accepted.migrate": accepted("migrate") };
        went(await here.up("staging", { ...migrated, "posit:restore": final.token }));
    }
});
