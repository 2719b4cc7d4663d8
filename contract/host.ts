// What hosts answer, script by script (remote/scripts.ts says which); the inventory and the secrets, which are published too, stand in
// contract/production.ts. Parsed, never cast: a host's files may have been cut off by a power loss. Times are ISO 8601 by the host's clock.
import { z } from "zod";
import { databaseLocale, NotedDatabase } from "../databases";
import { databaseRoles } from "../products";
import { listedDatabase } from "./earlier";
import { productId as product } from "./product";

/** Written by the program while the host is closed, from what only it can know. */
const notes = z
    .object({
        /** The moment that the databases are restored to. */
        pointInTime: z.string().optional(),
        databaseSessions: z.string().optional(),
        /** Snapshots that were requested while every host was closed: source (volume id or server) → snapshot id. */
        snapshots: z.record(z.string(), z.string()).optional(),
    })
    .loose();

const notedDatabase = z.object({
    role: z.enum(databaseRoles),
    method: z.string(),
    path: z.string(),
    engineVersion: z.string(),
    locale: databaseLocale.optional(),
    bytes: z.number().optional(),
}) satisfies z.ZodType<NotedDatabase>;

const markerToday = z
    .object({
        token: z.string(),
        product: product.optional(),
        /** armed | draining | drained | closing | frozen | staying | thawing | failed (started, does not answer yet) | open | retired | reverted | absent | unreadable */
        state: z.string(),
        /** Before anything was armed: whether the product answers where the thaw will ask. Absent where it was down. */
        askedAt: z.string().optional(),
        answeredAt: z.string().optional(),
        armedAt: z.string().optional(),
        closedAt: z.string().optional(),
        /** Its units had ended. */
        stoppedAt: z.string().optional(),
        /** Quiet was proved and most of the data written out; between these two the last words of what was on its way out were. */
        quietAt: z.string().optional(),
        syncedAt: z.string().optional(),
        frozenAt: z.string().optional(),
        /** Closed on purpose after its capture, until it was served, given up, or `stayUntil`. */
        stayingSince: z.string().optional(),
        stayUntil: z.string().optional(),
        /** The first thaw began: written before the first unit is started, and never written again. */
        thawingAt: z.string().optional(),
        /** The word of the first thaw: complete | abort | lost | dead-man | boot | …; a retry does not rename it. */
        openedBy: z.string().optional(),
        /** It answered again. */
        openedAt: z.string().optional(),
        health: z.string().optional(),
        /** Proofs of quiet, by kind. */
        quiet: z.record(z.string(), z.string()).nullish(),
        notes: notes.nullish(),
        /** What the host carries of its product's databases: a dump's path, or the stopped server's data directory. */
        databases: z.array(notedDatabase).optional(),
    })
    .loose();
const marker = z.preprocess(listedDatabase, markerToday);
export const hostMarkerSchema = marker;
export type HostMarker = z.infer<typeof marker>;

/**
 * serving: users' work may come here. built: made by this program, without content, never served. quarantined: a restored copy, or a side
 * that was served and taken back. staying: closed on purpose after a final capture. closed: a window has it (or it is thawing).
 * retired: another side serves.
 */
export const hostSides = ["serving", "built", "quarantined", "staying", "closed", "retired"] as const;
export type HostSide = (typeof hostSides)[number];

const state = z.object({
    product,
    host: z.string(),
    side: z.enum(hostSides),
    /** Of a window that is under way or stays: the marker's state. "halfway": it was being opened, closed, retired or revived (hosts/serve.sh), and that was broken off. Empty otherwise. */
    state: z.string(),
    /** The capture that closes it, that it stays closed for, or whose restore it has; empty when there is none. */
    token: z.string(),
    /** Since when it is on that side, as far as the host knows; empty otherwise. */
    since: z.string(),
    /** Of one that stays: when it opens by itself; empty otherwise. */
    until: z.string(),
    /** Dead-man's timers that are armed. */
    timers: z.array(z.string()),
    /** The product answers on its own port, on the host itself. */
    answering: z.boolean(),
    /** Units of the product that are not down, as "rstudio-connect active". */
    running: z.array(z.string()),
});
export const hostStateSchema = state;
export type HostState = z.infer<typeof state>;

/** hosts/reopen.sh */
const reopened = z.object({
    /** Opened now, open before, left as it stays on purpose, of another side's past, or not answering. */
    state: z.enum(["opened", "open", "staying", "retired", "down"]),
    // Whether it is open is believed, whatever else it says.
    note: z.string().default(""),
    /** The capture that it was closed for; the other times are of that one too. Empty when there is none. */
    token: z.string().default(""),
    since: z.string().default(""),
    until: z.string().default(""),
    /** Of the capture that was asked for, or of that one: the word of the first thaw. */
    openedBy: z.string().default(""),
    openedAt: z.string().default(""),
});
export const reopenedSchema = reopened;
export type Reopened = z.infer<typeof reopened>;

/** hosts/changes.sh; `files` counts to a thousand. */
export const changesSchema = z.object({
    product,
    since: z.string(),
    files: z.number(),
    examples: z.array(z.string()),
});
export type Changes = z.infer<typeof changesSchema>;

/** hosts/check.sh */
export const checkSchema = z.object({
    product,
    checks: z.array(z.object({ name: z.string(), passed: z.boolean(), detail: z.string() })),
});
export type CheckAnswer = z.infer<typeof checkSchema>;

/** hosts/repair.sh; shown to people as it is. */
export const repairSchema = z
    .object({
        token: z.string(),
        /** Of restored data, before its first start. */
        counts: z.record(z.string(), z.number()),
        /** What could not be mended, and why. Absent in what an older version answered. */
        leftAlone: z.array(z.string()).optional(),
    })
    .loose();
export type RepairAnswer = z.infer<typeof repairSchema>;

/** What hosts/window.sh and hosts/thaw.sh say, one a line. */
export const hostEventSchema = z.object({
    event: z.enum([
        "armed",
        "busy",
        "cut",
        "drained",
        "stopped",
        "frozen",
        "dumped",
        "noted",
        "heard",
        "staying",
        "thawing",
        "starting",
        "waiting",
        "open",
        "error",
    ]),
    reason: z.string().optional(),
    work: z.array(z.string()).optional(),
    /** The word that it heard. */
    word: z.string().optional(),
    armedAt: z.string().optional(),
    /** The host's clock when it said so, ms since 1970. */
    clock: z.number().optional(),
    closedAt: z.string().optional(),
    frozenAt: z.string().optional(),
    quiet: z.record(z.string(), z.string()).optional(),
    /** Of a dump. */
    bytes: z.number().optional(),
    /** Of a dump, or since the product was started. */
    seconds: z.number().optional(),
    openedAt: z.string().optional(),
    openedBy: z.string().optional(),
    health: z.string().optional(),
    stayUntil: z.string().optional(),
});

/** hosts/dry-run.sh */
export const dryRunSchema = z.object({
    databases: z.array(
        z.union([
            z.object({ role: z.enum(databaseRoles), problem: z.string(), age: z.number().optional() }),
            z.object({
                role: z.enum(databaseRoles),
                databaseBytes: z.number(),
                dumpBytes: z.number(),
                milliseconds: z.number(),
                /** s, of an answer that the host had kept. */
                age: z.number().optional(),
            }),
        ]),
    ),
    /** Bytes, on the volume where the dumps would go. */
    free: z.number(),
});
export type HostDryRun = z.infer<typeof dryRunSchema>;

/** hosts/hostkey.sh: "ssh-ed25519 AAAA…" */
export const hostKeySchema = z.object({ hostKey: z.string() });

// The rest says what was done, and nobody decides by it.
export const readySchema = z.object({ os: z.string() });
export const isolationSchema = z.object({ tried: z.number() });
export const accountsSchema = z.object({ accounts: z.number() });
export const mountedSchema = z.object({ mount: z.string(), volume: z.string() });
export const sharedHomesSchema = z.object({ mount: z.string(), source: z.string() });
export const installedSchema = z.object({ package: z.string(), version: z.string(), held: z.boolean() });
export const configuredSchema = z.object({ files: z.string() });
export const startedSchema = z.object({ health: z.enum(["ok", "retired"]), version: z.string() });
export const ownedSchema = z.object({ databases: z.string() });
export const loadedSchema = z.object({ database: z.string(), tables: z.number() });
export const quarantineSchema = z.object({ quarantine: z.enum(["on", "off"]) });
export const rebuiltSchema = z.object({ rebuilt: product });
export const servedSchema = z.object({ action: z.string() });
