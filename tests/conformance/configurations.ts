// The configurations that are held against AWS: the templates as they are filled in, and those that differ from them. Each is recorded through
// index.ts, both roles, as far as a restore.
import { Steps, withInstallation } from "../golden/situations";
import { Shape, shapes } from "../program/shapes";
import type { Changes } from "../program/templates";
import { existingNetwork } from "../program/installation";
import type { Recording } from "../program/recorder";
import { operatorKey } from "../unit/config/samples";

export interface Configuration {
    name: string;
    /** What of the environment differs from the template. */
    staging: Changes;
    shape: Shape;
    backupDays?: number;
    /** What production's database servers answer beside what all do. */
    serverSettings?: Record<string, unknown>;
    /** The cutover too: what serves is protected, and the names move. */
    cutover?: boolean;
}

const kmsKeyId = "arn:aws:kms:us-east-1:210987654321:key/8a7b6c5d-1234-4abc-9def-0a1b2c3d4e5f";

export const configurations: Configuration[] = [
    { name: "template", shape: shapes.plain, staging: {}, cutover: true },
    {
        name: "nat",
        shape: shapes.volumes,
        staging: { "posit:network.natSubnetCidr": "10.20.0.0/24", "posit:kmsKeyId": kmsKeyId },
    },
    { name: "shared", shape: shapes.shared, staging: {} },
    {
        name: "snapshot",
        shape: shapes.plain,
        backupDays: 0,
        staging: { "posit:database.masterUsername": "dba" },
    },
    { name: "mixed", shape: shapes.mixed, staging: { "posit:database.backupRetentionDays": 35 } },
    // SSH comes from the bastion, Postgres from where `up` runs.
    {
        name: "bastion",
        shape: shapes.plain,
        staging: {
            "posit:ssh.bastion": { address: "10.8.0.5", user: "jump", hostKey: operatorKey.public },
            "posit:network.operatorCidrs": ["10.8.0.5/32", "10.8.0.64/28"],
        },
    },
    // Security groups only, in a network that stands already: no route is in its export, so that the rules of routes have nothing to hold there. What its
    // tables lead to is asked of the account by the program itself, before anything is built (tests/program/existingNetwork.test.ts).
    { name: "existing", shape: shapes.plain, staging: { "posit:network": existingNetwork } },
];

/** Nobody could come in, by a bastion neither: refused before anything is built. */
export const wayless: Configuration = {
    ...{ name: "wayless", shape: shapes.plain },
    staging: { "posit:network.transitGatewayId": undefined },
};

type Recorded = Record<string, Recording>;

const rehearsal = { token: "2026-11-21a", reopen: true };
const final = { token: "2026-11-28a", reopen: false };

/** By a name each: configuration, step and stack. */
export async function recordAll(wanted = configurations): Promise<Recorded> {
    const recorded: Recorded = {};
    for (const configuration of wanted) {
        const take = (step: string, recording: Recording) => (recorded[`${configuration.name}-${step}`] = recording);
        const { shape, backupDays = 7, serverSettings = {} } = configuration;
        await withInstallation(shape, { backupDays }, (steps) => {
            const { cloud } = steps.installation;
            for (const { server } of Object.values(shape.databases))
                if (server) cloud.servers[String(server)] = backupDays;
            cloud.serverSettings = serverSettings;
            return perform(steps, configuration, take);
        });
    }
    return recorded;
}

type Take = (step: string, recording: Recording) => void;

async function perform({ up, accepted }: Steps, { staging, cutover }: Configuration, take: Take): Promise<void> {
    take("1-first-prod", await up("prod"));
    take("2-install-staging", await up("staging", staging));
    take("3-capture-prod", await up("prod", { "posit:captures": [rehearsal] }));
    const migrate = { ...staging, "posit:phase": "migrate", "posit:accepted.install": accepted("install") };
    take("4-migrate-staging", await up("staging", { ...migrate, "posit:restore": rehearsal.token }));
    if (!cutover) return;
    const captures = { "posit:captures": [rehearsal, final] };
    take("5-stay-prod", await up("prod", captures));
    const restore = { ...migrate, "posit:restore": final.token, "posit:accepted.migrate": accepted("migrate") };
    take("6-restore-staging", await up("staging", restore));
    take("7-serve-prod", await up("prod", { ...captures, "posit:serve": { stack: "staging" } }));
    take("8-serving-staging", await up("staging", { ...restore, "posit:deletionProtection": true }));
}
