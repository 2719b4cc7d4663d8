// How production would be closed for one capture, as plain data: which hosts, what each does about its product's database, which databases are
// asked over the network, and why this run may not close it.
import * as aws from "@pulumi/aws";
import { Closing } from "../../components/capture/run";
import { CaptureConfig, ProductionConfig } from "../../config/schema";
import { volumeMethods } from "../../logic/capture/methods";
import { CaptureDecision } from "../../logic/capture/state";
import { byProduct, inOrder, ProductId, products } from "../../products";
import { AskedDatabase } from "../../remote/capture/databases";
import { HostDatabase } from "../../remote/window/types";
import { NamedSide } from "../sides";

interface ClosingParts {
    capture: CaptureConfig;
    config: ProductionConfig;
    side: NamedSide;
    /** The servers of RDS. */
    instances: aws.rds.GetInstanceResult[];
    decision: CaptureDecision;
}

export function closingOf(parts: ClosingParts): Closing {
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
            database: hostDatabase(parts, product),
        })),
        databases: inOrder.flatMap((product) => askedDatabase(parts, product)),
        servers: instances,
    };
}

/** Those that answer over the network; one on the host itself is stopped with its product. */
function askedDatabase({ config, side, instances }: ClosingParts, product: ProductId): AskedDatabase[] {
    const { database, target } = side.hosts[product];
    if (database.kind === "sqlite" || database.kind === "local") {
        return [];
    }
    const instance = instances.find(
        ({ dbInstanceIdentifier }) => database.kind === "rds" && dbInstanceIdentifier === database.server,
    );
    return [
        {
            through: target,
            target: {
                host: database.kind === "rds" ? (instance?.address ?? database.server) : database.host,
                port: database.kind === "rds" ? instance?.port : database.port,
                database: database.name,
                user: database.user,
                password: side.databasePasswords[product],
                ca: config.databaseCaCertificate,
            },
            roles: [database.user],
            restorable: database.kind === "rds",
        },
    ];
}

/** What a host does about its product's database while it is closed. */
function hostDatabase({ capture, config, side }: ClosingParts, product: ProductId): HostDatabase | undefined {
    const { database, dataVolumes } = side.hosts[product];
    switch (database.kind) {
        case "external":
            return {
                method: volumeMethods[database.kind],
                path: `${dumpMount(product, dataVolumes)}/.posit-capture/${capture.token}.dump`,
                host: database.host,
                port: database.port,
                name: database.name,
                user: database.user,
                password: side.databasePasswords[product],
                ca: config.databaseCaCertificate,
            };
        case "local":
            return { method: volumeMethods[database.kind], path: database.dataDirectory };
        default:
            return undefined;
    }
}

/** The product's own data directory; homes are other people's. */
function dumpMount(product: ProductId, volumes: { mount: string }[]): string {
    const own = products[product].dataMounts;
    return own[own.length - 1] ?? volumes[0].mount;
}
