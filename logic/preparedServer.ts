// The database server that stands before the capture whose dumps are loaded into it (posit:prepare): what it may not be, what would delete it, and what
// is said of one that is of no use. Pure.
import type { EnvironmentConfig } from "../config/schema";
import type { EnvironmentOutputs } from "../contract/environment";
import type { CaptureManifest, ProductionOutputs } from "../contract/production";
import { loadedOf } from "../databases";
import type { Unmet } from "./unmet";

type Prepared = Pick<EnvironmentConfig, "phase" | "restore" | "prepare">;
type Peer = Pick<ProductionOutputs, "captures">;

function restoredBy({ phase, restore }: Prepared): string | undefined {
    return phase === "migrate" ? restore : undefined;
}

function loads(capture: CaptureManifest | undefined): boolean {
    return capture !== undefined && loadedOf(capture.volumeDatabases).length > 0;
}

/** Only an empty server can be prepared, under a name that nothing else has. */
export function checkPrepared(
    config: Prepared,
    own: Pick<EnvironmentOutputs, "restored"> | undefined,
    production: Peer | undefined,
): Unmet[] {
    const { prepare } = config;
    const restored = restoredBy(config);
    if (prepare === undefined || prepare === restored) {
        return [];
    }
    const servers = (restored === undefined ? [] : (production?.captures[restored]?.databases ?? []))
        .map(({ server }) => server)
        .filter((server) => `${restored}-${server}` === prepare);
    return [
        ...(prepare === own?.restored
            ? [
                  `posit:prepare: ${prepare} is the capture that this environment stands on, so its server is not empty. Take posit:prepare away, or name the token of a capture to come`,
              ]
            : []),
        ...servers.map(
            (server) =>
                `posit:prepare: ${prepare} would be named as the server that capture ${restored} restores from ${server}. Use another token`,
        ),
    ].map((condition) => ({ gate: "prepare" as const, condition }));
}

/** What becomes of a server that was prepared, where it would go; it stays with the restore that loads into it. */
export function preparedGone(
    config: Prepared,
    own: Pick<EnvironmentOutputs, "prepared"> | undefined,
    production: Peer | undefined,
): string[] {
    const { prepare } = config;
    const restored = restoredBy(config);
    const kept = prepare === own?.prepared || (restored === own?.prepared && loads(production?.captures[restored!]));
    return own?.prepared === undefined || kept
        ? []
        : [`posit:prepare: ${prepare ?? "(none)"} would delete the server that stands for capture ${own.prepared}`];
}

/**
 * Why a server that is prepared will have nothing in it. It stays until its key is taken away: a deletion takes minutes, which a cutover waits for.
 * @param made whether there is one.
 */
export function preparedInVain({ prepare }: Prepared, production: Peer | undefined, made: boolean): string[] {
    if (prepare === undefined) {
        return [];
    }
    if (!made) {
        return [`posit:prepare: ${prepare} makes nothing: no product of this environment has a database on a server`];
    }
    const capture = production?.captures[prepare];
    const why =
        capture === undefined
            ? undefined
            : capture.state === "void"
              ? "is void, so it is never restored: name the token of the capture that is taken instead"
              : loads(capture)
                ? undefined
                : "has no dump to load, and its restore makes its own servers: take posit:prepare away once nobody waits";
    return why === undefined
        ? []
        : [`posit:prepare: a server stands for capture ${prepare} and will stay empty. The capture ${why}`];
}
