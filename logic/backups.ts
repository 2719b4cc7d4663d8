// What an environment that serves says of backups of its own data. Pure.

/** "none yet": a server is to keep backups, and has none so far. */
export type BackupFound = "found" | "none" | "none yet" | "not known";

/** A plan that takes one a week is one. */
const oldestBackup = 8 * 24 * 3600 * 1000;

/** @param newest when the newest snapshot was started, ISO 8601; absent without any. */
export function backupBySnapshot(newest: string | undefined, now: Date): BackupFound {
    return newest !== undefined && now.getTime() - Date.parse(newest) < oldestBackup ? "found" : "none";
}

/** @param taken when what RDS or AWS Backup took by itself was taken */
export function serverBackup(taken: string[], keeps: boolean, now: Date): BackupFound {
    const [newest] = [...taken].sort((one, other) => Date.parse(other) - Date.parse(one));
    const found = backupBySnapshot(newest, now);
    return found === "none" && keeps ? "none yet" : found;
}

const lackingWords: Record<Exclude<BackupFound, "found">, string> = {
    none: "",
    "none yet": " (it keeps backups, and none was seen yet)",
    "not known": " (can't be asked)",
};

/** For people, while something has none. */
export function missingBackups(backups: Record<string, BackupFound>): string | undefined {
    const words = Object.entries(backups).flatMap(([what, found]) =>
        found === "found" ? [] : [`${what}${lackingWords[found]}`],
    );
    return words.length === 0
        ? undefined
        : `this environment serves users, and no backup of the last eight days was found of ${words.join(", ")}: put its volumes into a plan of AWS Backup or Data Lifecycle Manager, and see that its database servers keep automated backups (docs/runbook.md, step 10)`;
}
