// Destroying the environment touches neither production nor captures.
import { callCloud } from "../../cloud/client";
import { productIds } from "../../../products/ids";
import { step } from "../../progress";
import { pulumi } from "../../project";
import { canonical } from "./compare";
import type { Rehearsal } from "../rehearsal";

interface Standing {
    snapshots: string[];
    databaseSnapshots: string[];
    instances: string[];
    volumes: string[];
    database: string;
}

export async function destroyEnvironment(rehearsal: Rehearsal, when: string): Promise<void> {
    const before = await standing(rehearsal);
    await step(`Destroying the environment in ${when}`, () =>
        pulumi(["destroy", "--yes", "--skip-preview", "--stack", rehearsal.stacks.staging.name]),
    );
    const after = await standing(rehearsal);
    rehearsal.recorder.check(
        `Destroying the environment in ${when} touched neither production nor captures`,
        canonical(before) === canonical(after),
        { before, after },
    );
}

async function standing({ facts }: Rehearsal): Promise<Standing> {
    const captured = [{ name: "tag:posit:capture", values: ["*"] }];
    const { snapshots } = await callCloud("DescribeSnapshots", { filters: captured });
    const server = await callCloud("DescribeDbInstance", { identifier: facts.database.server });
    const databaseSnapshots = await callCloud("DescribeDbSnapshots", { dbInstanceIdentifier: facts.database.server });
    const instances = [];
    const volumes = [];
    for (const product of productIds) {
        const { instanceId, dataVolumes } = facts.hosts[product];
        const instance = await callCloud("DescribeInstance", { instanceId });
        instances.push(`${instance.instanceId} ${instance.state}`);
        for (const { volumeId } of dataVolumes) {
            const volume = await callCloud("DescribeVolume", { volumeId });
            volumes.push(`${volume.volumeId} ${volume.state} ${volume.attachment?.instanceId}`);
        }
    }
    return {
        snapshots: snapshots.map((one) => one.snapshotId).sort(),
        databaseSnapshots: databaseSnapshots.snapshots.map((one) => one.snapshotIdentifier).sort(),
        instances,
        volumes,
        database: `${server.identifier} ${server.status}`,
    };
}
