// Closed windows and the cutover, out of the client's outages.
import assert from "node:assert/strict";
import { cutover, downtimeWithin } from "../../../../../lab/rehearse/report/downtime";

const outages = [
    { product: "connect", from: 1000, to: 4000, reason: "503" },
    { product: "connect", from: 9000, to: 9500, reason: "503" },
    { product: "workbench", from: 2000, to: 3000, reason: "503" },
];

describe("downtime", () => {
    it("sums each product's outages within the span", () => {
        assert.deepEqual(downtimeWithin(outages, { from: 0, to: 10000 }), {
            packageManager: 0,
            workbench: 1,
            connect: 3.5,
        });
    });

    it("cuts outages that reach beyond the span", () => {
        assert.equal(downtimeWithin(outages, { from: 3500, to: 9100 }).connect, 0.6);
    });

    it("measures the cutover from the first product away to the last one back", () => {
        assert.equal(cutover(outages, { from: 0, to: 5000 }), 3);
    });

    it("has no cutover while a product is still away", () => {
        assert.equal(cutover([{ product: "connect", from: 1, reason: "503" }], { from: 0, to: 10 }), undefined);
    });
});
