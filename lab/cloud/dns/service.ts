// Hosted zones and record sets as a service of the cloud, answered by a real name server: a change is visible in the
// lab when its call returns.
import { CloudError } from "../api";
import type { HostedZone, RecordSet } from "../api";
import type { CloudContext, Service } from "../service";
import { isServing, publish, stopServer } from "./knot";
import { changeRecordSets, checkZoneName, emptyNames, plainName } from "./names";
import type { NameRecords } from "./names";
import { renderRoot, renderZone } from "./zoneFile";
import type { ZoneFile } from "./zoneFile";

export interface NameService extends Service {
    /** Gives a name of the cloud's own (a database's endpoint) its address. */
    announce(name: string, address: string): Promise<void>;
    withdraw(name: string): Promise<void>;
}

export function nameService(context: CloudContext): NameService {
    const names = context.records("dns", emptyNames());
    const alone = <T>(work: () => Promise<T>): Promise<T> => context.exclusive("names", work);
    const announce = (change: (announced: Record<string, string>) => void): Promise<void> =>
        alone(async () => {
            change(names.announced);
            await publishAll(context, names);
        });
    let watch: NodeJS.Timeout | undefined;
    return {
        handlers: {
            CreateHostedZone: ({ name }) => alone(() => createZone(context, names, plainName(name))),
            DescribeHostedZones: async ({ name, zoneId }) => ({
                zones: Object.values(names.zones)
                    .filter((zone) => zoneId === undefined || zone.zoneId === zoneOf(names, zoneId).zoneId)
                    .filter((zone) => name === undefined || zone.name === plainName(name)),
            }),
            ChangeRecordSet: (request) =>
                alone(async () => {
                    const zone = zoneOf(names, request.zoneId);
                    const before = names.recordSets[zone.zoneId];
                    await replace(context, names, zone, changeRecordSets(zone, before, request));
                    return {};
                }),
            ListRecordSets: async ({ zoneId }) => ({ records: names.recordSets[zoneOf(names, zoneId).zoneId] }),
        },
        async start() {
            await alone(() => publishAll(context, names));
            watch = setInterval(() => void keepServing(context, names), 2000);
        },
        async stop() {
            clearInterval(watch);
            await alone(() => stopServer(context));
        },
        members: () => [],
        tagged: () => undefined,
        announce: (name, address) => announce((announced) => (announced[plainName(name)] = address)),
        withdraw: (name) => announce((announced) => delete announced[plainName(name)]),
    };
}

function zoneOf(names: NameRecords, zoneId: string): HostedZone {
    const zone = names.zones[zoneId.replace(/^\/hostedzone\//, "")];
    if (zone === undefined) {
        throw new CloudError("NoSuchHostedZone", `No hosted zone found with ID: ${zoneId}`);
    }
    return zone;
}

async function createZone(context: CloudContext, names: NameRecords, name: string): Promise<HostedZone> {
    checkZoneName(Object.values(names.zones), name);
    const zone = { zoneId: context.newId("z").replace("z-", "Z").toUpperCase(), name };
    names.zones[zone.zoneId] = zone;
    names.recordSets[zone.zoneId] = [];
    await publishAll(context, names);
    return zone;
}

/** What the server can't load is no change at all. */
async function replace(
    context: CloudContext,
    names: NameRecords,
    zone: HostedZone,
    recordSets: RecordSet[],
): Promise<void> {
    const before = names.recordSets[zone.zoneId];
    names.recordSets[zone.zoneId] = recordSets;
    try {
        await publishAll(context, names);
    } catch (error) {
        names.recordSets[zone.zoneId] = before;
        await publishAll(context, names);
        const reason = error instanceof Error ? error.message : String(error);
        throw new CloudError("InvalidChangeBatch", `[The name server refused the change: ${reason}]`);
    }
}

async function publishAll(context: CloudContext, names: NameRecords): Promise<void> {
    names.serial += 1;
    const root: ZoneFile = { domain: "", file: "root.zone", text: renderRoot(names.serial, names.announced) };
    const hosted = Object.values(names.zones).map(({ zoneId, name }) => ({
        domain: name,
        file: `${zoneId}.zone`,
        text: renderZone(name, names.serial, names.recordSets[zoneId]),
    }));
    await publish(context, [root, ...hosted]);
}

/** A name server that ended by itself is started again. */
async function keepServing(context: CloudContext, names: NameRecords): Promise<void> {
    if (!isServing(context)) {
        context.log("the name server has ended; starting it again");
        await context
            .exclusive("names", () => publishAll(context, names))
            .catch((error: Error) => context.log(`the name server can't be started: ${error.message}`));
    }
}
