// The commands against the hosts' own scripts: three hosts that are folders, each behind an SSH server, asked as in the field. Does not prove
// that systemd and the products do as they are told (make faults).
import assert from "node:assert/strict";
import { productIds } from "../../../products/ids";
import type { RecoveryHosts } from "../../../recovery/hostsFile";
import { tellState } from "../../../recovery/state";
import { thaw } from "../../../recovery/thaw";
import { FakeHost, fakeHost } from "../hosts/fakeHost";
import { sshServer, stopServers } from "../remote/sshServers";

let folders: FakeHost[];
let hosts: RecoveryHosts;
let scripts: string[];

async function asked(): Promise<{ state: number; thawed: number; said: string }> {
    const lines: string[] = [];
    const log = (line: string) => lines.push(line);
    const state = await tellState([{ side: "old", hosts }], { json: false, log });
    const thawed = await thaw(hosts, { log, startSeconds: 2 });
    return { state, thawed, said: lines.join("\n") };
}

function stop(folder: FakeHost): void {
    ["rstudio-pm", "rstudio-server", "rstudio-launcher", "rstudio-connect"].forEach((unit) =>
        folder.setUnit(unit, "inactive"),
    );
}

describe("hosts as they stand", () => {
    beforeEach(async () => {
        scripts = [];
        folders = await Promise.all(productIds.map((product) => fakeHost(product)));
        const reached = folders.map(async (folder) => {
            const server = await sshServer({
                answer: async (command, stdin) => {
                    scripts.push(command.split(" ").pop() ?? "");
                    const { status, stdout } = await folder.run(stdin);
                    return { stdout, code: status };
                },
            });
            return [folder.product, { ...server.address, layout: { dataMounts: [], port: folder.port } }];
        });
        hosts = Object.fromEntries(await Promise.all(reached)) as RecoveryHosts;
    });

    afterEach(async () => {
        stopServers();
        await Promise.all(folders.map((folder) => folder.remove()));
    });

    it("serving: one side does, and there is nothing to open", async () => {
        const { state, thawed, said } = await asked();
        assert.deepEqual([state, thawed], [0, 0], said);
    });

    it("staying after a final capture: closed on purpose, and left", async () => {
        for (const folder of folders) {
            stop(folder);
            folder.make("var/lib/posit-upgrade/deadman/staying", "");
            folder.make("var/lib/posit-upgrade/deadman/closed", "");
            const facts = {
                state: "staying",
                token: "t1",
                stayingSince: "2026-11-28T20:00:00Z",
                stayUntil: "2026-11-29T20:00:00Z",
            };
            for (const [name, text] of Object.entries(facts)) {
                folder.make(`var/lib/posit-upgrade/deadman/facts/${name}`, text);
            }
        }
        const { state, thawed, said } = await asked();
        assert.deepEqual([state, thawed], [3, 3], said);
        assert.match(
            said,
            /stays closed on purpose for capture t1 since 2026-11-28T20:00:00Z, opens by itself at 2026-11-29T20/,
        );
        assert.deepEqual(
            scripts.filter((script) => !script.startsWith("state:")),
            [],
            "nothing but their state was asked",
        );
    });

    it("retired: none of the sides that were asked serves, and nothing is opened", async () => {
        for (const folder of folders) {
            stop(folder);
            folder.make("var/lib/posit-upgrade/retired", "t1\n");
        }
        const { state, thawed, said } = await asked();
        assert.deepEqual([state, thawed], [5, 1], said);
    });

    it("retired, and opened by somebody who knows nothing of a database on one of them, nor of its port", async () => {
        for (const folder of folders) {
            if (folder.product === "connect") folder.setUnit("postgres-local", "active");
            const retire = { ACTION: "retire", TOKEN: "t1", EVEN_OPEN: "true", START_SECONDS: "5" };
            const layout = folder.product === "connect" ? { DATABASE_UNITS: ["postgres-local"] } : {};
            const { status, stderr } = await folder.run(folder.render("serve", { ...retire, ...layout }));
            assert.equal(status, 0, stderr);
        }
        assert.ok(!folders[2].unitActive("postgres-local"));
        const unknown = Object.fromEntries(
            Object.entries(hosts).map(([product, host]) => [product, { ...host, layout: undefined }]),
        ) as RecoveryHosts;
        const lines: string[] = [];
        const status = await thaw(unknown, { log: (line) => lines.push(line), startSeconds: 3, evenRetired: true });
        assert.equal(status, 0, lines.join("\n"));
        assert.ok(folders[2].unitActive("postgres-local"), "its database is down");
    });

    it("down without a capture: closed, and nobody calls it open", async () => {
        stop(folders[2]);
        const { state, thawed, said } = await asked();
        assert.deepEqual([state, thawed], [4, 1], said);
        assert.match(said, /connect .*: down/);
    });
});
