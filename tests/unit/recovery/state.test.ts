// What `make state` makes of the hosts' answers: one status over every combination of them, a table, JSON.
import assert from "node:assert/strict";
import fc from "fast-check";
import { hostSides } from "../../../contract/host";
import { productIds } from "../../../products/ids";
import { judge, SeenHost, SeenSide } from "../../../recovery/standing";
import { tellState } from "../../../recovery/state";
import { hosts, play, PlayedHost, stateOf } from "./playedHosts";

type Seen = PlayedHost | "unknown";

function seen(side: string, three: Seen[]): SeenSide {
    return {
        side,
        hosts: productIds.map((product, i): SeenHost => {
            const host = three[i];
            return host === "unknown"
                ? { product, address: `${side}-${product}`, problem: "no answer" }
                : { product, address: `${side}-${product}`, state: stateOf(product, host) };
        }),
    };
}

const all = (host: Seen): Seen[] => [host, host, host];
const serving: PlayedHost = { side: "serving" };
const silent: PlayedHost = { side: "serving", healthy: false };
const staying: PlayedHost = { side: "staying", token: "t1" };
const retired: PlayedHost = { side: "retired", token: "t1" };
const quarantined: PlayedHost = { side: "quarantined", token: "t1" };
const closed: PlayedHost = { side: "closed", token: "t1" };

describe("the state of all sides", () => {
    const rows: [string, number, Seen[], Seen[]?][] = [
        ["production serves", 0, all(serving)],
        ["… beside a restored copy", 0, all(serving), all(quarantined)],
        ["the new side serves, the old one is retired", 0, all(retired), all(serving)],
        ["a final capture", 3, all(staying), all(quarantined)],
        ["… of which one host stays for another token", 4, [staying, staying, { ...staying, token: "t2" }]],
        ["a window", 4, all(closed), all(quarantined)],
        ["a product that does not answer", 4, [serving, silent, serving]],
        ["a window that is half over", 4, [serving, serving, closed]],
        ["a serve under way", 4, [staying, retired, staying], all(quarantined)],
        ["an old host that came back", 5, [serving, retired, retired], all(serving)],
        ["… though its product does not answer yet", 5, [silent, retired, retired], all(serving)],
        ["both, whoever can't be asked", 5, [serving, "unknown", "unknown"], [serving, "unknown", retired]],
        ["none", 5, all(retired), all(quarantined)],
        ["none that is known", 1, all(retired), [quarantined, quarantined, "unknown"]],
        ["an old host that can't be asked", 1, [retired, retired, "unknown"], all(serving)],
        ["a final capture with a host that can't be asked", 1, [staying, staying, "unknown"], all(quarantined)],
    ];
    for (const [what, status, old, other] of rows) {
        it(`is ${status}: ${what}`, () => {
            const sides = [seen("old", old), ...(other ? [seen("new", other)] : [])];
            const verdict = judge(sides);
            assert.equal(verdict.status, status, verdict.why);
            assert.notEqual(verdict.why, "");
        });
    }

    it("names the other file where one side alone serves nobody", () => {
        assert.match(judge([seen("old", all(retired))]).why, /name the other side's file too/);
    });

    const anyHost: fc.Arbitrary<Seen> = fc.oneof(
        { weight: 1, arbitrary: fc.constant<Seen>("unknown") },
        {
            weight: 6,
            arbitrary: fc.record<PlayedHost>({
                side: fc.constantFrom(...hostSides),
                token: fc.constantFrom("t1", "t2"),
                healthy: fc.boolean(),
            }),
        },
    );
    const anySide = fc.oneof(fc.tuple(anyHost, anyHost, anyHost), anyHost.map(all));

    it("is 0 only of one whole side, 5 whenever two serve, and never hides a host that can't be asked", () => {
        fc.assert(
            fc.property(fc.array(anySide, { minLength: 1, maxLength: 3 }), (given) => {
                const sides = given.map((three, i) => seen(`side${i}`, three));
                const { status } = judge(sides);
                const known = given.map((three) => three.filter((host): host is PlayedHost => host !== "unknown"));
                const serve = known.filter((three) => three.some(({ side }) => side === "serving")).length;
                const unknown = given.flat().includes("unknown");
                const whole = known.filter(
                    (three) => three.length === 3 && three.every(({ side, healthy }) => side === "serving" && healthy),
                ).length;
                const out = known.flat().every(({ side }) => ["retired", "quarantined", "built"].includes(side));
                assert.equal(status === 5, serve > 1 || (!unknown && out));
                assert.equal(status === 1, unknown && serve <= 1);
                assert.equal(status === 0, !unknown && serve === 1 && whole === 1);
                const stays = known.some(
                    (three) =>
                        three.length === 3 &&
                        three.every(({ side, token }) => side === "staying" && token === three[0].token),
                );
                assert.equal(status === 3, !unknown && serve === 0 && stays);
            }),
            { numRuns: 5000 },
        );
    });
});

describe("make state", () => {
    async function told(json: boolean): Promise<{ status: number; said: string }> {
        const said: string[] = [];
        const questions = play({
            packageManager: { ...staying },
            workbench: { ...staying },
            connect: { ...staying, deaf: "to all" },
        });
        const sides = [{ side: "old", hosts }];
        const status = await tellState(sides, { json, log: (line) => said.push(line), questions });
        assert.ok(
            questions.asked.every((line) => line.endsWith(" state")),
            "it only reads",
        );
        return { status, said: said.join("\n") };
    }

    it("prints a row a host, why one could not be asked, and the verdict", async () => {
        const { status, said } = await told(false);
        assert.equal(status, 1);
        assert.match(said, /^side +product +address +state +token +since +until +timers +answering$/m);
        assert.match(
            said,
            /^old +workbench +10\.0\.0\.2 +staying \(staying\) +t1 +2026-11-28T20:00:00Z +2026-11-29T20:00:00Z +- +no$/m,
        );
        assert.match(said, /^old connect: no answer$/m);
        assert.match(said, /^status 1: could not ask connect \(10\.0\.0\.3\)$/m);
    });

    it("prints the same as JSON", async () => {
        const { status, sides } = JSON.parse((await told(true)).said) as {
            status: number;
            sides: { side: string; hosts: { product: string; side?: string; problem?: string }[] }[];
        };
        assert.equal(status, 1);
        assert.deepEqual(
            sides[0].hosts.map(({ product, side, problem }) => [product, side ?? problem]),
            [
                ["packageManager", "staying"],
                ["workbench", "staying"],
                ["connect", "no answer"],
            ],
        );
    });
});
