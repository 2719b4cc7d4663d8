// The lab's `aws` has a type and a property for all that the program registers, and a cloud that does as it is told leaves nothing to do for the
// next `up`. Does not prove that AWS does as it is told.
import assert from "node:assert/strict";
import { databases } from "../../../../lab/aws/databases";
import { machines } from "../../../../lab/aws/machines";
import { network } from "../../../../lab/aws/network";
import { records } from "../../../../lab/aws/records";
import { routes } from "../../../../lab/aws/routes";
import { snapshots } from "../../../../lab/aws/snapshots";
import { tables } from "../../../../lab/aws/tables/table";
import { tags } from "../../../../lab/aws/tags";
import { things } from "../../../../lab/aws/things";
import { difference } from "../../../../lab/providerKit/diff";
import { fromStruct, Properties, toStruct } from "../../../../lab/providerKit/values";
import { others, rehearsals, Take } from "../../../golden/situations";
import type { Registration } from "../../../program/recorder";
import { obedientCloud } from "./obedientCloud";
import { created, type PlayedCloud, playCloud } from "./playedCloud";

const types = { ...network, ...routes, ...machines, ...snapshots, ...databases, ...records, ...tags, ...things };

/** As a provider gets them: secrets are plain by then. */
const received = (inputs: Properties): Properties => fromStruct(toStruct(inputs)).values;

describe("all that the program registers", function () {
    this.timeout(120_000);
    const registrations: Registration[] = [];
    let cloud: PlayedCloud;

    before(async () => {
        const take: Take = (_name, recording) =>
            registrations.push(...recording.registrations.filter(({ type }) => type.startsWith("aws:")));
        // One shape has every kind of database; the others a NAT gateway and what restores a server's snapshot.
        for (const [, steps] of rehearsals.filter(([shape]) => shape === "mixed")) await steps(take);
        await others(take);
        cloud = await playCloud(obedientCloud());
    });

    after(() => cloud.stop());

    it("is of a type that the lab has, in properties that its tables have", () => {
        const strangers = registrations.flatMap(({ type, inputs }) =>
            Object.keys(inputs)
                .filter((name) => !tables[type]?.properties[name] || /^computed/.test(tables[type].properties[name]))
                .map((name) => `${type} ${name}`),
        );
        assert.deepEqual([...new Set(strangers)], []);
        assert.ok(new Set(registrations.map(({ type }) => type)).size > 15);
    });

    it("stands as it was asked for, and leaves nothing to the next up", async () => {
        const differences = new Set<string>();
        const seen = new Set<string>();
        for (const { type, inputs, ignoreChanges } of registrations) {
            const given: Properties = { region: "us-east-1", ...received(inputs) };
            if (type.startsWith("aws:route53")) delete given.region;
            const key = JSON.stringify([type, Object.keys(given).sort()]);
            if (seen.has(key)) continue;
            seen.add(key);
            const outputs = await created(type, types[type], given);
            for (const { path, replace } of difference(types[type], outputs, given)) {
                if (!ignoreChanges.includes(path.split(/[.[]/)[0])) {
                    differences.add(`${type} ${path}${replace ? " (replaced)" : ""}: ${JSON.stringify(given[path])}`);
                }
            }
        }
        assert.deepEqual([...differences], []);
    });
});
