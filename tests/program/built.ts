// Builds the environment under the recorder, fresh or restored, and finds what it registered.
import * as assert from "node:assert/strict";
import { Environment } from "../../components/environment";
import { CaptureManifest, ProductionOutputs } from "../../contract/production";
import { LeftNetwork, nothingLeft } from "../../logic/leftNetwork";
import { planDevices } from "../../logic/devices";
import { answeringOf } from "../../logic/publicEndpoints";
import type { NetworkConfig } from "../../config/network";
import { record, Recording, Registration } from "./recorder";
import { answer, environmentConfig, lookup, manifest, ownPlace } from "./world";

/** With a token: in phase migrate, from that capture. */
export async function build(
    token?: string,
    change: Partial<CaptureManifest> = {},
    network: Partial<NetworkConfig> = {},
    more: Partial<typeof environmentConfig> = {},
    production?: Partial<ProductionOutputs>,
    leftServers: Record<string, string> = {},
    leftNetwork: LeftNetwork = nothingLeft,
): Promise<Recording> {
    const config = {
        ...environmentConfig,
        network: { ...environmentConfig.network, ...network } as NetworkConfig,
        ...more,
    };
    const capture = token ? { ...manifest(token), ...change } : undefined;
    const { devices } = planDevices({ capture, sharedHomes: (capture ?? production)?.sharedHomes });
    return record(
        async () => {
            const { hosts } = new Environment("posit-team", {
                config: token ? { ...config, phase: "migrate", restore: token } : config,
                secrets: environmentConfig.secrets,
                stack: "staging",
                production: production && ({ inventory: {}, secrets: {}, ...production } as ProductionOutputs),
                capture,
                place: ownPlace(config.network),
                unreachable: [],
                leftServers,
                leftNetwork,
                devices,
                answering: answeringOf(config, production?.inventory),
            });
            return { hosts };
        },
        { answer, lookup },
    );
}

export function find(recording: Recording, name: string): Registration {
    const found = recording.registrations.find((registration) => registration.name === name);
    assert.ok(found, `${name} was not registered; there are ${recording.registrations.map((r) => r.name).join(", ")}`);
    return found;
}

export function commands({ registrations }: Recording): Registration[] {
    return registrations.filter(({ type }) => type === "command:remote:Command");
}
