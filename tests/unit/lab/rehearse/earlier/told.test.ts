// What has to be written otherwise in stack files is found wherever it is, and nothing counts as told but by its name.
import assert from "node:assert/strict";
import { added, changedPlaces, changesBetween, otherReceipts, untold } from "../../../../../lab/rehearse/earlier/told";

const before = {
    "posit:operatingSystem": { ami: "ami-1", codename: "trixie" },
    "posit:connect": { version: "1", database: { kind: "sqlite" } },
    "posit:differs": true,
    "posit:zones": ["a", "b"],
};
const after = {
    "posit:operatingSystem": { ami: "ami-1", family: "debian" },
    "posit:connect": { database: { kind: "sqlite" }, version: "1" },
    "posit:zones": ["a"],
};

describe("what is written otherwise", () => {
    it("is told as deep as it goes", () => {
        assert.deepEqual(changedPlaces(before, after), [
            "posit:differs",
            "posit:operatingSystem.codename",
            "posit:operatingSystem.family",
            "posit:zones",
        ]);
        assert.deepEqual(changedPlaces(before, before), []);
    });

    it("becomes a commit that takes away what there is no longer", () => {
        const changes = changesBetween(before, after);
        assert.deepEqual(JSON.parse(JSON.stringify({ ...before, ...changes })), after);
        assert.ok("posit:differs" in changes && changes["posit:differs"] === undefined);
    });
});

describe("receipts", () => {
    it("are others where their digest is, never because they are not published", () => {
        const accepted = { install: "sha256:1", migrate: "sha256:2" };
        const install = { digest: "sha256:1" };
        assert.deepEqual(otherReceipts(accepted, { receipts: { install, migrate: { digest: "sha256:2" } } }), {});
        assert.deepEqual(otherReceipts(accepted, { receipts: { migrate: { digest: "sha256:3" } } }), {
            migrate: "sha256:3",
        });
        assert.deepEqual(otherReceipts({}, { receipts: { install, migrate: undefined } }), { install: "sha256:1" });
    });
});

describe("what users were told", () => {
    const old = "# Changelog\n\n- `operatingSystem.codename` came.\n";
    const since = added(
        old,
        `${old}- \`differs\` of a product is gone. Zones are fewer; \`operatingSystem: {ami, family}\`.\n`,
    );

    it("is what was added since", () => {
        assert.doesNotMatch(since, /came/);
        assert.match(since, /gone/);
    });

    it("names a place by its path or by its last word, in backticks", () => {
        assert.deepEqual(untold(changedPlaces(before, after), since), [
            "posit:operatingSystem.codename",
            "posit:zones",
        ]);
        assert.deepEqual(untold(["posit:operatingSystem.codename"], "`operatingSystem.codename` is gone"), []);
        assert.deepEqual(untold(["posit:operatingSystem.codename"], "`codename` is gone"), []);
        assert.deepEqual(untold(["posit:secrets.staging.a"], "`posit:secrets.staging.a`"), []);
        assert.deepEqual(untold(["posit:zones"], "`timezones`, `zones-of-old`"), ["posit:zones"]);
        assert.deepEqual(untold([], ""), []);
    });
});
