// What the inventory says of where a product's data lies: whether it is on the volumes that the configuration names. The host is a folder, its
// volumes are files.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as path from "node:path";
import { usualPort } from "../../../products/endpoints";
import { fakeHost, FakeHost } from "./fakeHost";
import { accountsOfHost, program } from "./people";
import { Mounted, Volumes, volumesOf } from "./volumes";

const data = (more: Partial<Mounted> = {}): Mounted[] => [{ at: "data", device: "nvme1n1", ...more }];

describe("the inventory of where data lies", function () {
    this.timeout(30_000);
    let host: FakeHost;
    let volumes: Volumes;
    beforeEach(async () => {
        host = await fakeHost("connect");
        volumes = volumesOf(host);
        program(host, "dpkg-query", "printf 'ii 2026.1.0'");
        accountsOfHost(host, [], []);
        volumes.attach("nvme1n1", "vol0a1", "ext4");
        volumes.attach("nvme10n1", "vol0b2", "ext4");
        volumes.mounted(data());
    });
    afterEach(() => host.remove());

    async function read(configured: { mount?: string; volumeId?: string; folder?: string } = {}, sharedHomes = "") {
        const { mount = "data", volumeId = "vol-0a1", folder } = configured;
        const text = host.render("inventory", {
            DATABASES: [{ role: "main", kind: "sqlite" }],
            SHARED_HOMES: sharedHomes && path.join(host.root, sharedHomes),
            PORT: usualPort("connect"),
            VOLUMES: [{ mount: path.join(host.root, mount), volumeId, ...(folder !== undefined && { folder }) }],
        });
        const { status, stdout, stderr } = await host.run(volumes.with(text));
        assert.equal(status, 0, stderr);
        return host.answer("inventory", stdout);
    }

    /** "verdict code: detail" of all, but for the key that this host has none of. */
    async function found(...given: Parameters<typeof read>): Promise<string[]> {
        const { findings } = await read(...given);
        return findings
            .filter(({ code }) => code !== "no-key")
            .map(({ verdict, code, detail }) => `${verdict} ${code}: ${detail.replaceAll(host.root, "")}`);
    }

    it("says nothing of data on its volume, a partition or a folder of it", async () => {
        assert.deepEqual(await found(), []);
        volumes.attach("nvme1n1p1", undefined, "ext4");
        volumes.mounted(data({ device: "nvme1n1p1" }));
        assert.deepEqual(await found(), []);
        volumes.mounted(data({ folder: "/connect" }));
        assert.deepEqual(await found({ folder: "/connect" }), []);
        // The folder lies in the file system itself.
        volumes.mounted([{ at: "/", device: "nvme1n1" }]);
        assert.deepEqual(await found({ folder: path.join(host.root, "data") }), []);
    });

    it("tells what each place is mounted from", async () => {
        assert.deepEqual((await read()).mounts, [
            { path: `${host.root}/data`, device: `${host.root}/dev/nvme1n1`, fsType: "ext4" },
        ]);
    });

    it("refuses a folder that is not there (no-folder)", async () => {
        const [one, ...others] = await found({ mount: "nowhere" });
        assert.match(one, /^refused no-folder: \/nowhere does not exist on /);
        assert.deepEqual(others, []);
    });

    for (const [what, madeOf, words] of [
        ["a logical volume", "lvm\npart\ndisk\n", "lvm "],
        ["several disks", "raid0\ndisk\ndisk\n", "raid0 "],
        ["both", "lvm\nraid1\npart\ndisk\n", "lvm raid1 "],
    ] as const) {
        it(`refuses data on ${what} (striped-volume)`, async () => {
            host.write("dev/nvme1n1.made-of", madeOf);
            assert.deepEqual(await found(), [
                `refused striped-volume: /data lies on /dev/nvme1n1, which is made of other devices (${words})`,
            ]);
        });
    }

    it("takes a partition of one disk for what it is", async () => {
        host.write("dev/nvme1n1.made-of", "part\ndisk\n");
        assert.deepEqual(await found(), []);
    });

    it("refuses a volume that is not attached (volume-not-here)", async () => {
        const [one, ...others] = await found({ volumeId: "vol-0c3" });
        assert.match(one, /^refused volume-not-here: volume vol-0c3 is not attached to /);
        assert.deepEqual(others, []);
    });

    for (const [what, device] of [
        ["another one", "nvme2n1"],
        ["one whose name begins alike", "nvme1n12"],
    ]) {
        it(`refuses data on ${what} than the configuration says (other-volume)`, async () => {
            volumes.attach(device, "vol0d4", "ext4");
            volumes.mounted(data({ device }));
            assert.deepEqual(await found(), [
                `refused other-volume: /data lies on /dev/${device}, and vol-0a1 is /dev/nvme1n1`,
            ]);
        });
    }

    it("refuses a folder of the volume that the configuration does not name, and one that it names wrongly (other-folder)", async () => {
        volumes.mounted(data({ folder: "/connect" }));
        assert.deepEqual(await found(), ["refused other-folder: /data is the folder /connect of volume vol-0a1"]);
        assert.equal((await found({ folder: "/other" })).length, 1);
        volumes.mounted(data());
        const { findings } = await read({ folder: "/connect" });
        const { detail, remedy } = findings.find(({ code }) => code === "other-folder")!;
        assert.match(detail, /data is the folder \/ of volume vol-0a1$/);
        assert.match(remedy, /\(none: it is the whole volume\)$/);
    });

    for (const type of ["nfs4", "nfs", "fuse.s3fs", "lustre", "cifs", "efs"]) {
        it(`refuses data on ${type}, and nothing else of it (shared-storage)`, async () => {
            volumes.mounted(data({ device: "files.example.com:/x", type }));
            assert.deepEqual(await found(), [`refused shared-storage: /data lies on ${type}`]);
        });
    }

    it("refuses a share below data, once, but for homes that are declared shared", async () => {
        const below = { at: "data/homes/team", device: "files.example.com:/x", type: "nfs4" };
        volumes.mounted([...data(), below]);
        assert.deepEqual(await found(), ["refused shared-storage: /data/homes/team lies on nfs4"]);
        assert.deepEqual(await found({}, "data/homes"), []);
        assert.deepEqual(await found({}, "data/homes/team"), []);
        assert.equal((await found({}, "data/home")).length, 1, "a name that begins alike is another folder");
    });

    it("refuses a host without the product, and looks no further (not-installed)", async () => {
        program(host, "dpkg-query", "exit 1");
        volumes.mounted([]);
        const { version, findings } = await read({ volumeId: "vol-0c3" });
        assert.equal(version, "");
        assert.deepEqual(
            findings.map(({ code, verdict }) => [code, verdict]),
            [["not-installed", "refused"]],
        );
    });

    it("follows the link of the volume, not its name", async () => {
        const link = path.join(host.root, "dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0a1");
        fs.unlinkSync(link);
        fs.symlinkSync(path.join(host.root, "dev/nvme10n1"), link);
        assert.deepEqual(await found(), [
            "refused other-volume: /data lies on /dev/nvme1n1, and vol-0a1 is /dev/nvme10n1",
        ]);
    });
});
