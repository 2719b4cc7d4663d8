// Every fault that is tried, as data. The order of freezing is Connect, Workbench, Package Manager.
import type { ProductId } from "../../products/ids";
import {
    busySession,
    cloud,
    cutNetwork,
    failingStart,
    fullDisk,
    leftoverProcess,
    openDatabaseSession,
    reboot,
    signalEngine,
    slowStop,
    strikeScript,
    wrongClock,
} from "./breakages";
import type { Moment } from "./moments";
import type { Fate, Fault } from "./trial";

/** Seconds: with the program alive, and with the program or the network dead. */
const alive = 3;
const dead = 15;

const moments: { key: string; at: Moment; fate: Fate[] }[] = [
    { key: "before-freeze", at: "before the freeze", fate: ["none", "void"] },
    { key: "first-freeze", at: "after the first freeze", fate: ["void"] },
    { key: "last-freeze", at: "after the last freeze", fate: ["void"] },
    { key: "requesting", at: "while snapshots are requested", fate: ["void"] },
    { key: "requested", at: "after the requests, before the thaw", fate: ["void"] },
];

/** Snapshots that are taken before the window, one of each volume. */
const warmUps = 4;

/** Requests go out one by one, so that there is a while in which some are there and some are not. */
const slowRequests = cloud({ action: "CreateSnapshot", skip: warmUps + 1, delayMilliseconds: 1500 });

const kills: Fault[] = (["SIGKILL", "SIGINT", "SIGTERM"] as const).flatMap((signal) =>
    moments.map(({ key, at, fate }): Fault => ({
        name: `${signal.toLowerCase()}-${key}`,
        what: `the engine gets ${signal} ${at}`,
        before: key === "requesting" ? slowRequests : undefined,
        strike: { at, with: signalEngine(signal) },
        fate: signal === "SIGKILL" ? fate : [...fate, "complete"],
        closedBeyond: dead,
        operator: "make recover",
    })),
);

const cuts: Fault[] = moments.map(({ key, at, fate }) => ({
    name: `cut-${key}`,
    what: `the network to one host is cut ${at}`,
    before: key === "requesting" ? slowRequests : undefined,
    strike: { at, with: cutNetwork("workbench") },
    fate,
    closedBeyond: dead,
    operator: "make recover",
}));

const freezes: Fault[] = (["connect", "workbench", "packageManager"] as ProductId[]).map((product, index) => ({
    name: `not-quiet-${index + 1}`,
    what: `a process of host ${index + 1} of 3 (${product}) outlives the stop`,
    before: leftoverProcess(product),
    fate: ["void"],
    says: /not quiet after the stop: still running: .*sleep/,
    // The proof gives it three seconds to end.
    closedBeyond: alive + 3,
}));

const refusedSnapshot = { code: "SnapshotLimitExceeded", message: "You have reached your limit of snapshots." };

export const faults: Fault[] = [
    ...kills,
    {
        name: "cancel-after-sigkill",
        what: "the engine gets SIGKILL while snapshots are requested; then `pulumi cancel` and nothing else",
        before: slowRequests,
        strike: { at: "while snapshots are requested", with: signalEngine("SIGKILL") },
        fate: ["void"],
        closedBeyond: dead,
        operator: "pulumi cancel",
    },
    ...cuts,
    {
        name: "reboot-frozen",
        what: "a host is rebooted while it is frozen",
        strike: { at: "after the last freeze", with: reboot("workbench") },
        fate: ["void"],
        closedBeyond: dead,
    },
    ...freezes,
    {
        name: "busy-session",
        what: "a busy session ignores its suspension",
        before: busySession,
        fate: ["none"],
        says: /bob: .*rsession/,
        closedBeyond: alive,
    },
    {
        name: "busy-session-forced",
        what: "the same with force: true",
        capture: { force: true },
        before: busySession,
        fate: ["complete"],
        says: /workbench: force: true ends bob: .*rsession/,
        closedBeyond: alive + 5,
    },
    {
        name: "database-session",
        what: "somebody's own database session does not end",
        before: openDatabaseSession,
        fate: ["void"],
        says: /database connect still has a session: connect from/,
        closedBeyond: alive + 3,
    },
    {
        name: "database-session-again",
        what: "somebody comes back to a database while snapshots are requested",
        strike: { at: "after the requests, before the thaw", with: openDatabaseSession },
        fate: ["void"],
        says: /database connect has a session again before production opened: connect from/,
        // Seen at the window's own end, up to two seconds after the strike.
        closedBeyond: alive + 2,
    },
    {
        name: "warm-up-refused",
        what: "the cloud refuses snapshots before anything is closed",
        before: cloud({ action: "CreateSnapshot", refusal: refusedSnapshot }),
        fate: ["none"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: 0,
    },
    {
        name: "first-snapshot-refused",
        what: "the cloud refuses the first snapshot",
        before: cloud({ action: "CreateSnapshot", skip: warmUps, times: 1, refusal: refusedSnapshot }),
        fate: ["void"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: alive,
    },
    {
        name: "last-snapshot-refused",
        what: "the cloud refuses the last snapshot",
        before: cloud({ action: "CreateSnapshot", skip: warmUps + 3, refusal: refusedSnapshot }),
        fate: ["void"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: alive,
    },
    {
        name: "slow-requests",
        what: "the cloud takes four seconds to accept a snapshot",
        before: cloud({ action: "CreateSnapshot", skip: warmUps, delayMilliseconds: 4000 }),
        fate: ["complete"],
        closedBeyond: 5,
    },
    {
        name: "requests-too-slow",
        what: "the cloud takes longer than maxClosedSeconds to accept snapshots",
        capture: { maxClosedSeconds: 10 },
        before: cloud({ action: "CreateSnapshot", skip: warmUps, delayMilliseconds: 15_000 }),
        fate: ["void"],
        closedBeyond: 10,
    },
    {
        name: "too-little-parallelism",
        what: "the run allows two operations side by side",
        flags: ["--parallel", "2"],
        fate: ["none"],
        says: /run `pulumi up --parallel 8`/,
        closedBeyond: 0,
    },
    {
        name: "thaw-fails-once",
        what: "a product's first start after the window fails",
        before: failingStart("connect"),
        fate: ["complete", "void"],
        closedBeyond: dead,
    },
    {
        name: "stop-hangs",
        what: "a product does not stop before maxClosedSeconds are over",
        capture: { maxClosedSeconds: 12 },
        before: slowStop("connect", 40),
        fate: ["void"],
        // The program gives up at twelve seconds; the unit is still stopping and starts when it has stopped.
        closedBeyond: 45,
    },
    {
        name: "script-killed",
        what: "the window's script on a host is killed",
        strike: { at: "after the last freeze", with: strikeScript("workbench", "KILL") },
        fate: ["void"],
        closedBeyond: alive,
    },
    {
        name: "script-stands-still",
        what: "the window's script on a host stands still: only the dead-man is left",
        capture: { maxClosedSeconds: 15 },
        strike: { at: "after the last freeze", with: strikeScript("workbench", "STOP") },
        fate: ["void"],
        closedBeyond: 15 + alive,
    },
    {
        name: "wrong-clock",
        what: "a host's clock is five seconds fast",
        before: wrongClock("connect"),
        fate: ["none"],
        says: /connect: its clock is \d\.\d s off/,
        closedBeyond: 0,
    },
    {
        name: "warm-up-pending",
        what: "warm-up snapshots are pending for forty seconds",
        before: cloud({ action: "CreateSnapshot", times: warmUps, request: { pendingMilliseconds: 40_000 } }),
        fate: ["complete"],
        closedBeyond: alive,
    },
    {
        name: "snapshot-pending",
        what: "the snapshots are pending for forty seconds",
        before: cloud({ action: "CreateSnapshot", skip: warmUps, request: { pendingMilliseconds: 40_000 } }),
        fate: ["complete"],
        closedBeyond: alive,
    },
    {
        name: "full-disk",
        what: "a host's disk is full",
        before: fullDisk("connect"),
        fate: ["none"],
        says: /nothing was touched; is the disk full/,
        closedBeyond: 0,
    },
];
