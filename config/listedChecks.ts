// Conditions between the settings of the three hosts that are listed in posit:current.
import { z } from "zod";
import { deviceNames } from "../logic/devices";
import { mountSlug } from "../logic/names";
import { operatorHome } from "../logic/operator";
import { byProduct, inOrder, ProductId, products } from "../products";
import { below, Between, doubles, isSystemFolder } from "./between";
import { databaseChecks, sharedDatabases } from "./databaseChecks";
import type { productionSchema } from "./production";

type Production = z.infer<typeof productionSchema>;
export type Listed = Exclude<Production["current"], { stack: string }>;

export function listedChecks(
    current: Listed,
    { sharedHomes, ssh }: Pick<Production, "sharedHomes" | "ssh">,
    secrets: unknown,
): Between[] {
    return [
        ...sharedHosts(current, ssh.port),
        ...sharedVolumes(current),
        ...sharedDatabases(current),
        ...inOrder.flatMap((product) => [
            ...mountChecks(current, product, products[product].hasHomes ? sharedHomes?.mount : undefined),
            ...placeChecks(current, product, current[product].user ?? ssh.user),
            ...folderChecks(current, product),
            ...databaseChecks(current[product], product, secrets),
        ]),
        ...(sharedHomes && isSystemFolder(sharedHomes.mount)
            ? [{ at: "posit:sharedHomes.mount", says: `${sharedHomes.mount} belongs to the operating system` }]
            : []),
    ];
}

/** One server each: closing one product would close the other, and a capture would take half of it. */
function sharedHosts(current: Listed, port: number): Between[] {
    const one = (key: "instanceId" | "address", of: (product: ProductId) => string) =>
        doubles([...inOrder], of).map(({ item, first }) => ({
            at: `posit:current.${item}.${key}`,
            says: `is ${first}'s too; each product has a server of its own`,
            also: [`posit:current.${first}.${key}`],
        }));
    return [
        ...one("instanceId", (product) => current[product].instanceId),
        ...one("address", (product) => `${current[product].address.toLowerCase()}:${current[product].port ?? port}`),
    ];
}

function sharedVolumes(current: Listed): Between[] {
    const hostsOf = (volumeId: string) =>
        byProduct(current)
            .filter(([, { dataVolumes }]) => dataVolumes.some((volume) => volume.volumeId === volumeId))
            .map(([product]) => product);
    const volumeIds = byProduct(current).flatMap(([, { dataVolumes }]) => dataVolumes.map(({ volumeId }) => volumeId));
    return [...new Set(volumeIds)]
        .filter((volumeId) => hostsOf(volumeId).length > 1)
        .map((volumeId) => ({
            at: "posit:current",
            says: `${volumeId} stands with ${hostsOf(volumeId).join(" and ")}, and a volume is attached to one host only`,
        }));
}

function mountChecks(current: Listed, product: ProductId, shared: string | undefined): Between[] {
    const at = `posit:current.${product}.dataVolumes`;
    const { dataVolumes } = current[product];
    const mounts = dataVolumes.map(({ mount }) => mount);
    const alike = doubles([...new Set(mounts)], mountSlug);
    return [
        ...products[product].dataMounts
            .filter((mount) => !mounts.includes(mount) && mount !== shared)
            .map((mount) => ({
                at,
                says: `nothing says which volume holds ${mount}; add {volumeId, mount: ${mount}} (and \`folder\` where it is part of a bigger file system)`,
            })),
        ...mounts
            .filter((mount) => mount === shared)
            .map((mount) => ({ at, says: `${mount} is in posit:sharedHomes too; it is on the one or the other` })),
        ...doubles(mounts, (mount) => mount).map(({ item }) => ({ at, says: `${item} stands there twice` })),
        ...alike.map(({ item, first }) => ({
            at,
            says: `${first} and ${item} are one name, ${mountSlug(item)}, in the names of snapshots and volumes; mount one of them elsewhere`,
        })),
        ...(mounts.length > deviceNames.length
            ? [
                  {
                      at,
                      says: `has ${mounts.length} places; ${deviceNames.length} are the most that a host has devices for`,
                  },
              ]
            : []),
    ];
}

function placeChecks(current: Listed, product: ProductId, user: string): Between[] {
    return current[product].dataVolumes.flatMap(({ mount }, index) => {
        const at = `posit:current.${product}.dataVolumes[${index}].mount`;
        return [
            ...(isSystemFolder(mount)
                ? [
                      {
                          at,
                          says: `${mount} belongs to the operating system and would hide the new one's; name the folder below it that holds data`,
                      },
                  ]
                : []),
            ...(below(mount, operatorHome(user)) || below(mount, operatorHome("posit-operator"))
                ? [{ at, says: `${mount} is the home of the account that \`pulumi up\` logs in with` }]
                : []),
        ];
    });
}

/** Several places on one volume: each is a folder of its own there. */
function folderChecks(current: Listed, product: ProductId): Between[] {
    const { dataVolumes } = current[product];
    return dataVolumes.flatMap((volume, index) => {
        const at = `posit:current.${product}.dataVolumes[${index}]`;
        const others = dataVolumes.filter((other) => other !== volume && other.volumeId === volume.volumeId);
        if (others.length === 0) {
            return [];
        }
        if (volume.folder === undefined) {
            return [
                {
                    at: `${at}.folder`,
                    says: `is needed: ${volume.volumeId} holds ${others.map(({ mount }) => mount).join(", ")} too, so say which folder of its file system is ${volume.mount}`,
                },
            ];
        }
        const same = dataVolumes
            .slice(0, index)
            .find((other) => others.includes(other) && other.folder === volume.folder);
        return same
            ? [{ at: `${at}.folder`, says: `${volume.folder} of ${volume.volumeId} is ${same.mount} already` }]
            : [];
    });
}
