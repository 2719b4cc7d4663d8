// The moment databases are restored to. That a server restored to it has what it should is the rehearsal's to prove.
import { strict as assert } from "node:assert";
import fc from "fast-check";
import { nextQuietMoment, quietTimeLeft } from "../../../../logic/capture/quietMoment";

const times = fc.date({ min: new Date("2026-01-01"), max: new Date("2030-01-01"), noInvalidDate: true });

describe("the moment databases are restored to", () => {
    it("is a whole second, at least half a second after quiet and at most one and a half", () => {
        fc.assert(
            fc.property(times, (quiet) => {
                const moment = nextQuietMoment(quiet);
                assert.equal(moment.getMilliseconds(), 0);
                const wait = moment.getTime() - quiet.getTime();
                assert.ok(wait >= 500 && wait < 1500, String(wait));
            }),
        );
    });

    it("keeps production closed until its second and one more are over, never two and a half seconds in all", () => {
        fc.assert(
            fc.property(times, (quiet) => {
                const left = quietTimeLeft(nextQuietMoment(quiet), quiet);
                assert.ok(left > 1500 && left <= 2500, String(left));
            }),
        );
    });

    for (const [seconds, left] of [
        [0, 1001],
        [0.999, 2],
        [1, 1],
        [1.001, 0],
        [60, 0],
    ]) {
        it(`leaves ${left} ms of quiet ${seconds} s after it`, () => {
            const moment = new Date("2026-11-24T10:00:00Z");
            assert.equal(quietTimeLeft(moment, new Date(moment.getTime() + seconds * 1000)), left);
        });
    }
});
