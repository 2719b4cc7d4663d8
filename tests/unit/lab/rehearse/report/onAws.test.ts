// What the rehearsal's report predicts of AWS, from the final capture's manifest.
import assert from "node:assert/strict";
import { renderHtml } from "../../../../../lab/rehearse/report/html";
import { predictedOf } from "../../../../../lab/rehearse/report/onAws";
import { sampleReport } from "./sampleReport";

const volume = (volumeId: string, mount: string) => ({
    ...{ volumeId, mount, size: 20 },
    ...{ product: "connect" as const, snapshotId: "snap-1" },
});
const named = { product: "connect" as const, role: "main" as const, name: "connect", user: "connect" };
const server = {
    ...{ server: "legacy-db", method: "pointInTime" as const, engineVersion: "15.8" },
    databases: [named],
};
const plain = { volumes: [volume("vol-1", "/a"), volume("vol-1", "/b")], databases: [server], volumeDatabases: [] };
const dumped = { ...named, method: "dump" as const, path: "/x", engineVersion: "15.8" };

describe("what the report predicts of AWS", () => {
    it("has window, restore and cutover, the longest part and the notice", () => {
        const { prediction, lines } = predictedOf(plain, { size: 0.2 });
        assert.equal(prediction.longest.name, "database restore");
        assert.match(lines.join("\n"), /longest part: RDS's restore/);
        assert.match(lines.join("\n"), /backMinutes: \d+ is proposed/);
        const html = renderHtml({ ...sampleReport(), onAws: { prediction, lines } });
        assert.match(html, /<h2>Predicted for AWS<\/h2><p>[^<]*published figures[^<]*<\/p><ul><li>the first snapshots/);
        assert.match(html, /<td>database restore<\/td><td>\d+ min/);
        assert.doesNotMatch(renderHtml(sampleReport()), /Predicted for AWS/);
    });

    it("knows how much is in the database that is dumped, and who moves the names", () => {
        const of = { ...plain, databases: [], volumeDatabases: [dumped] };
        const load = (size: number) =>
            predictedOf(of, { size, external: true }).prediction.cutover.parts.find(({ name }) => name === "load")?.p50;
        assert.ok(load(20)! > 50 * load(0.2)!);
        assert.match(predictedOf(of, { size: 1, external: true }).lines.join("\n"), /not in it: people who lead/);
    });
});
