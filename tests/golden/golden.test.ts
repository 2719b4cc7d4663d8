// The logical names and options of every resource, by role and situation, as reviewers agreed to them. They are state keys: what changes here
// is deleted, created or replaced in users' stacks, so it changes on purpose only: `npm run golden` writes the files anew, and the commit shows.
//
// Proves what is asked of the engine. Does not prove what an old state makes of it (make rehearse).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Recording } from "../program/recorder";
import { differences, listing } from "./listing";
import { cutover, others, rehearsals } from "./situations";

const writes = process.env.GOLDEN === "write";
const taken = new Set<string>();

function hold(name: string, recording: Recording): void {
    const file = path.join(__dirname, `${name}.txt`);
    const text = listing(recording);
    taken.add(`${name}.txt`);
    if (writes) {
        fs.writeFileSync(file, text);
        return;
    }
    assert.ok(fs.existsSync(file), `tests/golden/${name}.txt is not there: \`npm run golden\` writes it; commit it`);
    const found = differences(fs.readFileSync(file, "utf8"), text);
    assert.ok(found.length === 0, `${explanation(name)}\n${found.join("\n")}`);
}

const explanation = (name: string) =>
    `${name}: not what tests/golden/${name}.txt has. A logical name or type that changes is deleted and made anew in users' stacks. ` +
    `If that is meant (with an alias where something only got another name), \`npm run golden\` writes the files; say why in the commit.`;

describe("logical names, parents, order and options", function () {
    this.timeout(120_000);

    for (const [shape, steps] of rehearsals) {
        it(`of installing, capturing and restoring a production of shape ${shape}`, () => steps(hold));
    }
    it("of a cutover and the way back", () => cutover(hold));
    it("of captures that wait, of server snapshots, of a network with NAT", () => others(hold));

    it("are all that is held: no file is left behind", () => {
        const files = fs.readdirSync(__dirname).filter((file) => file.endsWith(".txt"));
        const left = files.filter((file) => !taken.has(file));
        if (writes) left.forEach((file) => fs.rmSync(path.join(__dirname, file)));
        else assert.deepEqual(left, [], "no situation writes these: `npm run golden` takes them away");
    });
});
