// What becomes of a capture before it was taken: it begins, waits, or is asked for again. Hosts behind real SSH say how they stand, the cloud is
// played. Does not prove that hosts say the truth (tests/unit/hosts).
import assert from "node:assert/strict";
import { perProduct } from "../../../products";
import type { CaptureConfig } from "../../../config/schema";
import type { CaptureManifest } from "../../../contract/production";
import { severalBeginnings, undecidable } from "../../../stacks/capture/findings";
import { registered } from "../../../stacks/capture/registered";
import { inventory } from "../world";
import { absent, everyHost, final, opened, PlayedProduction, stayed } from "./playedProduction";

const kept = { tk1: final };
const phases = { stop: 3, proveQuiet: 0.2, request: 3, start: 4 };

describe("captures that begin", () => {
    const here = new PlayedProduction();
    before(() => here.start());
    after(() => here.stop());
    beforeEach(() => here.staying());

    it("can't begin while a host can't be asked what it remembers", async () => {
        here.hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
        here.hosts.workbench.down = true;
        here.snapshots = [];
        const { planned } = await here.up([{ token: "tk1", reopen: true }]);
        assert.match(
            undecidable(planned).join(),
            /capture tk1 can neither begin nor be adopted while workbench can't be asked .*a disk that hangs.*Start that host/,
        );
        assert.deepEqual(registered(planned), []);
        await assert.rejects(here.close(planned[0]), /this run may not close production/);
    });

    for (const [what, maintenance] of [
        ["has not begun", { notBefore: "2999-01-01T00:00:00Z" }],
        ["is over", { notAfter: "2020-01-01T00:00:00Z" }],
    ] as [string, Partial<CaptureConfig>][]) {
        it(`wait, and take their warm-ups, where their maintenance window ${what} and a host can't be asked`, async () => {
            here.hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
            here.hosts.workbench.down = true;
            here.snapshots = [];
            const { planned } = await here.up([{ token: "tk1", reopen: true, ...maintenance }]);
            assert.deepEqual(undecidable(planned), []);
            assert.deepEqual(
                registered(planned).map(({ capture, decision }) => [capture.token, decision.kind]),
                [["tk1", "waiting"]],
            );
            assert.match(here.said.join("\n"), /capture tk1 waits: .*its warm-up snapshots are taken/);
            assert.match(
                here.said.join("\n"),
                /capture tk1 waits, so this run goes on: workbench can't be asked .*hangs/,
            );
            await assert.rejects(here.close(planned[0]), /this run may not close production/);
        });

        it(`don't count as waiting once they began, though their maintenance window ${what}`, async () => {
            const asked = [{ token: "tk1", reopen: false, ...maintenance }];
            here.hosts.workbench.down = true;
            assert.match(undecidable((await here.up(asked)).planned).join(), /while workbench can't be asked/);
            // Only the cloud knows of it, or only one host.
            here.hosts = everyHost(() => ({ marker: absent, side: "serving", token: "" }));
            here.hosts.workbench.down = true;
            assert.match(undecidable((await here.up(asked)).planned).join(), /while workbench can't be asked/);
            here.snapshots = [];
            here.hosts.connect.marker = { ...stayed, stayingSince: undefined, ...opened("lost") };
            assert.match(undecidable((await here.up(asked)).planned).join(), /while workbench can't be asked/);
        });
    }

    it("ask the maintenance window again right before closing: warm-ups may have taken hours", async () => {
        here.untouched();
        const notAfter = new Date(Date.now() + 1_500).toISOString();
        const { planned } = await here.up([{ token: "tk1", reopen: true, notAfter }]);
        assert.equal(planned[0].decision.kind, "begin");
        await new Promise((resolve) => setTimeout(resolve, Date.parse(notAfter) + 50 - Date.now()));
        await assert.rejects(
            here.close(planned[0]),
            /production was not touched:\nits maintenance window ended at .*The warm-up is done: `pulumi up` again inside it closes/,
        );
    });

    it("close nothing where the inventory of this very run has something that this version does not carry", async () => {
        here.untouched();
        const { planned } = await here.up([{ token: "tk1", reopen: true }]);
        const finding = { code: "tls", verdict: "refused" as const, detail: "it answers by TLS", remedy: "wait" };
        const read = perProduct((product) => ({ ...inventory(product), findings: [finding] }));
        const refusal = here.close(planned[0], read);
        await assert.rejects(refusal, /production was not touched:\n(.*\[tls\]: it answers by TLS; wait\n?){3}$/);
    });

    /** Connect's database is on RDS. */
    async function onServer(
        last?: Record<string, CaptureManifest>,
        captures: Partial<CaptureConfig>[] = [{ token: "tk1", reopen: false }],
    ) {
        const { connect } = here.side.hosts;
        const named = { role: "main" as const, name: "connect", user: "connect" };
        const databases = [{ ...named, kind: "rds" as const, server: "legacy-db" }];
        here.side = { ...here.side, hosts: { ...here.side.hosts, connect: { ...connect, databases } } };
        try {
            return await here.up(captures, last);
        } finally {
            here.side = { ...here.side, hosts: { ...here.side.hosts, connect } };
        }
    }

    it("say before anything is closed how long it takes on AWS, and whether the notice will be kept", async () => {
        here.untouched();
        here.servers["legacy-db"] = { backupRetentionPeriod: 7, engineVersion: "15.8", storageEncrypted: true };
        const opened = { ...final, token: "tk0", final: false, phases: { connect: phases } };
        await onServer({ tk0: opened }, [
            { token: "tk0", reopen: true },
            { token: "tk1", reopen: false, backMinutes: 20 },
        ]);
        const said = here.said.join("\n");
        assert.match(said, /capture tk1: the first snapshots, .*min/);
        assert.match(said, /capture tk1: the cutover, .* min \(\d+ min\); longest part: RDS's restore, \d\d min/);
        assert.match(said, /capture tk1: closed by a capture that opens again: \d+ min/);
        assert.match(
            said,
            /capture tk1: its notice says .* after 20 min \(backMinutes\); as predicted, .* after \d\d$/m,
        );
        assert.doesNotMatch(said, /capture tk0: .*AWS/);
    });

    it("know how a server is encrypted, for whoever restores it", async () => {
        here.untouched();
        here.servers["legacy-db"] = {
            backupRetentionPeriod: 7,
            engineVersion: "15.8",
            storageEncrypted: false,
            kmsKeyId: "",
        };
        assert.deepEqual((await onServer()).planned[0].descriptions, {
            "legacy-db": { engineVersion: "15.8", storageEncrypted: false, settings: { backupRetention: 7 } },
        });
        here.servers["legacy-db"] = { ...here.servers["legacy-db"], storageEncrypted: true, kmsKeyId: "arn:key" };
        assert.deepEqual((await onServer()).planned[0].descriptions["legacy-db"].kmsKeyId, "arn:key");
    });

    it("know how fast volumes are, and close nothing while one of them may have no further snapshot", async () => {
        here.untouched();
        here.volumes["vol-1"] = { volumeType: "st1", iops: 0, throughput: 0 };
        const begin = async () => (await here.up([{ token: "tk1", reopen: true }])).planned[0];
        here.snapshots = [];
        const plan = await begin();
        assert.deepEqual(plan.speeds["vol-1"], { type: "st1" });
        here.snapshots = [{ id: "snap-x", volume: "vol-1", states: ["pending"] }];
        await assert.rejects(here.close(plan), /production was not touched:\nvolume vol-1 \(st1\) has 1 pending/);
        here.volumes = {};
    });

    it("stand as recorded when the server that they were taken from is gone", async () => {
        assert.deepEqual((await onServer(kept)).published, kept);
    });

    it("begin one at a time, and register the warm-ups of those that wait", async () => {
        here.untouched();
        const { planned } = await here.up([
            { token: "tk1", reopen: true },
            { token: "tk2", reopen: true },
        ]);
        assert.match(severalBeginnings(planned).join(), /captures tk1 and tk2 would both close production/);
        const later = "2999-01-01T00:00:00Z";
        const waiting = await here.up([
            { token: "tk1", reopen: true },
            { token: "tk2", reopen: true, notBefore: later },
        ]);
        assert.deepEqual(severalBeginnings(waiting.planned), []);
        assert.deepEqual(
            registered(waiting.planned).map(({ capture, decision }) => [capture.token, decision.kind]),
            [
                ["tk1", "begin"],
                ["tk2", "waiting"],
            ],
        );
        assert.match(here.said.join("\n"), /capture tk2 waits: .*its warm-up snapshots are taken/);
    });
});
