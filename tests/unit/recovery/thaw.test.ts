// What `make thaw` does with hosts in every combination of states, and with hosts that can't be reached. Does not prove that a host opens
// (tests/unit/hosts, make faults).
import assert from "node:assert/strict";
import fc from "fast-check";
import { HostSide, hostSides } from "../../../contract/host";
import { perProduct, ProductId, productIds } from "../../../products";
import { askHosts, stubborn } from "../../../recovery/questions";
import { stayersAre, thaw, ThawOptions, ThawStatus } from "../../../recovery/thaw";
import { ConnectionError } from "../../../remote/connection";
import { sshServer, silentPort, stopServers } from "../remote/sshServers";
import { addresses, hosts, play, PlayedHost } from "./playedHosts";

type Side = Record<ProductId, PlayedHost>;

async function thawed(
    side: Side,
    options: Partial<ThawOptions> = {},
): Promise<{ status: ThawStatus; asked: string[]; said: string }> {
    const questions = play(side);
    const said: string[] = [];
    const status = await thaw(hosts, { startSeconds: 1, ...options, questions, log: (line) => said.push(line) });
    return { status, asked: questions.asked, said: said.join("\n") };
}

const all = (host: PlayedHost): Side => ({
    packageManager: { ...host },
    workbench: { ...host },
    connect: { ...host },
});
const staying: Readonly<PlayedHost> = Object.freeze({ side: "staying" as const, token: "t1" });
const opened = (asked: string[]) => asked.filter((line) => line.endsWith("reopen open") || line.endsWith("revive"));

describe("thawing", () => {
    it("names every host by its product and address", async () => {
        const { said } = await thawed(all({ side: "serving" }));
        for (const product of productIds) assert.ok(said.includes(`${product} (${addresses[product]}): open`));
    });

    it("opens what a broken window left closed", async () => {
        const { status, said } = await thawed(all({ side: "closed", token: "t1" }));
        assert.equal(status, 0);
        assert.match(said, /connect \(10\.0\.0\.3\): opened/);
    });

    it("asks all at once: one that hangs keeps no other closed", async () => {
        const side: Side = { ...all({ side: "closed" }), packageManager: { side: "closed", hangs: true } };
        const questions = play(side);
        const lines: string[] = [];
        void thaw(hosts, { questions, log: (line) => lines.push(line) });
        await new Promise((resolve) => setTimeout(resolve, 20));
        assert.deepEqual(lines.sort(), ["connect (10.0.0.3): opened", "workbench (10.0.0.2): opened"]);
    });

    it("leaves a final capture whose every host stays, and says since and until when", async () => {
        const { status, asked, said } = await thawed(all(staying));
        assert.equal(status, 3);
        assert.deepEqual(
            asked.filter((line) => !line.endsWith("state")),
            [],
        );
        assert.match(
            said,
            /connect .*stays closed on purpose for capture t1 since 2026-11-28T20:00:00Z, opens by itself at 2026-11-29/,
        );
    });

    it("leaves a serve under way", async () => {
        const { status, asked } = await thawed({ ...all(staying), connect: { side: "retired", token: "t1" } });
        assert.equal(status, 3);
        assert.deepEqual(opened(asked), []);
    });

    it("opens one that stays beside one that is open: that window is broken", async () => {
        for (const other of ["serving", "closed"] as const) {
            const { status } = await thawed({ ...all({ side: other }), workbench: { ...staying } });
            assert.equal(status, 0);
        }
    });

    it("leaves one that stays beside one that can't be asked, and does not call that well", async () => {
        const { status, asked, said } = await thawed({
            ...all(staying),
            workbench: { side: "serving", deaf: "to all" },
        });
        assert.equal(status, 1);
        assert.deepEqual(opened(asked), []);
        assert.match(said, /workbench .*could not be opened, and may be closed: .* by-hand/);
        assert.match(said, /connect .*whether the others do can't be asked/);
    });

    it("tells one that can't say how it stands to open all the same", async () => {
        const { status, asked } = await thawed({
            ...all({ side: "closed" }),
            connect: { side: "closed", deaf: "to state" },
        });
        assert.equal(status, 0);
        assert.ok(asked.includes("connect reopen leave"));
        // and takes its word for how it stood
        const left = await thawed({ ...all(staying), connect: { ...staying, deaf: "to state" } });
        assert.equal(left.status, 3);
    });

    it("does not call production open where its file names a side that users don't work on", async () => {
        for (const side of ["quarantined", "built"] as const) {
            const { status, asked } = await thawed(all({ side }));
            assert.equal(status, 1);
            assert.equal(asked.length, 3, "it only looked");
        }
    });

    it("gives up when it is told so", async () => {
        assert.equal((await thawed(all(staying), { giveUp: true })).status, 0);
        const serving = { ...all({ ...staying }), connect: { side: "retired", token: "t1" } as PlayedHost };
        const { status, asked } = await thawed(serving, { giveUp: true });
        assert.equal(status, 1);
        assert.ok(!asked.includes("connect revive"));
    });

    it("leaves a retired side, and opens it when it is told so", async () => {
        assert.equal((await thawed(all({ side: "retired", token: "t1" }))).status, 1);
        const { status, asked } = await thawed(all({ side: "retired", token: "t1" }), { evenRetired: true });
        assert.equal(status, 0);
        assert.equal(opened(asked).length, 3);
    });

    it("does not call open what does not answer", async () => {
        for (const host of [
            { side: "closed", healthy: false },
            { side: "serving", healthy: false },
        ] as PlayedHost[]) {
            assert.equal((await thawed({ ...all({ side: "closed" }), connect: host })).status, 1);
        }
        const revived = { ...all({ side: "serving" }), connect: { side: "retired", healthy: false } as PlayedHost };
        assert.equal((await thawed(revived, { evenRetired: true, startSeconds: 0 })).status, 1);
    });
});

/** One that can't say how it stands says only whether its product answers. */
const made: HostSide[] = ["quarantined", "built"];
const anyHost = fc.record({
    side: fc.constantFrom(...hostSides),
    token: fc.constantFrom("", "t1", "t2"),
    healthy: fc.boolean(),
    deaf: fc.constantFrom(undefined, undefined, "to state" as const, "to all" as const),
});

describe("thawing any side", () => {
    it("opens what it should, leaves what it should, and says 0 only of what answers", async () => {
        await fc.assert(
            fc.asyncProperty(fc.tuple(anyHost, anyHost, anyHost), fc.boolean(), async (three, giveUp) => {
                const before = three.map((host) => ({ ...host }));
                const side = perProduct((product) => three[productIds.indexOf(product)]);
                const { status, asked } = await thawed(side, { giveUp });
                const open = productIds
                    .map((product) => side[product])
                    .every(
                        ({ side: where, healthy, deaf }) =>
                            (where === "serving" || (deaf === "to state" && made.includes(where))) &&
                            healthy &&
                            deaf !== "to all",
                    );
                assert.equal(status === 0, open, "0 is said of exactly what is open and answers");
                const deaf = before.some((host) => host.deaf === "to all");
                // A host that can't be asked and whose thaw fails is as good as one that can't be asked.
                const purpose = before.every(({ side: where }) => where === "staying" || where === "retired");
                const tokens = new Set(before.map(({ token }) => token).filter(Boolean));
                if (!giveUp && (deaf || (purpose && tokens.size <= 1))) {
                    productIds.forEach((product, i) => {
                        if (before[i].side === "staying") {
                            assert.ok(!asked.includes(`${product} reopen open`), "what stays on purpose is left");
                        }
                    });
                }
                productIds.forEach((product, i) => {
                    assert.ok(!asked.includes(`${product} revive`), "a retired host is not revived unasked");
                    if (before[i].side === "closed" && before[i].deaf !== "to all" && before[i].healthy) {
                        assert.equal(side[product].side, "serving", "what a window left closed is opened");
                    }
                });
                if (status === 3) {
                    assert.ok(!giveUp && purpose && !deaf && before.some((host) => host.side === "staying"));
                    assert.deepEqual(opened(asked), []);
                }
            }),
            { numRuns: 1000 },
        );
    });

    it("judges those that stay by all of the others", () => {
        const of = (kind: "staying" | "retired" | "other" | "unknown", token = "t1") => ({ kind, token });
        assert.equal(stayersAre([of("staying"), of("staying"), of("retired", "")]), "on purpose");
        assert.equal(stayersAre([of("staying"), of("staying", "t2"), of("staying")]), "broken");
        assert.equal(stayersAre([of("staying"), of("other"), of("unknown")]), "unclear");
        assert.equal(stayersAre([of("staying"), of("other"), of("staying")]), "broken");
    });
});

describe("thawing over SSH", () => {
    after(stopServers);

    it("survives a bastion that goes away, dialling again, and a first host that says nothing", async () => {
        const scripts: string[] = [];
        const host = await sshServer({
            answer: (command) => {
                scripts.push(command);
                if (scripts.length === 1) bastion.reset();
                const open = { state: "opened", note: "" };
                const state = {
                    product: "connect",
                    host: "h",
                    side: "closed",
                    state: "frozen",
                    token: "t",
                    since: "",
                    until: "",
                };
                const answer = command.includes("reopen")
                    ? open
                    : { ...state, timers: [], answering: false, running: [] };
                return { stdout: `${JSON.stringify(answer)}\n` };
            },
        });
        const bastion = await sshServer();
        const silent = await silentPort();
        const said: string[] = [];
        const real = { ...host.address, bastion: bastion.asBastion };
        const begun = Date.now();
        let others = 0;
        const status = await thaw(
            { packageManager: silent, workbench: real, connect: real },
            {
                log: (line) => {
                    said.push(line);
                    if (line.includes(": opened")) others = Date.now() - begun;
                },
                startSeconds: 1,
                questions: {
                    ...askHosts,
                    state: (target, product) =>
                        target === silent
                            ? Promise.reject(new ConnectionError("does not answer", true))
                            : askHosts.state(target, product),
                    reopen: (target, product, how) =>
                        target === silent
                            ? Promise.reject(new ConnectionError("does not answer", true))
                            : askHosts.reopen(target, product, how),
                },
            },
        );
        assert.equal(status, 1);
        assert.equal(said.filter((line) => line.includes(": opened")).length, 2, said.join("\n"));
        assert.ok(others < 12_000, `${others} ms`);
    });

    it("tries again only what may pass, and not for ever", async () => {
        const quick = { tries: 3, seconds: 60, firstPause: 1 };
        let tries = 0;
        const failing = (passing: boolean) => async () => {
            tries += 1;
            throw new ConnectionError("no", passing);
        };
        await assert.rejects(stubborn(quick, failing(true)));
        assert.equal(tries, 3);
        await assert.rejects(stubborn(quick, failing(false)));
        assert.equal(tries, 4);
        await assert.rejects(stubborn({ ...quick, seconds: -1 }, failing(true)));
        assert.equal(tries, 5);
        assert.equal(
            await stubborn(quick, async () => (tries++ < 6 ? Promise.reject(new ConnectionError("", true)) : "x")),
            "x",
        );
    });
});
