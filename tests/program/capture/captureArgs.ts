// A capture of three products with a volume each and one server, as the component gets it.
import * as pulumi from "@pulumi/pulumi";
import { CaptureArgs } from "../../../components/capture/capture";
import { CaptureConfig } from "../../../config/schema";
import { seal } from "../../../logic/secret";
import { perProduct, productIds } from "../../../products";
import { runDefaults } from "../../unit/remote/capture/runDefaults";
import { inventory } from "../world";

export const target = { address: "10.10.1.10", user: "admin", privateKey: seal("key"), hostKey: "ssh-ed25519 AAAA" };

const { options } = runDefaults;
export const capture: CaptureConfig = { ...options, warmUp: true, database: "auto" };

export function captureArgs(change: Partial<CaptureArgs> = {}): CaptureArgs {
    return {
        capture,
        stack: "prod",
        region: "us-east-1",
        sources: productIds.map((product, index) => ({
            product,
            target,
            volumes: [{ volumeId: `vol-${index}`, mount: `/data/${index}` }],
            databases: [{ role: "main", kind: "rds", server: "legacy-db", name: product, user: product }],
        })),
        serverMethod: "snapshot",
        existing: {},
        closing: { hosts: [], databases: [], servers: [], findings: [] },
        speeds: {},
        descriptions: { "legacy-db": { engineVersion: "15.8", storageEncrypted: false } },
        inventory: pulumi.output(perProduct(inventory)) as unknown as CaptureArgs["inventory"],
        after: [],
        tags: {},
        ...change,
    };
}
