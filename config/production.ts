// The configuration of the production side: what serves now, its captures, the names users know.
import { z } from "zod";
import {
    absolutePath,
    common,
    hostAddress,
    hostKey,
    login,
    pathLike,
    strictForEachProduct,
    port,
    stackName,
    token,
    usableAddress,
} from "./common";
import { captureOption, databaseExamples, settingsSchema } from "../databases";
import { entryPointSchema } from "../entryPoints";
import { defaultStartSeconds } from "../logic/startSeconds";
import { certificatesProblem } from "./keys";
import { controlCharacters, text, whole } from "./leaves";

const database = settingsSchema
    .describe("The product's database.")
    .meta({ must: `must say where the product's database is: ${databaseExamples}` });

const listedHost = z
    .strictObject({
        instanceId: text("must be an instance id", "i-0a1b2c3d4e5f67890", /^i-([0-9a-f]{8}|[0-9a-f]{17})$/).describe(
            "EC2 instance id of the host.",
        ),
        address: hostAddress.describe(
            "Address that `pulumi up` reaches the host at, by SSH. Where entry points are declared and no `publicAddress`, an IPv4 address: the name's record says it.",
        ),
        publicAddress: text("must be an IPv4 address that a host can have", "10.6.0.12", (value) =>
            usableAddress(value)
                ? undefined
                : "must be an IPv4 address that a host can have: the name's record holds it",
        )
            .optional()
            .describe(
                "What the public name's record says, where users come in at another address than `address`: a translated one, say. While this program leads the records a public address is refused (gate `names.public`): hosts of an environment have private ones only.",
            ),
        productPort: whole(1, 65_535, 3939)
            .optional()
            .describe(
                "The port on which the product listens on its host (plain HTTP), where that is not its usual one; the inventory holds it against the product's own configuration, and new hosts listen there too.",
            ),
        hostKey: hostKey.describe("Its public host key."),
        user: login.optional().describe("Login user, where it is not posit:ssh.user."),
        port: port.optional().describe("SSH port, where it is not posit:ssh.port."),
        dataVolumes: z
            .array(
                z.strictObject({
                    volumeId: text(
                        "must be a volume id",
                        "vol-0a1b2c3d4e5f67890",
                        /^vol-([0-9a-f]{8}|[0-9a-f]{17})$/,
                    ).describe("EBS volume id."),
                    mount: absolutePath.describe("Where the product finds the data."),
                    folder: absolutePath
                        .optional()
                        .describe(
                            "Folder within the volume's file system that holds the data, where that is not the whole volume. Data on the root volume: the same path as `mount`.",
                        ),
                }),
            )
            .min(1, "must name one volume at least, or a capture would have nothing of this product")
            .describe("EBS volumes that hold the product's data, and where they are mounted; one or several."),
        databases: z
            .array(database)
            .min(1, "must have an entry for each database of the product, {role: main, …} at least")
            .describe("The product's databases, an entry for each role."),
    })
    .meta({
        instead: {
            database:
                "is `databases` now, a list: write the same settings as its one entry, `databases: [{…}]`, which is the product's own data (`role: main`, meant when absent)",
        },
    });

const sharedHomes = z
    .strictObject({
        source: text(
            "must be what /etc/fstab mounts, without blanks",
            "fs-0a1b2c3d4e5f67890.efs.us-east-1.amazonaws.com:/homes",
            /^(?!.*\/\.\.?(\/|$))(?!.*\/\/)[A-Za-z0-9/[][A-Za-z0-9._:/@+=[\]-]{0,254}$/,
        ).describe(
            "What is mounted, as /etc/fstab has it. Of EFS the address of a mount target, unless environments are in its VPC: its own name (`fs-….efs.…`) is known there only.",
        ),
        type: text("must be a file system type", "nfs4", /^[a-z][a-z0-9._-]{0,30}$/)
            .default("nfs4")
            .describe("File system type, as /etc/fstab has it."),
        options: text(
            "must be mount options with commas between them, without blanks",
            "nfsvers=4.1,hard",
            /^(?=.{0,500}$)([A-Za-z0-9_][A-Za-z0-9._=:/@+-]*(,[A-Za-z0-9_][A-Za-z0-9._=:/@+-]*)*)?$/,
        )
            .default("")
            .describe("Further mount options, with commas between them."),
        mount: pathLike("/home").default("/home").describe("Where Workbench finds the homes."),
    })
    .describe(
        "Homes on a file system of the network. They are not captured: environments mount the same ones, read-only until they serve.",
    )
    .meta({
        caution: "Neither a restore nor the way back takes back what people write there.",
    });

const moment = text("must be a moment with its zone, in quotes", "2026-11-21T20:00:00Z", (value) =>
    z.iso.datetime({ offset: true }).safeParse(value).success && !Number.isNaN(Date.parse(value))
        ? undefined
        : "must be a moment with its zone, in quotes",
);

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
    notBefore: moment.optional().describe("Begin no earlier; until then `up` waits and touches nothing."),
    notAfter: moment.optional().describe("Begin no later."),
    maxClosedSeconds: whole(10, 86_400, 300)
        .default(300)
        .describe("After so many seconds each host opens by itself, whatever happened to the program."),
    maxStaySeconds: whole(600, 2_592_000, 86_400)
        .default(86_400)
        .describe(
            "With `reopen: false`: should nobody serve or revert, each host opens by itself after so many seconds.",
        ),
    startSeconds: whole(10, 3600, defaultStartSeconds)
        .default(defaultStartSeconds)
        .describe(
            "How long a product may take to answer after it was started, here, as a restored copy and when names move; a slow start does not void the capture.",
        ),
    warmUp: z
        .boolean()
        .default(true)
        .describe(
            "Take a snapshot of every volume beforehand, also while the capture waits for its maintenance window; it closes nothing, and makes the one that counts a small difference.",
        ),
    notice: text("must be one line of at most 300 characters", "Posit Team is moving to new servers.", (value) =>
        controlCharacters.test(value)
            ? "must be one line without control characters"
            : value.trim() === ""
              ? "is empty; leave it out for the usual words"
              : value.length > 300
                ? `has ${value.length} characters; 300 are the most`
                : undefined,
    )
        .default("Posit Team is moving to new servers.")
        .describe("With `reopen: false`: what users read meanwhile (503 with Retry-After)."),
    backMinutes: whole(1, 43_200, 60)
        .default(60)
        .describe(
            "With `reopen: false`: the notice says when to expect the products back, so many minutes after the close.",
        ),
    drainSeconds: whole(0, 86_400, 120)
        .default(120)
        .describe("How long work in progress may take to end while everything still serves."),
    force: z
        .boolean()
        .default(false)
        .describe("End what is still busy then.")
        .meta({ caution: "Cuts running sessions, renders and builds." }),
    database: captureOption,
});
export type CaptureConfig = z.infer<typeof capture>;

export const productionSchema = z.strictObject({
    role: z.literal("production").describe("What this stack is."),
    ...common,
    current: z
        .union([
            z.strictObject({ stack: stackName.describe("Name of an environment stack.") }),
            strictForEachProduct(listedHost),
        ])
        .describe("What serves now: hosts installed by hand, or an environment stack of an earlier upgrade.")
        .meta({ must: "must be the three hosts, or {stack: NAME}" }),
    sharedHomes: sharedHomes.optional(),
    captures: z.array(capture).default([]).describe("Captures of production, oldest first; each closes it once.").meta({
        caution:
            "Appending one closes production for seconds. Taking one away releases its snapshots from the state; they stay in the account.",
    }),
    entryPoints: entryPointSchema
        .optional()
        .describe("The three names users know; three different ones.")
        .meta({ must: "must be an object with the three names and what leads them" }),
    serve: z
        .union([z.literal("current"), z.strictObject({ stack: stackName.describe("Name of an environment stack.") })])
        .default("current")
        .describe("The side that the names lead to.")
        .meta({
            must: "must be current, or {stack: NAME}",
            caution: "Moving back after users have written to the new side loses what they wrote.",
        }),
    environments: z
        .array(stackName)
        .default([])
        .describe("Environment stacks that may restore from here; a capture in use is not dropped."),
    databaseCaCertificate: text(
        "must be certificates in PEM (-----BEGIN CERTIFICATE-----)",
        undefined,
        certificatesProblem,
    )
        .optional()
        .describe("PEM of the CA of the current database servers."),
});
