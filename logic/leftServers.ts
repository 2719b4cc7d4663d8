// A database server that a run which ended has left behind, unknown to the state: whether the next run may take it over, go on waiting for it, or
// must refuse, with what to do.
import { ownTag } from "./names";
import type { PlannedServer } from "./plannedServers";

/** As the look-up has it. */
export interface SeenServerThere {
    /** Of its life, "db-…", which the engine keeps it by (terraform-provider-aws, internal/service/rds/instance.go: DbiResourceId). */
    resourceId: string;
    tags: Record<string, string>;
    engine: string;
    masterUsername: string;
    storageEncrypted: boolean;
    kmsKeyId: string;
}

/** What it would be if this run made it. */
export interface MadeServer {
    tags: Record<string, string>;
    masterUsername: string;
    kmsKeyId?: string;
}

/** What the provider itself waits for, and when it is content (the same file, waitDBInstanceAvailable). */
const ready = ["available", "storage-optimization"];
const passing = [
    ...["backing-up", "configuring-enhanced-monitoring", "configuring-iam-database-auth", "configuring-log-exports"],
    ...["creating", "maintenance", "modifying", "moving-to-vpc", "rebooting", "renaming"],
    ...["resetting-master-credentials", "starting", "storage-initialization", "upgrading"],
];

export type ServerState = "ready" | "passing" | "stopped" | "going" | "no use";

/** By RDS's words for it (RDS User Guide, "Viewing Amazon RDS DB instance status"); one that is not known here is never taken over. */
export function stateOf(status: string): ServerState {
    switch (true) {
        case ready.includes(status):
            return "ready";
        case passing.includes(status):
            return "passing";
        case status === "stopped" || status === "stopping":
            return "stopped";
        case status === "deleting":
            return "going";
        default:
            return "no use";
    }
}

/**
 * By its tags, which come with the request that makes it (botocore's model of RDS: Tags of CreateDBInstance, RestoreDBInstanceFromDBSnapshot and
 * …ToPointInTime); its content by its name, which has the capture's token and its source.
 */
export function notOurs(planned: PlannedServer, seen: SeenServerThere, made: MadeServer): string[] {
    const { identifier } = planned;
    const own = Object.entries(made.tags).filter(([key]) => ownTag(key));
    const other = own.filter(([key, value]) => seen.tags[key] !== value).map(([key, value]) => `${key}: ${value}`);
    if (other.length > 0) {
        return [
            `a database server ${identifier} is there already and is not this stack's (it lacks the tag ${other.join(", ")}): no server of others is touched. Give this project or stack another name, or have that server renamed`,
        ];
    }
    // Each of them would make the engine replace what it has just taken over.
    const differs = [
        ...(seen.engine === "postgres" ? [] : [`its engine is ${seen.engine}`]),
        ...(planned.isFresh ? differsFromFresh(seen, made) : []),
    ];
    return differs.length === 0
        ? []
        : [
              `the database server ${identifier} that an ended run left is not what the configuration asks for (${differs.join("; ")}): put that back, or ${deleted(identifier)}`,
          ];
}

function differsFromFresh(seen: SeenServerThere, made: MadeServer): string[] {
    return [
        ...(seen.masterUsername === made.masterUsername
            ? []
            : [`its master user is ${seen.masterUsername}, not ${made.masterUsername}`]),
        ...(seen.storageEncrypted ? [] : ["it is not encrypted"]),
        ...(made.kmsKeyId === undefined || seen.kmsKeyId === made.kmsKeyId ? [] : [`its key is ${seen.kmsKeyId}`]),
    ];
}

/** Why a server in that state is not taken over. */
export function unusable(identifier: string, status: string): string[] {
    switch (stateOf(status)) {
        case "ready":
        case "passing":
            return [];
        case "stopped":
            return [
                `the database server ${identifier} is ${status}: start it (aws rds start-db-instance --db-instance-identifier ${identifier}) and run this again`,
            ];
        case "going":
            return [
                `a database server ${identifier} is being deleted: wait until it is gone (aws rds wait db-instance-deleted --db-instance-identifier ${identifier}), and run this again`,
            ];
        case "no use":
            return [
                `the database server ${identifier} that an ended run left came to nothing (RDS says ${status}), and is not taken over: ${deleted(identifier)}`,
            ];
    }
}

/** Whose state can't be told. */
export function unasked(identifier: string, why: string): string {
    return `a database server ${identifier} is there, left by a run that ended, and whether it is ready can't be asked (${why}): allow cloudformation:GetResource (deploy/iam), or ${deleted(identifier)}`;
}

/** One in a failed state can be deleted without a final snapshot only (botocore's model of RDS, DeleteDBInstance). */
function deleted(identifier: string): string {
    return `see that nobody needs it, delete it (aws rds delete-db-instance --db-instance-identifier ${identifier} --skip-final-snapshot), wait until it is gone (aws rds wait db-instance-deleted --db-instance-identifier ${identifier}), \`pulumi refresh\` this stack, and run this again`;
}
