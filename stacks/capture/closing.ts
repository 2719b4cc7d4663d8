// How production would be closed for one capture, as plain data: which hosts, what each does about its product's database, which databases are
// asked over the network, and why this run may not close it.
import * as aws from "@pulumi/aws";
import { Closing } from "../../components/capture/run";
import { CaptureConfig, ProductionConfig } from "../../config/schema";
import { HostDatabase, onHost, serverOf, sessionsOf } from "../../databases";
import type { DryRuns } from "../../logic/capture/methods";
import { CaptureDecision } from "../../logic/capture/state";
import { byProduct, DatabaseRole, inOrder, ProductId, products } from "../../products";
import { ProbedDatabase } from "../../remote/capture/databases";
import { NamedSide } from "../sides";

interface ClosingParts {
    capture: CaptureConfig;
    config: ProductionConfig;
    side: NamedSide;
    /** The servers of RDS. */
    instances: aws.rds.GetInstanceResult[];
    decision: CaptureDecision;
    /** Of servers that are dumped. */
    dryRuns: DryRuns;
}

export function closingOf(parts: ClosingParts): Omit<Closing, "findings"> {
    const { capture, side, instances, decision } = parts;
    return {
        refusal:
            decision.kind === "begin"
                ? undefined
                : `capture ${capture.token}: this run may not close production (${decision.kind})`,
        hosts: byProduct(side.hosts).map(([product, { target, layout }]) => ({
            product,
            target,
            layout,
            databases: hostDatabases(parts, product),
        })),
        databases: inOrder.flatMap((product) => askedDatabases(parts, product)),
        servers: instances,
    };
}

/** Those that answer over the network; one on the host itself is stopped with its product. */
function askedDatabases({ config, side, instances }: ClosingParts, product: ProductId): ProbedDatabase[] {
    const { databases, target } = side.hosts[product];
    return databases.flatMap((database) => {
        const server = serverOf(database);
        const asked = sessionsOf(
            database,
            instances.find(({ dbInstanceIdentifier }) => dbInstanceIdentifier === server),
        );
        if (asked === undefined) {
            return [];
        }
        const { restorable, ...address } = asked;
        const access = { ...address, ...credentials({ config, side }, product, database) };
        return [{ through: target, target: access, users: [asked.user], restorable }];
    });
}

/** What a host does about its product's databases while it is closed. */
function hostDatabases({ capture, config, side, dryRuns }: ClosingParts, product: ProductId): HostDatabase[] {
    const { databases } = side.hosts[product];
    const folder = products[product].ownData;
    const rooms = Object.values(dryRuns).flatMap((dryRun) => dryRun.rooms ?? []);
    return databases.flatMap(
        (database) =>
            onHost(database, {
                ...{ token: capture.token, folder },
                room: rooms.find((room) => room.product === product && room.role === database.role)?.bytes,
                ...credentials({ config, side }, product, database),
            }) ?? [],
    );
}

function credentials(
    { config, side }: Pick<ClosingParts, "config" | "side">,
    product: ProductId,
    { role }: { role: DatabaseRole },
) {
    return { password: side.databasePasswords[product]?.[role], ca: config.databaseCaCertificate };
}
