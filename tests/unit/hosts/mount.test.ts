// A data volume is mounted where its product expects it: whether a file system is made, which one of the volume is taken, what the next boot is told,
// and how the volume is let go of. The host is a folder, its volumes are files.
import { strict as assert } from "node:assert";
import * as path from "node:path";
import { products } from "../../../products";
import { fakeHost, FakeHost } from "./fakeHost";
import { program } from "./people";
import { Volumes, volumesOf } from "./volumes";

describe("a data volume", function () {
    this.timeout(30_000);
    let host: FakeHost;
    let volumes: Volumes;
    beforeEach(async () => {
        host = await fakeHost("connect");
        volumes = volumesOf(host);
    });
    afterEach(() => host.remove());

    const at = (file: string) => path.join(host.root, file);
    async function run(action: "mount" | "unmount", given: { fresh?: boolean; folder?: string; mount?: string } = {}) {
        const { fresh = false, folder = "", mount = "var/lib/product" } = given;
        const text = host.render("mount", {
            ...{ VOLUME_ID: "vol-0a1", MOUNT: at(mount), FOLDER: folder, FILESYSTEM: "ext4", FRESH: fresh },
        });
        return host.run(volumes.with(text), ["mount", action]);
    }
    async function done(...given: Parameters<typeof run>) {
        const { status, stdout, stderr } = await run(...given);
        assert.equal(status, 0, stderr);
        assert.deepEqual(host.answer("mount", stdout), {
            mount: at(given[1]?.mount ?? "var/lib/product"),
            volume: "vol-0a1",
        });
    }
    async function refused(...given: Parameters<typeof run>): Promise<string> {
        const { status, stderr } = await run(...given);
        assert.equal(status, 1);
        return stderr.replaceAll(host.root, "");
    }
    const asked = (word: string) =>
        host
            .calls()
            .filter((call) => call.startsWith(word))
            .map((call) => call.replaceAll(host.root, ""));
    const fstab = () => host.read("etc/fstab").replaceAll(host.root, "").split("\n").filter(Boolean);
    const device = "/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0a1";
    const whole = "/mnt/posit-volumes/vol-0a1";
    const line = `${device} /var/lib/product auto defaults,nofail 0 2`;

    describe("of its own", () => {
        it("that is new gets its file system, and is mounted now and at each boot, before the product may start", async () => {
            volumes.attach("nvme1n1", "vol0a1");
            host.make("etc/fstab", "UUID=1 / ext4 defaults 0 1\n");
            await done("mount", { fresh: true });
            assert.deepEqual(asked("mkfs"), [`mkfs.ext4 -q ${device}`]);
            assert.deepEqual(volumes.mounts(), ["/var/lib/product /dev/nvme1n1 / ext4"]);
            assert.deepEqual(fstab(), ["UUID=1 / ext4 defaults 0 1", line]);
            for (const unit of products.connect.units) {
                const text = host.read(
                    `etc/systemd/system/${unit}.service.d/40-posit-mount${at("var/lib/product").replaceAll("/", "-")}.conf`,
                );
                assert.equal(text, `[Unit]\nRequiresMountsFor=${at("var/lib/product")}\n`);
                assert.ok(!host.unitActive(unit), "nothing is mounted below a product that runs");
            }
        });

        it("keeps the file system that it has, whoever calls it new", async () => {
            volumes.attach("nvme1n1", "vol0a1", "xfs");
            await done("mount", { fresh: true });
            assert.deepEqual(asked("mkfs"), []);
            assert.deepEqual(volumes.mounts(), ["/var/lib/product /dev/nvme1n1 / xfs"]);
        });

        it("that was restored is never formatted: one without a file system is refused", async () => {
            volumes.attach("nvme1n1", "vol0a1");
            assert.match(
                await refused("mount"),
                /^volume vol-0a1 holds no file system, although a restored one should\.\n$/,
            );
            assert.deepEqual([...asked("mkfs"), ...asked("mount"), ...fstab(), ...volumes.mounts()], []);
            assert.ok(products.connect.units.every(host.unitActive), "the product was not touched");
        });

        it("is mounted once, and has one line, however often that is asked", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            await done("mount");
            await done("mount");
            assert.equal(asked("mount ").length, 1);
            assert.deepEqual(fstab(), [line]);
        });

        it("that is not there is waited for, and then missed by name", async () => {
            program(host, "sleep", "exit 0");
            const [one] = (await refused("mount")).split("\n");
            assert.match(one, /^volume vol-0a1 did not appear on .* as .*_vol0a1 within 60 s; is it attached\?$/);
        });

        for (const [other, what] of [
            ["nvme2n1", "another volume"],
            ["nvme1n12", "one whose name begins alike"],
        ]) {
            it(`is not taken for ${what} that is mounted there`, async () => {
                volumes.attach("nvme1n1", "vol0a1", "ext4");
                volumes.attach(other, "vol0b2", "ext4");
                volumes.mounted([{ at: "var/lib/product", device: other }]);
                assert.match(await refused("mount"), /^\/var\/lib\/product on .* is another volume than vol-0a1\.\n$/);
            });
        }

        it("is not said to be mounted where the mount did not come about", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            volumes.mounted([{ at: "/", device: "nvme0n1p1" }]);
            program(host, "mount", "exit 0");
            assert.match(await refused("mount"), /is another volume than vol-0a1/);
        });
    });

    describe("of which only a folder is the product's", () => {
        const folder = "/var/lib/rstudio-connect";
        const shown = (name: string, type: string) => [
            `${whole} /dev/${name} / ${type}`,
            `/var/lib/product /dev/${name} ${folder} ${type}`,
        ];
        const bind = `${whole}${folder} /var/lib/product none bind,nofail,x-systemd.requires-mounts-for=${whole} 0 0`;

        it("is mounted aside, and the folder is shown in the product's place", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            volumes.holds("nvme1n1", folder);
            await done("mount", { folder });
            assert.deepEqual(volumes.mounts(), shown("nvme1n1", "ext4"));
            // The lines name places as the host that is a folder sees them.
            assert.deepEqual(fstab(), [`${device} ${whole} ext4 defaults,nofail 0 2`, bind]);
            await done("mount", { folder });
            assert.deepEqual(volumes.mounts(), shown("nvme1n1", "ext4"));
            assert.equal(fstab().length, 2);
        });

        it("may be the partition of a whole system that has the folder; xfs by its own id", async () => {
            volumes.attach("nvme1n1", "vol0a1");
            volumes.attach("nvme1n1p1", "vol0a1-part1", "vfat");
            volumes.attach("nvme1n1p2", "vol0a1-part2", "ext4");
            volumes.attach("nvme1n1p3", "vol0a1-part3", "xfs");
            volumes.holds("nvme1n1p2", "/boot");
            volumes.holds("nvme1n1p3", folder);
            await done("mount", { folder });
            assert.deepEqual(asked("mount "), [
                `mount ${device}-part2 ${whole}`,
                `mount -o nouuid ${device}-part3 ${whole}`,
                "mount /var/lib/product",
            ]);
            assert.deepEqual(asked("umount "), [`umount ${whole}`], "what lacks the folder is let go of");
            assert.deepEqual(volumes.mounts(), shown("nvme1n1p3", "xfs"));
            assert.deepEqual(fstab(), [`${device}-part3 ${whole} xfs defaults,nofail,nouuid 0 2`, bind]);
        });

        it("passes over a file system that can't be mounted", async () => {
            volumes.attach("nvme1n1", "vol0a1");
            volumes.attach("nvme1n1p1", "vol0a1-part1", "ext4");
            volumes.attach("nvme1n1p2", "vol0a1-part2", "ext4");
            volumes.holds("nvme1n1p2", folder);
            host.write("fail-mount", "nvme1n1p1");
            await done("mount", { folder });
            assert.deepEqual(volumes.mounts(), shown("nvme1n1p2", "ext4"));
        });

        it("is refused where no file system of it has the folder, and nothing stays mounted", async () => {
            volumes.attach("nvme1n1", "vol0a1");
            volumes.attach("nvme1n1p1", "vol0a1-part1", "ext4");
            volumes.holds("nvme1n1p1", "/boot");
            assert.match(
                await refused("mount", { folder }),
                /^no file system of volume vol-0a1 has the folder \/var\/lib\/rstudio-connect; set posit:current\.\*\.dataVolumes\[\]\.folder to /,
            );
            assert.deepEqual([...volumes.mounts(), ...fstab()], []);
            assert.ok(products.connect.units.every(host.unitActive), "the product was not touched");
        });
    });

    describe("that is given up", () => {
        it("is let go of with what is mounted below it, and its lines go; others' stay", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            volumes.attach("nvme2n1", "vol0b2", "ext4");
            await done("mount");
            host.write("etc/fstab", `${host.read("etc/fstab")}UUID=2 ${at("var/lib/other")} ext4 defaults 0 2\n`);
            volumes.mounted([
                { at: "var/lib/product", device: "nvme1n1" },
                { at: "var/lib/product/deep", device: "nvme2n1" },
                { at: "var/lib/other", device: "nvme2n1" },
            ]);
            await done("unmount");
            assert.deepEqual(volumes.mounts(), ["/var/lib/other /dev/nvme2n1 / ext4"]);
            assert.deepEqual(fstab(), ["UUID=2 /var/lib/other ext4 defaults 0 2"]);
            assert.deepEqual(asked("fuser"), ["fuser -k -TERM -m /var/lib/product /var/lib/product/deep"]);
        });

        it("comes off its place aside too", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            volumes.holds("nvme1n1", "/data");
            await done("mount", { folder: "/data" });
            await done("unmount", { folder: "/data" });
            assert.deepEqual([...volumes.mounts(), ...fstab()], []);
            await done("unmount", { folder: "/data" });
        });

        it("that can't be is named with who has it, and its line stays", async () => {
            volumes.attach("nvme1n1", "vol0a1", "ext4");
            await done("mount");
            host.write("fail-umount", "");
            assert.match(await refused("unmount"), /^\/var\/lib\/product can't be unmounted on .*: alice 4711/);
            assert.deepEqual(fstab(), [line]);
        });
    });
});
