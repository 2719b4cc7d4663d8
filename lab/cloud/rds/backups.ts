// How far back and up to when a server can be restored. The log is archived file by file as it fills; a restore asks the
// source for one commit more and for the file that it is in, so that the moment asked for is never beyond the archive.
import type { CloudContext } from "../service";
import { invalidParameter } from "./checks";
import { processOf, query } from "./postgres";
import type { InstanceRecord } from "./records";
import { beat } from "./roles";
import { bases, filesSinceLastBase, isArchived, takeBase } from "./storage";

/** Behind now, as on RDS (where it is up to five minutes). */
const lagMilliseconds = 5000;
const archiveSeconds = 120;
const filesPerBase = 32; // of 4 MiB: what a restore has to replay at most

const second = (time: number): number => Math.floor(time / 1000) * 1000;
export const isoSeconds = (time: number): string => new Date(second(time)).toISOString().replace(".000Z", "Z");

/** Milliseconds since 1970. */
export function latestRestorable(context: CloudContext, record: InstanceRecord): number {
    const running = processOf(context, record.identifier) !== undefined;
    return running ? second(Date.now() - lagMilliseconds) : (record.archivedUntil ?? 0);
}

/** Undefined while nothing is restorable: backups are off, or just on. */
export function latestRestorableTime(context: CloudContext, record: InstanceRecord): string | undefined {
    const earliest = bases(record.identifier).at(0);
    const latest = latestRestorable(context, record);
    const restorable = record.backupRetentionPeriod > 0 && earliest !== undefined && latest >= earliest;
    return restorable ? isoSeconds(latest) : undefined;
}

/** Refuses, as RDS does, what lies outside. */
export function checkRestorable(context: CloudContext, record: InstanceRecord, moment: number): void {
    const refused = "The specified instance cannot be restored to a time";
    const earliest = bases(record.identifier).at(0) ?? Date.now();
    const latest = Math.max(latestRestorable(context, record), 0);
    if (moment > latest) {
        throw invalidParameter(`${refused} later than ${isoSeconds(latest)}.`);
    }
    if (moment < earliest) {
        // Rounded up: the first whole second that would be accepted.
        throw invalidParameter(
            `${refused} earlier than ${isoSeconds(earliest + 999)} because its backup retention period is set to ${record.backupRetentionPeriod} days.`,
        );
    }
}

/** After this the archive reaches beyond now. */
export async function completeArchive(context: CloudContext, { identifier }: InstanceRecord): Promise<void> {
    const [{ file }] = await query<{ file: string }>(context, identifier, beat);
    await context.waitFor(`${identifier} archives ${file}`, () => isArchived(identifier, file), archiveSeconds);
}

/** Keeps restores short: after much was written, a new base costs next to nothing. */
export async function refreshBase(context: CloudContext, record: InstanceRecord): Promise<void> {
    if (record.backupRetentionPeriod > 0 && filesSinceLastBase(record.identifier) >= filesPerBase) {
        await query(context, record.identifier, "CHECKPOINT");
        await takeBase(record.identifier);
    }
}
