// The person of the rehearsal who leads the names: reads the program's own words as the engine shows them, does just that, and is waited for. Nothing
// is led anywhere here; what a run makes of it is the rehearsal's to prove (EXTERNAL=1, FAULT=external-nobody).
import assert from "node:assert/strict";
import { foundExternal } from "../../../../entryPoints/external";
import { AskedChange, askedChange, ledFindings, personWho } from "../../../../lab/rehearse/externalNames";
import { run } from "../../../../lab/run";
import type { NamesMove, SeenName } from "../../../../logic/entryPoint";
import { perProduct, productIds, products } from "../../../../products";
import { localEndpoint, usualPort } from "../../../../products/endpoints";

const names = perProduct((product) => `${product.toLowerCase()}.example.com`);
const addressOf = (side: string, product: keyof typeof names) =>
    `10.${side === "old" ? 1 : 2}.0.${productIds.indexOf(product)}`;
const wanted: AskedChange[] = productIds.map((product) => ({
    ...{ name: names[product], address: addressOf("new", product), port: products[product].port },
}));

/** What the program says while it waits, until `seen` has answered as often as it wants. */
async function programSays(rounds: SeenName[]): Promise<{ waiting: string[]; planned: string[] }> {
    const said: string[] = [];
    const seen = (round: number) => perProduct(() => rounds[Math.min(round, rounds.length - 1)]);
    let round = 0;
    const settings = { names, scheme: "http" as const, patienceMinutes: 10 };
    const clock = { now: () => 0, sleep: async () => undefined };
    const move = {
        target: {
            key: "organization/posit/staging",
            hosts: productIds.map((product) => ({
                ...{ product, instanceId: "i", address: addressOf("new", product) },
                publicAddress: addressOf("new", product),
            })),
        },
        ...{ others: [], moves: true, forward: true, last: undefined },
    } as unknown as NamesMove;
    const local = perProduct((product) => localEndpoint("10.2.0.1", usualPort(product)));
    const plan = foundExternal(settings, local, seen(0), async () => seen(round++), clock).plan(move);
    const acts: ((say: (line: string) => void) => Promise<void>)[] = [];
    plan.lead({ record: () => assert.fail(), atTheEnd: (act) => acts.push(act) });
    for (const act of acts) await act((line) => said.push(line));
    return { waiting: said, planned: plan.byHand };
}

const closed: SeenName = { addresses: ["10.1.0.9"], answers: [{ status: 503 }] };
const open: SeenName = { addresses: ["10.2.0.9"], answers: [{ status: 200 }] };
/** As the engine shows a message while a run goes on, where there is no terminal. */
const shown = (message: string) => `    pulumi:pulumi:Stack posit-prod running ${message.split("\n")[0]}`;

describe("the person who leads the names in a rehearsal", () => {
    it("reads the program's own words, of each name once, and takes no plan for a request", async () => {
        const { waiting, planned } = await programSays([closed, closed, open]);
        assert.deepEqual(
            waiting.map(shown).flatMap((line) => askedChange(line) ?? []),
            wanted,
        );
        assert.ok(planned.some((line) => line.includes("must lead to")));
        assert.deepEqual(
            planned.flatMap((line) => askedChange(shown(line)) ?? []),
            [],
        );
        // As a refused run lists what is left, at its end.
        assert.equal(askedChange("      - a.b leads to x; answers 503 → must lead to 10.0.0.1, port 80 (X)")?.port, 80);
        assert.equal(askedChange("- a.b leads to 10.0.0.1"), undefined);
    });

    it("changes each once, in its time, and says what could not be changed", async () => {
        const { waiting } = await programSays([closed, open]);
        const led: AskedChange[] = [];
        const person = personWho(async (change) => void led.push({ ...change }), [30, 1, 10]);
        // Said again each minute, and in the end once more.
        for (const line of [...waiting, ...waiting]) person.hear(shown(line));
        await person.finished();
        assert.deepEqual(
            led.map(({ name }) => name),
            [1, 2, 0].map((index) => wanted[index].name),
        );
        assert.equal(person.changes.length, 3);
        assert.ok(person.changes.every(({ done }) => done !== undefined));
        const unlucky = personWho(() => Promise.reject(new Error("no such zone")), [1]);
        unlucky.hear(shown(waiting[1]));
        await assert.rejects(unlucky.finished(), /no such zone/);
    });

    it("finds what was not asked for, was not needed, was not done, or was not waited for", () => {
        const done = wanted.map((change, index) => ({ ...change, done: 100 + index }));
        assert.deepEqual(ledFindings({ changes: done, endedAt: 110 }, wanted), []);
        assert.match(ledFindings({ changes: done.slice(1), endedAt: 110 }, wanted).join(), /^never asked for: package/);
        const odd = { ...wanted[0], port: 1, done: 1 };
        assert.match(ledFindings({ changes: [...done, odd], endedAt: 110 }, wanted).join(), /^not needed: .*port 1$/);
        assert.match(
            ledFindings({ changes: [{ ...wanted[0] }, ...done.slice(1)], endedAt: 110 }, wanted).join(),
            /^not done: /,
        );
        assert.match(ledFindings({ changes: done, endedAt: 101 }, wanted).join(), /ended before it was done: connect/);
    });

    it("hears whole lines, however they come", async () => {
        const heard: string[] = [];
        const pieces = "printf 'one \\342\\206'; sleep 0.2; printf '\\222 two\\nthr'; sleep 0.2; printf 'ee'";
        const { stdout } = await run("bash", ["-c", pieces], { onLine: (line) => heard.push(line) });
        assert.deepEqual(heard, ["one → two", "three"]);
        assert.equal(stdout, "one → two\nthree");
    });
});
