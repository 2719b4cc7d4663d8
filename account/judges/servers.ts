// Whether the databases' servers can be ordered, and whether production's can be captured and restored.
import { isDumpNoted, serverFindings, serverMethod } from "../../databases";
import { CloudAnswer, ifKnown } from "../answer";
import type { OrderableClass, ServerStanding } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface PlannedServer {
    /** "15" stands for its newest minor version. */
    engineVersion: string;
    instanceClass: string;
    /** None where they can't be told. */
    zones: string[];
    /** A copy of this server: it has its source's version, whatever can still be ordered. */
    restoredFrom?: string;
}

/** "15" has "15.8" in it, and "15.8" itself only. */
export function isOfVersion(version: string, wanted: string): boolean {
    return version === wanted || version.startsWith(`${wanted}.`);
}

export function judgeOrderable(
    { engineVersion, instanceClass, zones, restoredFrom }: PlannedServer,
    orderable: CloudAnswer<OrderableClass[]>,
): AccountFinding {
    const about = restoredFrom === undefined ? "fresh database server" : `server restored from ${restoredFrom}`;
    const name = `PostgreSQL ${engineVersion} on ${instanceClass}`;
    return ifKnown(
        orderable,
        (options) => {
            const versions = options.filter((option) => isOfVersion(option.engineVersion, engineVersion));
            const here = versions.filter(
                (option) => zones.length === 0 || option.zones.some((zone) => zones.includes(zone)),
            );
            if (options.length === 0) {
                return wrong(
                    about,
                    `RDS for PostgreSQL has no class ${instanceClass} in this region`,
                    "set posit:database.instanceClass to one that it has (`aws rds describe-orderable-db-instance-options --engine postgres`)",
                );
            }
            if (versions.length === 0) {
                const offered = [...new Set(options.map((option) => option.engineVersion))];
                if (restoredFrom !== undefined) {
                    return open(
                        about,
                        `${name} can't be ordered any longer; this class has ${listed(offered)}`,
                        "whether RDS still restores such a version is not told beforehand: upgrade production's minor version first, or see in the dress rehearsal",
                    );
                }
                return wrong(
                    about,
                    `${name} can't be ordered; this class has ${listed(offered)}`,
                    "set posit:database.engineVersion to one that is offered (the major version alone takes the newest), or another posit:database.instanceClass",
                );
            }
            if (here.length === 0) {
                return wrong(
                    about,
                    `${name} is offered in none of ${zones.join(", ")}`,
                    "set posit:database.instanceClass to one that is offered there, or other posit:network.zones (before anything is built)",
                );
            }
            return here.some(({ encryption }) => encryption)
                ? ok(
                      about,
                      `${name} can be ordered in ${zones.filter((zone) => here.some((one) => one.zones.includes(zone))).join(", ") || "this region"}`,
                  )
                : wrong(
                      about,
                      `${instanceClass} has no encrypted storage, which every server here has`,
                      "set posit:database.instanceClass to one that has",
                  );
        },
        (why) => open(about, why),
    );
}

function listed(versions: string[]): string {
    const sorted = versions.sort((a, b) => a.localeCompare(b, "en", { numeric: true }));
    return sorted.length > 8 ? `${sorted.slice(0, 2).join(", ")} … ${sorted.slice(-4).join(", ")}` : sorted.join(", ");
}

/**
 * @param option `database` of the capture that comes next.
 * @param accepting environments that take a plain server (posit:overrides, gate `encryption`).
 */
export function judgeSources(
    servers: string[],
    answer: CloudAnswer<ServerStanding[]>,
    option: Parameters<typeof serverMethod>[0],
    accepting: string[] = [],
): AccountFinding[] {
    return servers.flatMap((server) => {
        const about = `production's server ${server}`;
        return ifKnown(
            answer,
            (standing) => {
                const found = standing.find((one) => one.server.toLowerCase() === server.toLowerCase());
                return found
                    ? judgeSource(about, found, option, accepting)
                    : [
                          wrong(
                              about,
                              "is not there in this account and region",
                              "correct `server` of the databases in posit:current, or the account and region",
                          ),
                      ];
            },
            (why) => [open(about, why)],
        );
    });
}

function judgeSource(
    about: string,
    server: ServerStanding,
    option: Parameters<typeof serverMethod>[0],
    accepting: string[],
): AccountFinding[] {
    const { method, why } = serverMethod(option, server);
    const found = [
        ...serverFindings(server, method, option).map((finding) => {
            const [says, ...remedy] = finding.split(": ");
            return wrong(about, says, remedy.join(": ") || "see docs/closed-window.md");
        }),
        ...(server.encrypted || isDumpNoted({ method }) ? [] : [judgePlain(about, accepting)]),
        ...(server.status === "available"
            ? []
            : [
                  wrong(
                      about,
                      `is in state ${server.status}: neither a snapshot nor a moment can be had now`,
                      "wait until it is available, or bring it there, before a capture begins",
                  ),
              ]),
    ];
    const is = `PostgreSQL ${server.engineVersion} on ${server.instanceClass}, ${server.storage} GiB ${server.storageType}, backups for ${server.backupRetentionPeriod} days`;
    return found.length > 0
        ? found
        : [
              method === "snapshot" && option === "auto"
                  ? open(
                        about,
                        `${is}. It is captured by a snapshot: ${why}`,
                        "give it a backup retention of a day or more",
                    )
                  : ok(
                        about,
                        server.encrypted ? is : `${is}, not encrypted: it is dumped, and loaded into a server that is`,
                    ),
          ];
}

/** As the gate `encryption` says it (logic/gates.ts). */
function judgePlain(about: string, accepting: string[]): AccountFinding {
    const says = "is not encrypted, and a restore is as its source is";
    return accepting.length > 0
        ? open(about, `${says}; ${accepting.join(" and ")} accepts a plain server (posit:overrides, gate encryption)`)
        : wrong(
              about,
              says,
              "set database: dump on the capture, or declare that server `external` in posit:current (kind: external, with its host): either way it is dumped and loaded into the encrypted one. Or accept a plain server with posit:overrides: [{gate: encryption, reason: …}] of the environment",
          );
}
