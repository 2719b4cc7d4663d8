// The configuration of the production side: what serves now, its captures, the names users know.
import { z } from "zod";
import { absolutePath, common, dnsName, hostKey, perProduct, stackName, token } from "./common";

const postgres = {
    name: z.string().describe("Name of the product's database."),
    user: z.string().describe("The product's role, whose sessions must end for a capture."),
};
const database = z
    .union([
        z.strictObject({
            kind: z.literal("rds").default("rds").describe("Where the product's database is; RDS when absent."),
            server: z.string().describe("RDS instance identifier."),
            ...postgres,
        }),
        z.strictObject({
            kind: z.literal("external").describe("A Postgres server that is neither RDS nor on the product's host."),
            host: z.string().describe("Its address, as the product's host reaches it."),
            port: z.number().int().positive().default(5432).describe("Its port."),
            ...postgres,
        }),
        z.strictObject({
            kind: z.literal("local").describe("Postgres on the product's own host; it is closed and captured with it."),
            unit: z
                .string()
                .describe("Its systemd unit.")
                .meta({ examples: ["postgresql@15-main"] }),
            dataDirectory: absolutePath.describe("Its data directory; must lie on one of dataVolumes."),
            ...postgres,
        }),
        z.strictObject({
            kind: z.literal("sqlite").describe("Files below the product's data directory; it stays SQLite."),
        }),
    ])
    .describe("The product's database.");
export type DatabaseConfig = z.infer<typeof database>;

const listedHost = z.strictObject({
    instanceId: z.string().regex(/^i-[0-9a-f]{8,17}$/, "must be an instance id such as i-0123456789abcdef0"),
    address: z.string().describe("Address that `pulumi up` reaches the host at, by SSH."),
    publicAddress: z
        .string()
        .optional()
        .describe("What the public name's record says, where users come in at another address than `address`."),
    productPort: z
        .number()
        .int()
        .min(1)
        .max(65535)
        .optional()
        .describe("Where the product answers on its host (plain HTTP), where that is not its usual port."),
    hostKey,
    user: z.string().optional(),
    port: z.number().int().positive().optional(),
    dataVolumes: z
        .array(
            z.strictObject({
                volumeId: z.string().regex(/^vol-[0-9a-f]{8,17}$/, "must be a volume id"),
                mount: absolutePath.describe("Where the product finds the data."),
                folder: absolutePath
                    .optional()
                    .describe(
                        "Folder within the volume's file system that holds the data, where that is not the whole volume. Data on the root volume: the same path as `mount`.",
                    ),
            }),
        )
        .min(1)
        .describe("EBS volumes that hold the product's data, and where they are mounted; one or several."),
    database,
});

const sharedHomes = z
    .strictObject({
        source: z
            .string()
            .describe("What is mounted, as /etc/fstab has it.")
            .meta({ examples: ["fs-0123456789abcdef0.efs.us-east-1.amazonaws.com:/homes"] }),
        type: z.string().default("nfs4").describe("File system type, as /etc/fstab has it."),
        options: z.string().default("").describe("Further mount options, with commas between them."),
        mount: absolutePath.default("/home").describe("Where Workbench finds the homes."),
    })
    .describe(
        "Homes on a file system of the network. They are not captured: environments mount the same ones, read-only until they serve.",
    )
    .meta({
        caution: "Neither a restore nor the way back takes back what people write there.",
    });

const capture = z.strictObject({
    token: token
        .describe("Name of the capture; used once, never for anything else.")
        .meta({ examples: ["2026-11-21a"] }),
    reopen: z
        .boolean()
        .describe(
            "Open production again as soon as the snapshots are requested; false keeps it closed for the cutover.",
        )
        .meta({
            caution:
                "`false` keeps production closed until it is served by the new environment. Changing it to `true` afterwards gives the cutover up and opens production.",
        }),
    notBefore: z.iso
        .datetime({ offset: true })
        .optional()
        .describe("Begin no earlier; until then `up` waits and touches nothing."),
    notAfter: z.iso.datetime({ offset: true }).optional().describe("Begin no later."),
    maxClosedSeconds: z
        .number()
        .int()
        .min(10)
        .default(300)
        .describe("After so many seconds each host opens by itself, whatever happened to the program."),
    maxStaySeconds: z
        .number()
        .int()
        .min(600)
        .default(86_400)
        .describe(
            "With `reopen: false`: should nobody serve or revert, each host opens by itself after so many seconds.",
        ),
    startSeconds: z
        .number()
        .int()
        .min(10)
        .max(3600)
        .default(300)
        .describe(
            "How long a product may take to answer again after it was started; a slow start does not void the capture.",
        ),
    warmUp: z
        .boolean()
        .default(true)
        .describe(
            "Take a snapshot of every volume beforehand, also while the capture waits for its maintenance window; it closes nothing, and makes the one that counts a small difference.",
        ),
    notice: z
        .string()
        .max(300)
        .regex(/^[^\n\r]*$/, "must be one line")
        .default("Posit Team is moving to new servers.")
        .describe("With `reopen: false`: what users read meanwhile (503 with Retry-After)."),
    backMinutes: z
        .number()
        .int()
        .min(1)
        .default(60)
        .describe(
            "With `reopen: false`: the notice says when to expect the products back, so many minutes after the close.",
        ),
    drainSeconds: z
        .number()
        .int()
        .min(0)
        .default(120)
        .describe("How long work in progress may take to end while everything still serves."),
    force: z
        .boolean()
        .default(false)
        .describe("End what is still busy then.")
        .meta({ caution: "Cuts running sessions, renders and builds." }),
    database: z
        .enum(["auto", "pointInTime", "snapshot"])
        .default("auto")
        .describe(
            "How databases on RDS are captured. `auto` takes a point in time where the server keeps backups, which needs no time; `snapshot` keeps production closed until RDS has finished it. Other databases are captured with their host's volumes.",
        ),
});
export type CaptureConfig = z.infer<typeof capture>;

export const productionSchema = z.strictObject({
    role: z.literal("production"),
    ...common,
    current: z
        .union([z.strictObject({ stack: stackName }), perProduct(listedHost)])
        .describe("What serves now: hosts installed by hand, or an environment stack of an earlier upgrade."),
    sharedHomes: sharedHomes.optional(),
    captures: z.array(capture).default([]).describe("Closed windows, oldest first.").meta({
        caution:
            "Appending one closes production for seconds. Taking one away releases its snapshots from the state; they stay in the account.",
    }),
    entryPoints: z
        .strictObject({
            zone: z.string().describe("Route 53 hosted zone id."),
            packageManager: dnsName,
            workbench: dnsName,
            connect: dnsName,
            ttl: z.number().int().min(1).default(60).describe("Seconds; lower it some time before the cutover."),
        })
        .optional()
        .describe("The three names users know."),
    serve: z
        .union([z.literal("current"), z.strictObject({ stack: stackName })])
        .default("current")
        .describe("The side that the names lead to.")
        .meta({ caution: "Moving back after users have written to the new side loses what they wrote." }),
    environments: z
        .array(stackName)
        .default([])
        .describe("Environment stacks that may restore from here; a capture in use is not dropped."),
    databaseCaCertificate: z.string().optional().describe("PEM of the CA of the current database servers."),
});
