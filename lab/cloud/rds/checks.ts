// What RDS accepts, and how it refuses.
import { CloudError } from "../api";
import type { Request } from "../api";
import type { CloudContext } from "../service";

export const invalidParameter = (message: string): CloudError => new CloudError("InvalidParameterValue", message);
export const invalidCombination = (message: string): CloudError =>
    new CloudError("InvalidParameterCombination", message);

export function checkIdentifier(parameter: string, identifier: string, longest: number): void {
    const wellFormed = /^[a-z](-?[a-z0-9])*$/i.test(identifier) && identifier.length <= longest;
    if (!wellFormed) {
        throw invalidParameter(
            `The parameter ${parameter} is not a valid identifier. Identifiers must begin with a letter; must contain only ASCII letters, digits, and hyphens; and must not end with a hyphen or contain two consecutive hyphens.`,
        );
    }
}

export function checkPassword(password: string): void {
    const refused = "The parameter MasterUserPassword is not a valid password";
    if (password.length < 8 || password.length > 128) {
        throw invalidParameter(`${refused} because it is shorter than 8 or longer than 128 characters.`);
    }
    if (/[^!-~]|[/@"]/.test(password)) {
        throw invalidParameter(`${refused}. Only printable ASCII characters besides '/', '@', '"', ' ' may be used.`);
    }
}

const reserved = ["rdsadmin", "rds_superuser", "admin", "public", "none"];

export function checkUsername(username: string): void {
    if (!/^[a-z][a-z0-9_]{0,62}$/i.test(username)) {
        throw invalidParameter(
            `MasterUsername ${username} is not a valid name: a letter, then letters, digits and underscores.`,
        );
    }
    if (reserved.includes(username.toLowerCase()) || username.toLowerCase().startsWith("pg_")) {
        throw invalidParameter(`MasterUsername ${username} cannot be used as it is a reserved word used by the engine`);
    }
}

export function checkSizes({ allocatedStorage, backupRetentionPeriod }: Partial<Request<"CreateDbInstance">>): void {
    if (allocatedStorage !== undefined && (!Number.isInteger(allocatedStorage) || allocatedStorage < 20)) {
        throw invalidCombination(
            `Invalid storage size for engine name postgres and storage type gp3: ${allocatedStorage}`,
        );
    }
    const days = backupRetentionPeriod;
    if (days !== undefined && (!Number.isInteger(days) || days < 0 || days > 35)) {
        throw invalidParameter(`Invalid backup retention period: ${days}. Must be a number of days from 0 to 35.`);
    }
}

/** The subnet of the group to stand in: that of the wanted zone, or the first. */
export function subnetOfGroup(context: CloudContext, groupName: string | undefined, zone: unknown): string {
    if (groupName === undefined) {
        throw new CloudError(
            "InvalidSubnet",
            "No default subnet detected in VPC. Give a DB subnet group, as this cloud has no default VPC.",
        );
    }
    const group = Object.values(context.things).find(
        (thing) =>
            thing.type === "aws:rds/subnetGroup:SubnetGroup" &&
            (thing.properties.name === groupName || thing.id === groupName),
    );
    if (group === undefined) {
        throw new CloudError("DBSubnetGroupNotFoundFault", `DB subnet group '${groupName}' does not exist.`);
    }
    const ids = Array.isArray(group.properties.subnetIds) ? (group.properties.subnetIds as string[]) : [];
    const subnets = ids.map((id) => context.subnets[id]).filter((subnet) => subnet !== undefined);
    if (new Set(subnets.map((subnet) => subnet.availabilityZone)).size < 2) {
        throw new CloudError(
            "DBSubnetGroupDoesNotCoverEnoughAZs",
            `The DB subnet group doesn't meet Availability Zone (AZ) coverage requirement. Add subnets to cover at least 2 AZs: ${groupName}`,
        );
    }
    const chosen = zone === undefined ? subnets[0] : subnets.find((subnet) => subnet.availabilityZone === zone);
    if (chosen === undefined) {
        throw invalidCombination(`The DB subnet group ${groupName} has no subnet in ${String(zone)}.`);
    }
    return chosen.subnetId;
}
