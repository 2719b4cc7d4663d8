// The logical names and options of every resource, by role and situation, as reviewers agreed to them. They are state keys: what changes here
// is deleted, created or replaced in users' stacks, so it changes on purpose only: `npm run golden` writes the files anew, and the commit shows.
//
// Proves what is asked of the engine. Does not prove what an old state makes of it (make rehearse).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { differences, listing } from "./listing";
import {
    cutover,
    externalCutover,
    inExistingNetwork,
    others,
    rehearsals,
    Take,
    withPreparedServer,
} from "./situations";

const writes = process.env.GOLDEN === "write";
// What is written anew proves nothing.
assert.ok(!writes || !process.env.CI, "GOLDEN=write is for a person who reads the difference");
const taken = new Set<string>();
/** Of the situations below, those that came to their end. */
let whole = 0;

async function held(steps: (take: Take) => Promise<void>): Promise<void> {
    const findings: string[] = [];
    await steps((name, recording) => findings.push(...hold(name, listing(recording))));
    // All situations at once, so that one look tells what a change comes to.
    whole += 1;
    if (findings.length > 0) assert.fail([explanation, ...findings].join("\n"));
}

function hold(name: string, text: string): string[] {
    const file = path.join(__dirname, `${name}.txt`);
    taken.add(`${name}.txt`);
    if (writes) {
        fs.writeFileSync(file, text);
        return [];
    }
    if (!fs.existsSync(file)) return [`tests/golden/${name}.txt is not there`];
    const found = differences(fs.readFileSync(file, "utf8"), text);
    return found.length === 0 ? [] : [`tests/golden/${name}.txt:`, ...found];
}

const explanation =
    "What is registered is not what tests/golden has. A logical name or type that changes is deleted and made anew in users' stacks, so this " +
    "changes on purpose only (with an alias where something only got another name): `npm run golden` writes the files; say why in the commit.";

describe("logical names, parents, order and options", function () {
    this.timeout(120_000);

    for (const [shape, steps] of rehearsals) {
        it(`of installing, capturing and restoring a production of shape ${shape}`, () => held(steps));
    }
    it("of a cutover and the way back", () => held(cutover));
    it("of a cutover and the way back, where something else leads the names", () => held(externalCutover));
    it("of captures that wait, of server snapshots, of a network with NAT", () => held(others));

    it("of an environment in a network that is there", () => held(inExistingNetwork));
    it("of a database server that stands before its capture", () => held(withPreparedServer));

    it("are all that is held: no file is left behind", () => {
        const files = fs.readdirSync(__dirname).filter((file) => file.endsWith(".txt"));
        const left = files.filter((file) => !taken.has(file));
        if (!writes) {
            assert.deepEqual(left, [], "no situation writes these: `npm run golden` takes them away");
            return;
        }
        assert.equal(whole, rehearsals.length + 5, "not all situations came to their end: nothing is taken away");
        left.forEach((file) => fs.rmSync(path.join(__dirname, file)));
    });
});
