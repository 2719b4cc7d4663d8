// What the real parser reads our reading reads; and after an edit it reads just what was wanted, with all else as it was, byte for byte.
// Proves it of gopkg.in/gcfg.v1, of which Posit's products have a fork. Does not prove what that fork does otherwise.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { editGcfg, GcfgPlace, gcfgProblem, gcfgSettings } from "../../logic/gcfg";
import { needs } from "../needs";
import { fold, gcfgPlaces, gcfgValue, gcfgValues, idOf } from "./reading";
import { go, hasReal, real, RealSetting } from "./real";
import { place, spoilt, text, wanted } from "./texts";

/** As the real parser says a switch; texts as they are. */
const asSwitch = (value: string | undefined) =>
    value === undefined
        ? null
        : /^(true|yes|on|1)$/i.test(value)
          ? "true"
          : /^(false|no|off|0)$/i.test(value)
            ? "false"
            : value;

/**
 * Settings that have no value left (a list that was emptied) are no settings. What the edit makes of a key may leave no single value for its
 * namesakes in sections of other names, which have one type: those are compared as lists.
 */
function byId(
    settings: RealSetting[],
    edited: { section: string; key: string },
): Map<string, { list: string[]; last: string | null }> {
    const alike = (one: RealSetting) =>
        fold(one.section) === fold(edited.section) && fold(one.key) === fold(edited.key);
    const rows = settings
        .map((one) => (alike(one) ? { ...one, last: null } : one))
        .filter(({ list, last }) => list.length > 0 || last !== null)
        .map((one): [string, { list: string[]; last: string | null }] => [
            idOf(one),
            { list: one.list, last: one.last },
        ]);
    return new Map(rows.sort(([a], [b]) => (a < b ? -1 : 1)));
}

describe("our reading of gcfg", () => {
    before(function () {
        this.timeout(300_000);
        needs(this, hasReal(), go);
    });

    it("is the real parser's, of what can be read", function () {
        this.timeout(300_000);
        let read = 0;
        fc.assert(
            fc.property(text, (whole) => {
                const truth = real(whole);
                const problem = gcfgProblem(whole);
                if (typeof truth === "string") {
                    assert.ok(problem, `${truth}, and we read it`);
                    return;
                }
                assert.equal(problem, undefined);
                read += 1;
                const places = gcfgPlaces(whole);
                const found = new Map(truth.map((one) => [idOf(one), one]));
                for (const one of places) {
                    const theirs = found.get(idOf(one));
                    assert.ok(theirs, `${idOf(one)} is none of theirs`);
                    assert.deepEqual(gcfgValues(whole, one.section, one.key, one.name), theirs.list);
                    if (theirs.last !== null) {
                        const ours = gcfgValue(whole, one) ?? null;
                        assert.ok(
                            ours === theirs.last || asSwitch(ours ?? undefined) === theirs.last,
                            `${ours} is ${theirs.last}`,
                        );
                    }
                    found.delete(idOf(one));
                }
                assert.deepEqual(
                    [...found.values()].filter(({ list, last }) => list.length > 0 || last !== null),
                    [],
                );
            }),
            { numRuns: 300 },
        );
        assert.ok(read > 200, `${read}`);
    });

    it("refuses what the real parser refuses, and nothing else", function () {
        this.timeout(300_000);
        let refused = 0;
        fc.assert(
            fc.property(spoilt, (whole) => {
                const theirs = real(whole);
                assert.equal(gcfgProblem(whole) !== undefined, typeof theirs === "string", JSON.stringify(theirs));
                if (typeof theirs === "string") refused += 1;
            }),
            { numRuns: 300 },
        );
        assert.ok(refused > 40 && refused < 270, `${refused}`);
    });
});

describe("our editing of gcfg", () => {
    before(function () {
        this.timeout(300_000);
        needs(this, hasReal(), go);
    });

    const readable = text.filter((whole) => gcfgProblem(whole) === undefined);
    const many = fc.array(wanted, { minLength: 1, maxLength: 3 });

    it("has the real parser read just what was wanted, all else as before, and other lines byte for byte", function () {
        this.timeout(300_000);
        let repeated = 0;
        const times = (whole: string, one: GcfgPlace) => gcfgSettings(whole, one).length;
        fc.assert(
            fc.property(
                readable,
                place,
                fc.nat(),
                fc.oneof(wanted, many, fc.constant(undefined)),
                (whole, other, nth, value) => {
                    // Mostly a setting that is there, and often enough several times.
                    const there = gcfgPlaces(whole).sort((a, b) => times(whole, b) - times(whole, a));
                    const where = nth % 4 === 0 || there.length === 0 ? other : there[nth % Math.min(there.length, 3)];
                    if (times(whole, where) > 1) repeated += 1;
                    const truth = real(whole);
                    if (typeof truth === "string") return;
                    const edited = editGcfg(whole, [{ ...where, value }]);
                    const result = real(edited);
                    assert.ok(typeof result !== "string", `${String(result)}\n${edited}`);
                    const expected = byId(truth, where);
                    expected.delete(idOf(where));
                    const got = byId(result, where);
                    const list = value === undefined ? undefined : [value].flat();
                    const mine = got.get(idOf(where));
                    assert.deepEqual(mine?.list, list);
                    const single = result.find((one) => idOf(one) === idOf(where))?.last ?? null;
                    if (list && single !== null) assert.equal(single, list[list.length - 1]);
                    got.delete(idOf(where));
                    assert.deepEqual(got, expected);
                    assert.equal(editGcfg(edited, [{ ...where, value }]), edited, "a second time changes nothing");
                    othersStay(whole, edited, where);
                },
            ),
            { numRuns: 300 },
        );
        assert.ok(repeated > 15, `${repeated}`);
    });

    /** What is gone is of that key alone, and what is new too; everything else stands in its order. */
    function othersStay(before: string, after: string, { section, key }: { section: string; key: string }): void {
        const [old, fresh] = [before, after].map((whole) => whole.split("\n"));
        // A last line that nothing closed is closed before something is put behind it.
        const last = old.pop() ?? "";
        const { gone, added } = difference(
            [...old, !fresh.includes(last) && fresh.includes(`${last}\r`) ? `${last}\r` : last],
            fresh,
        );
        for (const line of added.filter((one) => one.trim() !== "")) {
            assert.ok(isOurs(line), `${JSON.stringify(line)} is new`);
        }
        const removed = real(`[x]\n${gone.join("\n")}\n`);
        assert.ok(typeof removed !== "string", `${String(removed)}: ${gone.join("|")}`);
        assert.deepEqual(
            removed.filter((one) => fold(one.key) !== fold(key)),
            [],
            "another key is gone",
        );
        const comments = old.filter(
            (line, index) => /^[ \t\ufeff]*[;#]/.test(line) && !/\\\r?$/.test(old[index - 1] ?? ""),
        );
        for (const comment of comments) assert.ok(after.includes(comment), `${comment} is gone`);

        function isOurs(line: string): boolean {
            return line.startsWith(`${key} = `) || line.startsWith(`[${section}`);
        }
    }
});

/** By the longest row of lines that both have. */
function difference(old: string[], fresh: string[]): { gone: string[]; added: string[] } {
    const common = Array.from({ length: old.length + 1 }, () => new Array<number>(fresh.length + 1).fill(0));
    for (let i = old.length - 1; i >= 0; i--) {
        for (let j = fresh.length - 1; j >= 0; j--) {
            common[i][j] =
                old[i] === fresh[j] ? common[i + 1][j + 1] + 1 : Math.max(common[i + 1][j], common[i][j + 1]);
        }
    }
    const [gone, added]: string[][] = [[], []];
    let [i, j] = [0, 0];
    while (i < old.length || j < fresh.length) {
        if (i < old.length && j < fresh.length && old[i] === fresh[j]) [i, j] = [i + 1, j + 1];
        else if (j === fresh.length || (i < old.length && common[i + 1][j] >= common[i][j + 1])) gone.push(old[i++]);
        else added.push(fresh[j++]);
    }
    return { gone, added };
}
