// Instances, volumes and snapshots as one service of the cloud.
import type { Tags } from "../api";
import type { CloudContext, Service } from "../service";
import { resumeVolumes } from "./devices";
import { stopHost } from "./host";
import { instanceHandlers, instanceMembers, resumeInstances } from "./instances";
import { emptyMachines } from "./records";
import { snapshotHandlers } from "./snapshots";
import { volumeHandlers } from "./volumes";

export function machineService(context: CloudContext): Service {
    const records = context.records("machines", emptyMachines());
    return {
        handlers: {
            ...instanceHandlers(context, records),
            ...volumeHandlers(context, records),
            ...snapshotHandlers(context, records),
        },
        async start() {
            await resumeVolumes(records);
            await resumeInstances(context, records);
        },
        async stop() {
            const running = Object.values(records.instances).filter((instance) => instance.state === "running");
            await Promise.all(running.map((instance) => stopHost(instance.instanceId, 20)));
        },
        members: () => instanceMembers(context, records),
        tagged: (id): { tags: Tags } | undefined =>
            records.instances[id] ?? records.volumes[id] ?? records.snapshots[id],
    };
}
