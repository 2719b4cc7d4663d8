// Database servers, their snapshots and names; and the records that lead users.
import { parseAddress } from "../../../logic/ranges";
import { isRestored } from "../calls/databases";
import type { Resource } from "../exports";
import { each, found, inModel, Rule } from "./rule";

const serverType = "aws:rds/instance:Instance";
const snapshotType = "aws:rds/snapshot:Snapshot";
const groupType = "aws:rds/subnetGroup:SubnetGroup";

/** Letters, digits and single hyphens, a letter first and no hyphen last; RDS makes them lower case, so anything else reads back otherwise. */
const isName = (name: unknown, longest: number) =>
    /^[a-z](?:-?[a-z0-9])*$/.test(String(name)) && String(name).length <= longest;
const notAName = (name: unknown, longest: number) =>
    name === undefined || isName(name, longest)
        ? undefined
        : `"${String(name)}" is no name that RDS takes and gives back`;

/** No restore can be told them (RDS's model), so what is set here is not what the server has. */
const ofTheSource = ["storageEncrypted", "kmsKeyId", "username", "dbName", "characterSetName"];
const given: Rule["finds"] = (stack) =>
    stack
        .of(serverType)
        .filter(({ inputs }) => isRestored(inputs))
        .flatMap((server) =>
            ofTheSource
                .filter((input) => server.inputs[input] !== undefined)
                .map((input) => found(server, input, `${input} is the source's, whatever is set`)),
        );

const storageProblem = ({ allocatedStorage, storageType }: Resource["inputs"]) => {
    const least = /^io/.test(String(storageType ?? "gp3")) ? 100 : 20;
    const size = Number(allocatedStorage);
    return allocatedStorage === undefined || (size >= least && size <= 65_536)
        ? undefined
        : `${size} GiB are not ${least} to 65536`;
};

export const databaseRules: Rule[] = [
    {
        name: "server-name",
        ...inModel(
            "rds:CreateDBInstanceMessage.DBInstanceIdentifier",
            "Can't end with a hyphen or contain two consecutive hyphens.",
        ),
        finds: each([serverType], ({ identifier }) => notAName(identifier, 63), "identifier"),
    },
    {
        name: "snapshot-name",
        ...inModel(
            "rds:CreateDBSnapshotMessage.DBSnapshotIdentifier",
            "Must contain from 1 to 255 letters, numbers, or hyphens",
        ),
        finds: each(
            [snapshotType],
            ({ dbSnapshotIdentifier }) => notAName(dbSnapshotIdentifier, 255),
            "dbSnapshotIdentifier",
        ),
    },
    {
        name: "final-snapshot-name",
        ...inModel(
            "rds:DeleteDBInstanceMessage.FinalDBSnapshotIdentifier",
            "Must be 1 to 255 letters or numbers. First character must be a letter.",
        ),
        finds: each(
            [serverType],
            ({ finalSnapshotIdentifier }) => notAName(finalSnapshotIdentifier, 255),
            "finalSnapshotIdentifier",
        ),
    },
    {
        name: "subnet-group-name",
        ...inModel(
            "rds:CreateDBSubnetGroupMessage.DBSubnetGroupName",
            "Must contain no more than 255 letters, numbers, periods, underscores, spaces, or hyphens.",
        ),
        finds: each(
            [groupType],
            ({ name }) =>
                /^[a-z][a-z0-9._ -]{0,254}$/.test(String(name)) && name !== "default"
                    ? undefined
                    : `"${String(name)}" is not taken, or read back otherwise`,
            "name",
        ),
    },
    {
        name: "master-name",
        ...inModel("rds:CreateDBInstanceMessage.MasterUsername", "Must be 1 to 16 letters, numbers, or underscores."),
        finds: each(
            [serverType],
            ({ username }) =>
                username === undefined || /^[A-Za-z][A-Za-z0-9_]{0,15}$/.test(String(username))
                    ? undefined
                    : `"${String(username)}" is not 1 to 16 of them`,
            "username",
        ),
    },
    {
        name: "retention",
        ...inModel("rds:CreateDBInstanceMessage.BackupRetentionPeriod", "Must be a value from 0 to 35."),
        finds: each(
            [serverType],
            ({ backupRetentionPeriod: days }) =>
                days === undefined || (Number(days) >= 0 && Number(days) <= 35) ? undefined : `${String(days)} days`,
            "backupRetentionPeriod",
        ),
    },
    {
        name: "server-storage",
        ...inModel(
            "rds:CreateDBInstanceMessage.AllocatedStorage",
            "General Purpose (SSD) storage (gp2, gp3): Must be an integer from 20 to 65536.",
        ),
        finds: each([serverType], storageProblem, "allocatedStorage"),
    },
    {
        name: "minor-version-pinned",
        text: "If autoMinorVersionUpgrade is enabled, you can provide a prefix of the version",
        source: "@pulumi/aws 7.48.0, rds/instance.d.ts, engineVersion",
        rank: "documented",
        finds: each(
            [serverType],
            ({ engineVersion, autoMinorVersionUpgrade }, { ignoreChanges = [] }) =>
                /^\d+\.\d+/.test(String(engineVersion ?? "")) &&
                autoMinorVersionUpgrade !== false &&
                !ignoreChanges.includes("engineVersion")
                    ? "after an automatic minor upgrade the next `up` asks for the older version, and fails"
                    : undefined,
            "engineVersion",
        ),
    },
    {
        name: "restore-takes-from-source",
        ...inModel(
            "rds:RestoreDBInstanceToPointInTime",
            "The target database is created with most of the original configuration",
        ),
        finds: given,
    },
    {
        name: "moment",
        ...inModel(
            "rds:RestoreDBInstanceToPointInTimeMessage.RestoreTime",
            "Must be a time in Universal Coordinated Time (UTC) format.",
        ),
        finds: each(
            [serverType],
            ({ restoreToPointInTime }) => {
                const moment = (restoreToPointInTime as Record<string, unknown> | undefined)?.restoreTime;
                return moment === undefined || /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(String(moment))
                    ? undefined
                    : `"${String(moment)}"`;
            },
            "restoreTime",
        ),
    },
    {
        name: "final-snapshot-missing",
        ...inModel(
            "rds:DeleteDBInstanceMessage.SkipFinalSnapshot",
            "If you don't enable this parameter, you must specify the FinalDBSnapshotIdentifier parameter.",
        ),
        finds: each(
            [serverType],
            ({ skipFinalSnapshot, finalSnapshotIdentifier }) =>
                skipFinalSnapshot !== true && finalSnapshotIdentifier === undefined
                    ? "it could never be deleted"
                    : undefined,
            "finalSnapshotIdentifier",
        ),
    },
    {
        name: "address-record",
        text: "The value for an A record is an IPv4 address in dotted decimal notation",
        source: "Amazon Route 53 developer guide, supported DNS record types",
        rank: "documented",
        finds: each(
            ["aws:route53/record:Record"],
            ({ type, records }) =>
                type !== "A" || (records as unknown[]).every((value) => parseAddress(String(value)) !== undefined)
                    ? undefined
                    : `${(records as unknown[]).join(", ")} is no IPv4 address`,
            "records",
        ),
    },
];
