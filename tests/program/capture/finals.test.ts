// What becomes of a final capture from one `up` to the next: it stays final while its hosts stay, and what stays for nothing is opened. Does not
// prove that hosts say the truth (tests/unit/hosts) or that the engine keeps outputs (the rehearsal).
import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import type { CaptureManifest } from "../../../contract/production";
import { manifests } from "../../../stacks/capture/manifests";
import { registered } from "../../../stacks/capture/registered";
import { at, everyHost, final, ids, opened, PlayedProduction, stayed } from "./playedProduction";

const kept = { tk1: final };
const stays = [{ token: "tk1", reopen: false }];

describe("final captures from run to run", () => {
    const here = new PlayedProduction();
    before(() => here.start());
    after(() => here.stop());
    beforeEach(() => here.staying());

    it("leave a final one final while its hosts stay, and while another side serves instead", async () => {
        assert.deepEqual((await here.up(stays, kept)).published, kept);
        here.hosts = everyHost(() => ({ marker: { ...stayed, state: "retired" }, side: "retired", token: "tk1" }));
        assert.deepEqual((await here.up(stays, kept)).published, kept);
        assert.deepEqual(here.reopened, []);
        assert.deepEqual(here.said, []);
    });

    it("say of a final one who was opened, open the others, and never call it final again", async () => {
        here.hosts.workbench = { marker: { ...stayed, ...opened("dead-man") }, side: "serving", token: "" };
        const { published } = await here.up(stays, kept);
        assert.equal(published.tk1.state, "complete");
        assert.equal(published.tk1.final, false);
        assert.deepEqual(published.tk1.openedSince?.sort(), [
            `connect at ${at(600)} by "given-up"`,
            `packageManager at ${at(600)} by "given-up"`,
            `workbench at ${at(600)} by "dead-man"`,
        ]);
        assert.deepEqual(here.reopened.sort(), ["connect", "packageManager"]);
        for (const reopen of [true, false]) {
            const again = await here.up([{ token: "tk1", reopen }], published);
            assert.deepEqual(again.published, published);
        }
        here.hosts = everyHost(() => ({ marker: stayed, side: "serving", token: "" }));
        assert.deepEqual((await here.up(stays, published)).published, published);
    });

    it("open no host a moment before it is retired, and none in a preview", async () => {
        here.hosts.workbench = { marker: { ...stayed, ...opened("boot") }, side: "serving", token: "" };
        await here.up(stays, kept, { moving: true });
        assert.deepEqual(here.reopened, []);
        await here.up(stays, kept, { preview: true });
        assert.deepEqual(here.reopened, []);
        assert.match(
            here.said.join("\n"),
            /connect stays closed for capture tk1, but .*workbench at .*: `pulumi up` opens it/,
        );
    });

    it("are published as hosts say now, also where an earlier run that failed had read them and published nothing", async () => {
        here.hosts.workbench = { marker: { ...stayed, ...opened("dead-man") }, side: "serving", token: "" };
        const { planned } = await here.up(stays);
        const read = manifests(planned, { tk1: pulumi.output(final) as pulumi.Output<CaptureManifest> }).tk1;
        const now = await new Promise<CaptureManifest>((resolve) =>
            pulumi.output(read).apply((manifest) => resolve(manifest as CaptureManifest)),
        );
        assert.equal(now.state, "complete");
        assert.equal(now.final, false);
        assert.equal(now.openedSince?.length, 3);
    });

    it("keep what was recorded where a host can't be asked, and name that host", async () => {
        here.hosts.connect.down = true;
        assert.deepEqual((await here.up(stays, kept)).published, kept);
        assert.match(
            here.said.join("\n"),
            /connect can't be asked whether it still stays closed.* is kept: .*a disk that hangs/,
        );
    });

    it("give a cutover up with reopen: true, also where nobody recorded it, and with a token that is gone", async () => {
        const { published } = await here.up([{ token: "tk1", reopen: true }], kept);
        assert.equal(published.tk1.final, false);
        assert.equal(published.tk1.openedSince?.length, 3);
        assert.deepEqual(here.reopened.length, 3);
        here.hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        await here.up([{ token: "tk1", reopen: true }]);
        assert.deepEqual(here.reopened.length, 6);
        here.hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1" }));
        await here.up([]);
        assert.deepEqual(here.reopened.length, 9);
    });

    it("open those that can be asked, and name the one that may stay closed alone", async () => {
        here.hosts.connect.down = true;
        await here.up([{ token: "tk1", reopen: true }], kept);
        assert.deepEqual(here.reopened.sort(), ["packageManager", "workbench"]);
        assert.match(here.said.join("\n"), /connect can't be asked, so it may stay closed while the others are opened/);
    });

    it("count a cutover as given up also where no host could be asked", async () => {
        here.hosts = everyHost(() => ({ marker: stayed, side: "staying", token: "tk1", down: true }));
        const { published } = await here.up([{ token: "tk1", reopen: true }], kept);
        assert.equal(published.tk1.final, false);
        assert.deepEqual((await here.up(stays, published)).published, published);
    });

    it("refuse a void one, and open what it left closed first", async () => {
        here.hosts.connect = {
            marker: { ...stayed, stayingSince: undefined, ...opened("lost") },
            side: "serving",
            token: "",
        };
        await assert.rejects(here.up(stays), /capture tk1 is void: .*opened by "lost"/);
        assert.deepEqual(here.reopened.sort(), ["packageManager", "workbench"]);
    });

    it("open what stays for a void one: it can never be served; but not for what may only be looked for in the wrong account", async () => {
        const all = here.snapshots;
        here.snapshots = [];
        await assert.rejects(here.up(stays), /capture tk1 is void: .*gone from the account/);
        assert.deepEqual(here.reopened, []);
        here.snapshots = all;
        here.snapshots[0].states = ["error"];
        await assert.rejects(
            here.up(stays, undefined, { preview: true }),
            /capture tk1 is void: .*failed in the cloud/,
        );
        assert.match(
            here.said.join("\n"),
            /connect stays closed for capture tk1, but it is void.*: `pulumi up` opens it/,
        );
        assert.deepEqual(here.reopened, []);
        await assert.rejects(here.up(stays), /capture tk1 is void: .*failed in the cloud/);
        assert.deepEqual(here.reopened.sort(), ["connect", "packageManager", "workbench"]);
    });

    it("keep saying void of what was recorded as void", async () => {
        const last = { tk1: { ...final, state: "void" as const, reasons: ["connect was opened"] } };
        const { published, planned } = await here.up(stays, last);
        assert.deepEqual(published, last);
        assert.deepEqual(registered(planned), []);
        assert.match(here.said.join("\n"), /capture tk1 is void: connect was opened/);
    });

    it("are complete again when what was lost is found again: it may have been another account's credentials", async () => {
        const all = here.snapshots;
        here.snapshots = [];
        const { published } = await here.up(stays, kept);
        assert.equal(published.tk1.state, "void");
        assert.match(published.tk1.reasons.join(), /snap-0 of vol-0 is gone from the account/);
        assert.deepEqual((await here.up(stays, published)).published, published);
        here.snapshots = all;
        const again = (await here.up(stays, published)).published;
        assert.deepEqual(again, kept);
        // What was opened meanwhile is seen all the same.
        here.hosts.workbench = { marker: { ...stayed, ...opened("boot") }, side: "serving", token: "" };
        assert.equal((await here.up(stays, published)).published.tk1.final, false);
    });

    it("wait for copies that an ended run left behind, and believe none that failed", async () => {
        here.snapshots[0].states = ["pending", "pending", "completed"];
        const { planned } = await here.up(stays);
        assert.equal(planned[0].decision.kind, "adopt");
        assert.match(here.said.join("\n"), /waits for the copies of snap-0/);
        here.snapshots[0].states = ["pending", "error"];
        await assert.rejects(here.up(stays), /capture tk1 is void: the snapshot snap-0 failed/);
        here.snapshots[0].states = ["pending"];
        await here.up(stays, undefined, { preview: true });
        assert.match(here.said.join("\n"), /still being copied; `pulumi up` waits/);
    });

    it("name a snapshot that carries the token and is none of those noted", async () => {
        here.snapshots.push({ id: "snap-9", volume: "vol-1", states: ["completed"] });
        const { planned } = await here.up(stays);
        assert.deepEqual(planned[0].decision.kind === "adopt" && planned[0].decision.snapshots, ids);
        assert.match(here.said.join("\n"), /snapshot snap-9 of vol-1 .* no part of it; it may be deleted by hand/);
    });
});
