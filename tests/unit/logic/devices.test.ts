// Device names of data volumes: what stands keeps its own whatever comes beside it, and nothing gets one that another may still hold.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { deviceNames, placeMounts, PlacedMount, planDevices } from "../../../logic/devices";
import { ProductId, products } from "../../../products";
import { endpoint } from "../endpoints";

const volumes = (product: ProductId, mounts: string[]) => ({
    volumes: mounts.map((mount, index) => ({
        product,
        mount,
        snapshotId: `snap-${index}`,
        volumeId: `vol-${index}`,
        size: 20,
    })),
});
const host = { instanceId: "i", address: "a", hostKey: "k", user: "u", local: endpoint("http://a:3939") };
const published = (workbench: string[]) => {
    const of = (mounts: string[]) => ({ ...host, dataVolumes: mounts.map((mount) => ({ volumeId: "v", mount })) });
    return {
        hosts: {
            packageManager: of(products.packageManager.dataMounts),
            workbench: of(workbench),
            connect: of(products.connect.dataMounts),
        },
    };
};
const shown = (placed: PlacedMount[]) => placed.map(({ mount, device }) => `${mount} ${device.slice(-1)}`).join(", ");

describe("devices of data volumes", () => {
    it("follow the order of the mounts on a host that is new, as they always did", () => {
        const { devices, problems } = planDevices({
            capture: volumes("workbench", ["/data", "/home", "/var/lib/rstudio-server", "/data/b"]),
        });
        assert.deepEqual(problems, []);
        assert.equal(shown(devices.workbench), "/home f, /var/lib/rstudio-server g, /data h, /data/b i");
        assert.equal(shown(devices.connect), "/var/lib/rstudio-connect f");
        assert.equal(
            shown(planDevices({ sharedHomes: { mount: "/home" } }).devices.workbench),
            "/var/lib/rstudio-server f",
        );
    });

    it("stay where they are when a mount comes in between, and its name is not given away when it goes", () => {
        const first = ["/home", "/var/lib/rstudio-server", "/data/b"];
        const own = published(first);
        const second = planDevices({ capture: volumes("workbench", ["/data/a", ...first]), own }).devices;
        assert.equal(shown(second.workbench), "/home f, /var/lib/rstudio-server g, /data/a i, /data/b h");
        const third = planDevices({
            capture: volumes("workbench", [...first.slice(0, 2), "/data/a", "/data/c"]),
            own: { ...own, devices: second },
        }).devices;
        assert.equal(shown(third.workbench), "/home f, /var/lib/rstudio-server g, /data/a i, /data/c j");
    });

    it("stay where they are when homes are shared, or no longer", () => {
        const own = published(["/home", "/var/lib/rstudio-server"]);
        const shared = planDevices({ sharedHomes: { mount: "/home" }, own }).devices;
        assert.equal(shown(shared.workbench), "/var/lib/rstudio-server g");
        assert.equal(
            shown(planDevices({ own: { ...own, devices: shared } }).devices.workbench),
            "/home f, /var/lib/rstudio-server g",
        );
    });

    it("are refused for each host that has more volumes than there are names", () => {
        const many = Array.from({ length: 11 }, (_, index) => `/data/${index}`);
        const { problems } = planDevices({ capture: volumes("workbench", many) });
        assert.equal(problems.length, 1);
        assert.match(
            problems[0],
            /^Workbench would have 13 data volumes on its host, and EC2 has names for 11 \(\/dev\/sdf to \/dev\/sdp\)/,
        );
        assert.deepEqual(planDevices({ capture: volumes("workbench", many.slice(0, 9)) }).problems, []);
    });

    it("are one each; what stands keeps its own, and a name is given again only when no other is left", () => {
        const mounts = fc.uniqueArray(fc.constantFrom(..."abcdefghijklmnop"), { maxLength: deviceNames.length });
        fc.assert(
            fc.property(fc.array(mounts, { minLength: 1, maxLength: 6 }), (runs) => {
                let before: PlacedMount[] = [];
                for (const run of runs) {
                    const now = placeMounts(run, before);
                    const names = now.map(({ device }) => device);
                    assert.deepEqual(
                        now.map(({ mount }) => mount),
                        run,
                    );
                    assert.equal(new Set(names).size, names.length);
                    assert.ok(names.every((name) => deviceNames.includes(name)));
                    for (const { mount, device } of now) {
                        const had = before.find((one) => one.mount === mount)?.device;
                        if (had !== undefined) assert.equal(device, had);
                        else if (before.some((one) => one.device === device)) {
                            // Then every name is taken, or was.
                            const all = new Set([...names, ...before.map((one) => one.device)]);
                            assert.equal(all.size, deviceNames.length);
                        }
                    }
                    before = now;
                }
            }),
        );
    });
});
