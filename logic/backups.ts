// What an environment that serves says of backups of its own data. Pure.

export type BackupFound = "found" | "none" | "not known";

/** A plan that takes one a week is one. */
const oldestBackup = 8 * 24 * 3600 * 1000;

/** @param newest when the newest snapshot was started, ISO 8601; absent without any. */
export function backupBySnapshot(newest: string | undefined, now: Date): BackupFound {
    return newest !== undefined && now.getTime() - Date.parse(newest) < oldestBackup ? "found" : "none";
}

/** For people, while something has none. */
export function missingBackups(backups: Record<string, BackupFound>): string | undefined {
    const lacking = Object.entries(backups).filter(([, found]) => found !== "found");
    const words = lacking.map(([what, found]) => (found === "none" ? what : `${what} (can't be asked)`));
    return words.length === 0
        ? undefined
        : `this environment serves users, and no backup of the last eight days was found of ${words.join(", ")}: put its volumes into a plan of AWS Backup or Data Lifecycle Manager (docs/runbook.md, step 10)`;
}
