// The gate of an environment that serves: what would take users' data from under them is refused there. Pure.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { Unmet } from "./unmet";

type Placed = NonNullable<EnvironmentOutputs["placed"]>;

export function placedBy({ network, kmsKeyId }: EnvironmentConfig): Placed {
    return {
        zone: network.zones[0],
        subnetCidr: network.subnetCidrs[0],
        vpcCidr: network.vpcCidr,
        ...(kmsKeyId !== undefined && { kmsKeyId }),
    };
}

/** What this configuration would throw away or put aside of an environment with content, each as what it does. */
export function dangerousChanges(config: EnvironmentConfig, own: EnvironmentOutputs | undefined): string[] {
    if (own?.phase !== "migrate") {
        return [];
    }
    const settings: [keyof Placed, string][] = [
        ["zone", "network.zones[0]"],
        ["subnetCidr", "network.subnetCidrs[0]"],
        ["vpcCidr", "network.vpcCidr"],
        ["kmsKeyId", "kmsKeyId"],
    ];
    const placed = placedBy(config);
    return [
        ...(config.phase === "install" ? ["posit:phase: install would throw its content away"] : []),
        ...(config.phase === "migrate" && own.restored !== undefined && own.restored !== config.restore
            ? [
                  `posit:restore: ${config.restore} would put another capture in the place of what users have written since ${own.restored}`,
              ]
            : []),
        ...settings
            .filter(([key]) => own.placed !== undefined && own.placed[key] !== placed[key])
            .map(
                ([key, path]) =>
                    `posit:${path} ${placed[key] ?? "(none)"} instead of ${own.placed?.[key] ?? "none"} would make its hosts or volumes anew`,
            ),
    ];
}

/** Asked only about dangerous changes. `serves`: how that is known. */
export function checkServing(changes: string[], serves: string | undefined): Unmet[] {
    return serves === undefined
        ? []
        : changes.map((change) => ({
              gate: "serving",
              condition: `this environment serves users (${serves}): ${change}. Move the names to another side first (posit:serve of the production stack), or leave it as it is`,
          }));
}
