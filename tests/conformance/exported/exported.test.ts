// States that a stack really had (EXPORTS=folder: files of `pulumi stack export`) through the check that recorded ones go through: models, rules, and
// played on moto. What today's program is known for is told, and fails nothing.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { readExports, StackState } from "../exports";
import { Finding, findingsIn } from "../findings";
import { isKnown } from "../known";
import { replayed } from "../replay/replay";
import { sourceIn } from "./sources";

const folder = process.env.EXPORTS ?? "";
const files = fs.existsSync(folder) ? fs.readdirSync(folder).filter((file) => file.endsWith(".json")) : [];

describe(`exported states of ${folder}`, () => {
    let states: StackState[];
    let found: Finding[];
    before(() => {
        states = readExports(folder);
        // Its production is the one that is named in it, with servers as its captures found them.
        const server = sourceIn(files.sort().map((file) => fs.readFileSync(path.join(folder, file), "utf8")));
        console.log(`      production's servers: ${JSON.stringify(server)}`);
        const plays = states.map((state) => ({ state, server }));
        found = [...findingsIn(states), ...replayed(plays).findings];
    });

    it("are there", () => {
        assert.ok(files.length > 0, `EXPORTS=${folder}: there is no export`);
        assert.equal(states.length, files.length);
    });

    for (const file of files) {
        it(`${file} is what AWS's models and rules allow`, () => {
            const own = found.filter(({ stack }) => `${stack}.json` === file);
            const told = ({ rule, resource, says }: Finding) => `${rule}: ${resource}: ${says}`;
            for (const known of new Set(own.filter(isKnown).map(({ rule, about }) => `${rule}: ${about}`))) {
                console.log(`      known: ${known}`);
            }
            assert.deepEqual(own.filter((finding) => !isKnown(finding)).map(told), []);
        });
    }
});
