// What is predicted of AWS, by the table's numbers. Does not prove that AWS takes as long: nobody has tried it, and a rehearsal there replaces rows.
import assert from "node:assert/strict";
import { chances, drawn, longestOf, spreadOf } from "../../../../logic/aws/draws";
import { CarriedHow, DatabaseSize, Installation, predict, predictDatabase } from "../../../../logic/aws/predict";
import { awsTimings, AwsTiming } from "../../../../logic/aws/timing";
import { inWords, predictionLines, preparedLines } from "../../../../logic/aws/told";

const gigabytes = 1e9;
const fourVolumes = Array.from({ length: 4 }, () => ({ gib: 125 }));

function installation(how: CarriedHow, bytes = 2 * gigabytes, size: Partial<DatabaseSize> = {}): Installation {
    return { volumes: fourVolumes, databases: [{ how, size: { bytes, ...size } }], names: 3 };
}

const minutes = (seconds: number) => seconds / 60;

describe("the table of AWS's timings", () => {
    it("says of each row where it is from, and its slow case is the slow one", () => {
        for (const [name, row] of Object.entries(awsTimings) as [string, AwsTiming][]) {
            assert.ok(row.source.length > 20, name);
            assert.ok(row.p50 > 0 && row.p90 > 0, name);
            assert.equal(row.unit === undefined ? row.p90 > row.p50 : row.p90 < row.p50, true, name);
            assert.ok(row.stuck === undefined || row.stuck.seconds > row.p90, name);
        }
    });

    // As the sources have them; the arithmetic is ours.
    const publishedRates: [string, number, AwsTiming][] = [
        ["65.8 GiB in 50 to 65 minutes", (65.8 * 1024) / (57.5 * 60), awsTimings.firstCopy],
        ["18 GiB in 26 min 40 s", (18 * 1024) / 1600, awsTimings.changedCopy],
        ["58 GiB in 46 min 25 s", (58 * 1024) / 2785, awsTimings.coldRead],
        ["70 GB dumped in 19 minutes", 70_000 / (19 * 60), awsTimings.dump],
        ["70 GB loaded in 27 minutes", 70_000 / (27 * 60), awsTimings.load],
    ];
    for (const [what, rate, row] of publishedRates) {
        it(`has the rate of ${what}`, () => {
            assert.ok(Math.abs(rate - row.p50) < row.p50 * 0.06, `${rate} and ${row.p50}`);
        });
    }
});

describe("a draw", () => {
    it("meets p50 and p90 of its row, and hangs as often as it says", () => {
        const chance = chances(7);
        const row: AwsTiming = { p50: 20, p90: 60, rank: "assumed", source: "" };
        const values = Array.from({ length: 20_000 }, () => drawn(row, chance));
        const { p50, p90 } = spreadOf(values);
        assert.ok(Math.abs(p50 - 20) < 1 && Math.abs(p90 - 60) < 3, `${p50} ${p90}`);
        const hanging = { ...row, stuck: { probability: 0.05, seconds: 5000 } };
        const stuck = Array.from({ length: 20_000 }, () => drawn(hanging, chance)).filter((one) => one === 5000);
        assert.ok(Math.abs(stuck.length / 20_000 - 0.05) < 0.01, `${stuck.length}`);
    });

    it("is slow in the tenth of a rate that has a slow p90", () => {
        const chance = chances(7);
        const rates = Array.from({ length: 20_000 }, () => drawn(awsTimings.dump, chance));
        assert.ok(Math.abs(rates.filter((rate) => rate < awsTimings.dump.p90).length / 20_000 - 0.1) < 0.01);
    });

    it("is the same again from the same seed", () => {
        const [one, other] = [chances(3), chances(3)];
        assert.deepEqual([one(), one()], [other(), other()]);
        assert.equal(
            longestOf([], () => 1),
            0,
        );
    });
});

describe("a prediction", () => {
    // Of a Monte Carlo over the same sources that was made before this one, with 500 GiB on four volumes and three separate commits: minutes. That
    // one took the server that is loaded for standing, and the former ones for gone; the program makes and deletes them in the restore.
    const former = minutes(awsTimings.serverDeleted.p50);
    const newServer = minutes(awsTimings.freshServer.p50);
    const earlier: [CarriedHow, number, number][] = [
        ["pointInTime", 33 + former, 46 + former],
        ["snapshot", 24 + former, 33 + former],
        ["dumped", 12 + newServer + former, 19 + newServer + former],
    ];
    for (const [how, p50, p90] of earlier) {
        it(`of ${how} agrees with an earlier one`, () => {
            const { cutover } = predict(installation(how));
            assert.ok(Math.abs(minutes(cutover.p50) - p50) < p50 * 0.15, `${minutes(cutover.p50)}`);
            assert.ok(Math.abs(minutes(cutover.p90) - p90) < p90 * 0.35, `${minutes(cutover.p90)}`);
        });
    }

    it("is the same each time", () => {
        assert.deepEqual(predict(installation("pointInTime")), predict(installation("pointInTime")));
    });

    it("names the longest part", () => {
        assert.equal(predict(installation("pointInTime")).longest.name, "database restore");
        const big = installation("dumped", 50 * gigabytes, { dumpBytes: 5 * gigabytes });
        assert.equal(predict(big).longest.name, "load");
        assert.equal(predict(installation("dumped")).longest.name, "new server");
        const { longest } = predict({ ...installation("onVolume"), volumes: [{ gib: 500, changedMib: 18 * 1024 }] });
        assert.equal(longest.name, "copies complete");
        assert.ok(Math.abs(minutes(longest.p50) - 28) < 2, `${minutes(longest.p50)}`);
    });

    it("has in a window that opens again what production is closed for", () => {
        const names = (how: CarriedHow) => predict(installation(how)).window.parts.map(({ name }) => name);
        assert.deepEqual(names("pointInTime"), ["stop", "quiet and requests", "start"]);
        assert.deepEqual(names("snapshot"), ["stop", "quiet and requests", "database snapshot", "start"]);
        assert.deepEqual(names("dumped"), ["stop", "dump", "quiet and requests", "start"]);
    });

    it("grows with what is dumped, not with what is restored", () => {
        const former = awsTimings.serverDeleted.p50;
        const restore = (how: CarriedHow, bytes: number) => predict(installation(how, bytes)).restore.p50 - former;
        assert.ok(restore("dumped", 20 * gigabytes) > 1.7 * restore("dumped", 2 * gigabytes));
        assert.equal(restore("snapshot", 20 * gigabytes), restore("snapshot", 2 * gigabytes));
    });

    it("loads a dump no quicker than its restored volume is read", () => {
        const dump = installation("dumped", 20 * gigabytes, { dumpBytes: 20 * gigabytes });
        const cold = predict(dump).restore.p50;
        const filled = predict({ ...dump, initializationRate: 300 }).restore.p50;
        assert.ok(filled < cold * 0.75, `${filled} and ${cold}`);
    });

    it("starts, dumps and loads a server's own files only once they are restored", () => {
        const [folder, dumped] = [predict(installation("folder")), predict(installation("dumped"))];
        assert.ok(!folder.window.parts.some(({ name }) => name === "dump"));
        assert.ok(folder.restore.p50 > dumped.restore.p50);
    });

    it("says nothing of snapshots of volumes whose sizes are not known", () => {
        assert.ok(predict(installation("snapshot")).warmUp);
        assert.equal(predict({ ...installation("snapshot"), volumes: [{ gib: 1 }, {}] }).warmUp, undefined);
    });

    it("waits for the biggest volume that has no snapshot yet, and goes by the last one where there is one", () => {
        const warmUp = (volume: Installation["volumes"][number]) =>
            predict({ ...installation("snapshot"), volumes: [volume, { lastCopy: 20 }] }).warmUp!.p50;
        const [first, later] = [warmUp({ gib: 100 }), warmUp({ gib: 100, copied: true })];
        assert.ok(first > 3 * later, `${first} ${later}`);
        assert.ok(Math.abs(warmUp({ lastCopy: 120 }) - 120) < 5);
    });

    it("goes by the dry run of a dump, and by the class of its server", () => {
        const part = (size: Partial<DatabaseSize>, wanted: string) =>
            predict(installation("dumped", 4 * gigabytes, size)).cutover.parts.find(({ name }) => name === wanted)!.p50;
        assert.ok(Math.abs(part({ dumpSeconds: 300 }, "dump") - 300) < 10);
        assert.ok(part({ weak: true }, "load") > 1.5 * part({}, "load"));
        assert.ok(part({ dumpBytes: 4 * gigabytes }, "dumps' copy") > 2.5 * part({}, "dumps' copy"));
    });

    it("makes a server for what is loaded, also where its size is not known", () => {
        const { restore } = predict({ ...installation("dumped"), databases: [{ how: "dumped" }] });
        assert.ok(restore.parts.some(({ name }) => name === "new server"));
    });

    it("of one database is what a cutover is longer by", () => {
        for (const how of ["pointInTime", "snapshot", "dumped", "folder"] as const) {
            const volumes = [{}];
            const size = { bytes: 5 * gigabytes };
            const one = predict({ volumes, databases: [{ how, size }], names: 0 }).cutover.p50;
            const none = predict({ volumes, databases: [], names: 0 }).cutover.p50;
            const { p50, p90 } = predictDatabase({ how, size });
            // Former servers are deleted whichever way is taken.
            const longer = one - none - awsTimings.serverDeleted.p50;
            assert.ok(Math.abs(p50 - longer) < 150 && p90 > p50, `${how}: ${p50}, ${one} and ${none}`);
        }
        assert.deepEqual(predictDatabase({ how: "onVolume" }), { p50: 0, p90: 0, parts: [] });
    });

    it("has nothing of names that people lead, and of installations without a database", () => {
        const { cutover } = predict({ volumes: [{ gib: 10 }], databases: [], names: 0 });
        const names = cutover.parts.map(({ name }) => name);
        for (const absent of ["names", "dump", "dumps' copy", "new server", "load", "database restore"] as const) {
            assert.ok(!names.includes(absent), absent);
        }
    });

    it("takes what was measured here before the table", () => {
        const { restore } = predict({ ...installation("onVolume"), measured: { repairsAndChecks: 600 } });
        const repairs = restore.parts.find(({ name }) => name === "repairs and checks");
        assert.ok(repairs && Math.abs(repairs.p50 - 600) < 20 && Math.abs(repairs.p90 - 900) < 30);
    });

    it("proposes a notice that nine of ten cutovers keep, in steps of five minutes", () => {
        for (const how of ["pointInTime", "snapshot", "dumped", "onVolume"] as const) {
            const { backMinutes, cutover } = predict(installation(how));
            assert.equal(backMinutes % 5, 0);
            assert.ok(backMinutes * 60 >= cutover.p90 && (backMinutes - 5) * 60 < cutover.p90);
        }
    });
});

describe("a server that stands before the capture", () => {
    const prepared = (how: CarriedHow): Installation => {
        const of = installation(how);
        return { ...of, databases: of.databases.map((database) => ({ ...database, prepared: true })) };
    };
    const nobody = { token: "2026-11-28a", stacks: [] };

    it("is not waited for, whichever way its content comes to it", () => {
        for (const how of ["dumped", "folder"] as const) {
            const names = (of: Installation) => predict(of).restore.parts.map(({ name }) => name);
            assert.ok(names(installation(how)).includes("new server"));
            assert.ok(!names(prepared(how)).includes("new server"));
            const [without, stands] = [installation(how), prepared(how)].map((of) => predict(of).cutover.p50);
            // Volumes are waited for all the same, half a minute of it side by side with the server.
            assert.ok(without - stands > 0.7 * awsTimings.freshServer.p50, `${without} and ${stands}`);
        }
    });

    it("changes nothing where nothing is loaded", () => {
        for (const how of ["pointInTime", "snapshot", "onVolume"] as const) {
            assert.deepEqual(predict(prepared(how)), predict(installation(how)));
        }
    });

    it("is proposed with what it would spare, also where it would change the way", () => {
        const ifPrepared = prepared("dumped");
        for (const how of ["dumped", "snapshot"] as const) {
            const [line, ...more] = preparedLines({ ...nobody, installation: installation(how), ifPrepared });
            assert.match(
                line,
                /^a cutover some \d+ min shorter .* set posit:prepare: 2026-11-28a in the environment's stack/,
            );
            assert.deepEqual(more, []);
        }
        const alike = installation("pointInTime");
        assert.deepEqual(preparedLines({ ...nobody, installation: alike, ifPrepared: alike }), []);
    });

    it("is named with its stack, and with nothing to load", () => {
        const said = (how: CarriedHow) =>
            preparedLines({
                ...{ token: "t", stacks: ["acme/posit/staging"] },
                ...{ installation: prepared(how), ifPrepared: prepared(how) },
            });
        assert.deepEqual(said("dumped"), [
            "the server for its dumps stands in acme/posit/staging (posit:prepare), and nobody waits for it to be made",
        ]);
        assert.match(said("snapshot")[0], /stands in acme\/posit\/staging .* will stay empty: nothing is dumped$/);
    });
});

describe("a prediction in words", () => {
    const said = (of: Installation) => predictionLines(predict(of), of);

    it("has window, restore, cutover, its longest part and the notice", () => {
        const lines = said(installation("pointInTime"));
        assert.match(lines[0], /published figures/);
        for (const what of [
            /^closed by a capture that opens again: 2\d s \(/,
            /^a restore: \d\d min \(\d\d min\)$/,
            /^the cutover.*: 3\d min \(\d\d min\); longest part: RDS's restore, 2\d min \(\d\d min\)$/,
            /^backMinutes: \d[05] is proposed/,
        ]) {
            assert.equal(lines.filter((line) => what.test(line)).length, 1, `${String(what)} in ${lines.join("\n")}`);
        }
        assert.equal(lines.length, 6);
    });

    it("says what is not in it", () => {
        const lines = said({ volumes: fourVolumes, databases: [{ how: "dumped" }], names: 0 });
        assert.equal(lines.filter((line) => line.startsWith("not in it: ")).length, 2);
    });

    it("is no more precise than it is", () => {
        assert.deepEqual(
            [3.46, 89, 91, 5399, 5400].map((seconds) => inWords({ p50: seconds, p90: seconds }).split(" (")[0]),
            ["3 s", "89 s", "2 min", "90 min", "1.5 h"],
        );
    });
});
