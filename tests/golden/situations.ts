// The procedure, commit by commit, for each shape of production; each step is recorded under its name.
import { Recording } from "../program/recorder";
import { existingNetwork, Installation, Outputs } from "../program/installation";
import { Shape, shapes } from "../program/shapes";
import type { Changes } from "../program/templates";

type ShapeName = keyof typeof shapes;
/** @param name of its file, without an ending. */
export type Take = (name: string, recording: Recording) => void;

const rehearsal = { token: "2026-11-21a", reopen: true };
const final = { token: "2026-11-28a", reopen: false };
const served = { "posit:captures": [rehearsal, final], "posit:serve": { stack: "staging" } };

/** Install, dress rehearsal, restore: what every shape has to go through. */
export const rehearsals: [ShapeName, (take: Take) => Promise<void>][] = (Object.keys(shapes) as ShapeName[]).map(
    (shape) => [shape, (take) => withInstallation(shapes[shape], {}, (steps) => rehearse(steps, shape, take))],
);

export interface Steps {
    up(stack: "staging" | "prod", changes?: Changes): Promise<Recording>;
    accepted(phase: "install" | "migrate"): string;
    installation: Installation;
}

export async function withInstallation(
    shape: Shape,
    options: { backupDays?: number; external?: boolean },
    steps: (steps: Steps) => Promise<void>,
): Promise<void> {
    const installation = await Installation.of(shape, options);
    try {
        await steps({
            installation,
            up: async (stack, changes) => {
                const ran = await installation.up(stack, changes);
                if (ran.refused !== undefined) throw new Error(`${stack} was refused: ${ran.refused}`);
                return ran.recording;
            },
            accepted: (phase) => digestOf(installation.published.staging, phase),
        });
    } finally {
        installation.stop();
    }
}

function digestOf({ contract }: Outputs, phase: string): string {
    return (contract.receipts as Record<string, { digest: string }>)[phase].digest;
}

async function rehearse({ up, accepted, installation }: Steps, shape: ShapeName, take: Take): Promise<void> {
    const first = await up("prod");
    const { prod } = installation.published;
    const installed = await up("staging");
    // Where volumes and servers are makes no difference yet.
    if (shape === "plain") take("production-first", first);
    if (shape !== "volumes") take(`environment-install-${shape}`, installed);
    take(`capture-opens-${shape}`, await up("prod", { "posit:captures": [rehearsal] }));
    // As after a run that was killed: the hosts and the cloud know of it, the stack does not.
    installation.published = { ...installation.published, prod };
    take(`capture-adopted-${shape}`, await up("prod", { "posit:captures": [rehearsal] }));
    const restore = { "posit:phase": "migrate", "posit:restore": rehearsal.token };
    take(
        `environment-migrate-${shape}`,
        await up("staging", { ...restore, "posit:accepted.install": accepted("install") }),
    );
}

/** The cutover, and the way back. */
export async function cutover(take: Take): Promise<void> {
    await withInstallation(shapes.plain, {}, async ({ up, accepted, installation }) => {
        await toTheCutover({ up, accepted, installation }, take);
        take("serve", await up("prod", served));
        take("served", await up("prod", served));
        // Either the next upgrade begins, and what serves is the stack now; or the way back.
        const { published } = installation;
        const upgrade = { "posit:current": { stack: "staging" }, "posit:captures": [rehearsal, final] };
        take("current-is-a-stack", await up("prod", upgrade));
        installation.published = published;
        take("way-back", await up("prod", wayBack));
    });
}

/** The same where something else leads the names, and people move them when they are asked to. */
export async function externalCutover(take: Take): Promise<void> {
    await withInstallation(shapes.plain, { external: true }, async ({ up, accepted, installation }) => {
        await toTheCutover({ up, accepted, installation }, () => undefined);
        take("serve-external", await up("prod", served));
        take("served-external", await up("prod", served));
        take("way-back-external", await up("prod", wayBack));
    });
}

const wayBack = {
    "posit:captures": [rehearsal, final],
    "posit:overrides": [{ gate: "serve.back", reason: "the pilot's changes are not needed" }],
};

async function toTheCutover({ up, accepted }: Steps, take: Take): Promise<void> {
    await up("prod", { "posit:captures": [rehearsal] });
    await up("staging");
    const install = { "posit:accepted.install": accepted("install") };
    await up("staging", { ...install, "posit:phase": "migrate", "posit:restore": rehearsal.token });
    take("capture-stays", await up("prod", { "posit:captures": [rehearsal, final] }));
    const migrated = { ...install, "posit:accepted.migrate": accepted("migrate") };
    await up("staging", { ...migrated, "posit:phase": "migrate", "posit:restore": final.token });
}

/** An environment in a network that is there. */
export async function inExistingNetwork(take: Take): Promise<void> {
    await withInstallation(shapes.plain, {}, async ({ up, accepted }) => {
        await up("prod");
        const changes = { "posit:network": existingNetwork };
        take("environment-install-existing", await up("staging", changes));
        await up("prod", { "posit:captures": [rehearsal] });
        const restore = { "posit:phase": "migrate", "posit:restore": rehearsal.token };
        const install = { "posit:accepted.install": accepted("install") };
        take("environment-migrate-existing", await up("staging", { ...changes, ...restore, ...install }));
    });
}

/** A server stands before the capture whose dumps are loaded into it: in phase install, beside a rehearsal's restore, and in its own. */
export async function withPreparedServer(take: Take): Promise<void> {
    await withInstallation(shapes.mixed, {}, async ({ up, accepted }) => {
        await up("prod");
        const prepare = { "posit:prepare": final.token };
        take("environment-install-prepared", await up("staging", prepare));
        await up("prod", { "posit:captures": [rehearsal] });
        const migrate = { "posit:phase": "migrate", "posit:accepted.install": accepted("install") };
        const rehearsed = { ...prepare, ...migrate, "posit:restore": rehearsal.token };
        take("environment-migrate-prepared", await up("staging", rehearsed));
        await up("prod", { "posit:captures": [rehearsal, final] });
        take("environment-restore-prepared", await up("staging", { ...migrate, "posit:restore": final.token }));
    });
}

/** What only some production stacks meet. */
export async function others(take: Take): Promise<void> {
    await withInstallation(shapes.plain, { backupDays: 0 }, async ({ up, accepted }) => {
        const later = { ...rehearsal, notBefore: "2999-01-01T00:00:00Z" };
        take("capture-waits", await up("prod", { "posit:captures": [later] }));
        take("capture-opens-server-snapshot", await up("prod", { "posit:captures": [rehearsal] }));
        const protectedOne = { "posit:deletionProtection": true, "posit:network.natSubnetCidr": "10.20.0.0/24" };
        take("environment-install-nat", await up("staging", protectedOne));
        // What is protected in the state is not deleted by the `up` that takes the protection away.
        await up("staging");
        const restore = { "posit:phase": "migrate", "posit:restore": rehearsal.token };
        const changes = { ...restore, "posit:accepted.install": accepted("install") };
        take("environment-migrate-server-snapshot", await up("staging", changes));
    });
}
