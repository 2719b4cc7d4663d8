// Which data mounts a product's new host has, and by which device name EC2 attaches the volume of each. A mount keeps the name that it has:
// with another one its volume would be attached anew, and to a name that some other volume has not left yet.
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest } from "../contract/production";
import { byProduct, mapProducts, PerProduct, perProduct, ProductId, products } from "../products";

/** What EC2 recommends for data volumes: /dev/sd[f-p] (EC2 user guide, "Device names for volumes on Amazon EC2 instances"). */
export const deviceNames = [..."fghijklmnop"].map((letter) => `/dev/sd${letter}`);

export interface PlacedMount {
    mount: string;
    /** "/dev/sdf" and so on; the guest finds the volume by its id. */
    device: string;
}

/** As a stack published it; an older version published the mounts only, whose order gave the names. */
type Before = { mount: string; device?: string }[];

interface Situation {
    /** The capture to restore; absent in phase install. */
    capture?: Pick<CaptureManifest, "volumes">;
    /** Homes that production has on a file system of the network. */
    sharedHomes?: { mount: string };
    /** What this stack published last. */
    own?: Pick<EnvironmentOutputs, "hosts" | "devices">;
}

/** By product, in the order in which its mounts are named; and a sentence for each host with more of them than there are names. */
export function planDevices({ capture, sharedHomes, own }: Situation): {
    devices: PerProduct<PlacedMount[]>;
    problems: string[];
} {
    const planned = perProduct((product) => {
        const mounts = mountsOf(product, capture, sharedHomes);
        const before: Before = own?.devices?.[product] ?? own?.hosts[product].dataVolumes ?? [];
        return { mounts, placed: placeMounts(mounts, before) };
    });
    return {
        devices: mapProducts(planned, ({ placed }) => placed),
        problems: byProduct(planned)
            .filter(([, { mounts }]) => mounts.length > deviceNames.length)
            .map(
                ([product, { mounts }]) =>
                    `${products[product].title} would have ${mounts.length} data volumes on its host, and EC2 has names for ${deviceNames.length} (${deviceNames[0]} to ${deviceNames[deviceNames.length - 1]}): put folders together on fewer volumes in production, and take a new capture`,
            ),
    };
}

/** The product's own, then what a capture has beside them; never the homes that others share. */
function mountsOf(product: ProductId, capture: Situation["capture"], shared: Situation["sharedHomes"]): string[] {
    const own = products[product].dataMounts.filter((mount) => mount !== shared?.mount);
    const captured = (capture?.volumes ?? []).filter((volume) => volume.product === product).map(({ mount }) => mount);
    return [...new Set([...own, ...captured])];
}

/** New ones get, in order, names that nobody had last time, as long as there are any: what had one may still hold it. */
export function placeMounts(mounts: string[], before: Before): PlacedMount[] {
    const had = new Map(before.map(({ mount, device }, index) => [mount, device ?? deviceNames[index]]));
    const kept = new Set(mounts.map((mount) => had.get(mount)));
    const left = [...had.values()];
    const free = deviceNames.filter((name) => !kept.has(name));
    const next = [...free.filter((name) => !left.includes(name)), ...free.filter((name) => left.includes(name))];
    return mounts.flatMap((mount) => {
        const device = had.get(mount) ?? next.shift();
        return device === undefined ? [] : [{ mount, device }];
    });
}
