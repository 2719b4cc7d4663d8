// Faults of captures that open again, as data. The order of freezing is Connect, Workbench, Package Manager.
import { captureTagNames } from "../../../logic/names";
import type { ProductId } from "../../../products/ids";
import { callCloud } from "../../cloud/client";
import {
    busySession,
    closedRequests,
    cloud,
    credentialsEnd,
    cutNetwork,
    failingStart,
    forAWhile,
    fullDisk,
    lastWords,
    leftoverProcess,
    listensElsewhere,
    loggedOut,
    openDatabaseSession,
    reboot,
    signalEngine,
    slowStart,
    slowStop,
    standStill,
    strikeScript,
    throttled,
    warmUpRequests,
    wrongClock,
} from "../strikes/breakages";
import type { Bench } from "../bench/bench";
import { fileInSnapshot } from "../bench/inSnapshot";
import { type Moment, snapshotsOf } from "../strikes/moments";
import type { Fate } from "../row";
import type { Fault } from "../bench/trial";

/** Seconds: with the program alive, and with the program or the network dead. */
export const alive = 3;
export const dead = 15;

export const momentsOfTheWindow: { key: string; at: Moment; fate: Fate[] }[] = [
    { key: "before-freeze", at: "before the freeze", fate: ["none", "void"] },
    { key: "first-freeze", at: "after the first freeze", fate: ["void"] },
    { key: "last-freeze", at: "after the last freeze", fate: ["void"] },
    { key: "requesting", at: "while snapshots are requested", fate: ["void"] },
    { key: "requested", at: "after the requests, before the thaw", fate: ["void"] },
];

/** Requests go out one by one, so that there is a while in which some are there and some are not. */
export const slowRequests = closedRequests({ skip: 1, delayMilliseconds: 1500 });

export const beforeAt = (at: Moment): Fault["before"] =>
    at === "while snapshots are requested" ? slowRequests : undefined;

export function kill(signal: NodeJS.Signals, { key, at, fate }: (typeof momentsOfTheWindow)[number]): Fault {
    return {
        name: `${signal.toLowerCase()}-${key}`,
        what: `the engine gets ${signal} ${at}`,
        before: beforeAt(at),
        strike: { at, with: signalEngine(signal) },
        fate: signal === "SIGKILL" ? fate : [...fate, "complete"],
        closedBeyond: dead,
        operator: "make recover",
    };
}

/** Seconds. The host has opened by then, and the program, which dials it for two minutes, hears so. */
const awhile = 20;

/** For good, the program gives the host up after two minutes: once is enough, and `lost-answer-to-stay-for-good` is another. */
export function cut({ key, at, fate }: (typeof momentsOfTheWindow)[number], forGood = false): Fault {
    const cable = cutNetwork(["workbench"]);
    return {
        name: `cut-${key}`,
        what: `the network to one host is cut ${forGood ? "for good" : `for ${awhile} s`} ${at}`,
        before: beforeAt(at),
        strike: { at, with: forGood ? cable : forAWhile(awhile, cable) },
        fate,
        closedBeyond: dead,
        operator: "make recover",
        seconds: forGood ? 145 : 44,
    };
}

/** The hosts hear nothing for so long and open; whoever goes on afterwards must not believe that they were closed. */
export function still({ key, at, fate }: (typeof momentsOfTheWindow)[number]): Fault {
    return {
        name: `still-${key}`,
        what: `the whole run stands still for 12 s ${at}`,
        before: beforeAt(at),
        strike: { at, with: standStill(12) },
        fate,
        closedBeyond: dead,
        seconds: 34,
    };
}

export const at = (...keys: string[]) => momentsOfTheWindow.filter(({ key }) => keys.includes(key));

/** Each signal with and without `reopen`, each moment at least twice: the other half is in finals.ts. */
const kills: Fault[] = [
    ...momentsOfTheWindow.map((moment) => kill("SIGKILL", moment)),
    ...at("first-freeze", "requested").map((moment) => kill("SIGINT", moment)),
    ...at("last-freeze", "requesting").map((moment) => kill("SIGTERM", moment)),
];

const cuts: Fault[] = momentsOfTheWindow.map((moment) => cut(moment, moment.key === "last-freeze"));

const freezes: Fault[] = (["connect", "packageManager"] as ProductId[]).map((product) => ({
    name: `not-quiet-${product === "connect" ? 1 : 3}`,
    what: `a process of the ${product === "connect" ? "first" : "last"} host (${product}) outlives the stop`,
    before: leftoverProcess(product),
    fate: ["void"],
    says: /not quiet after the stop: still running: .*sleep/,
    // The proof gives it three seconds to end.
    closedBeyond: alive + 3,
}));

export const refusedSnapshot = { code: "SnapshotLimitExceeded", message: "You have reached your limit of snapshots." };

/** What was written in the last second belongs to the capture: a snapshot has only what was synced. */
async function lastWordsCaptured(bench: Bench, token: string): Promise<string[]> {
    const home = bench.facts.hosts.workbench.dataVolumes.find(({ mount }) => mount === "/home");
    const filters = [{ name: "volume-id", values: [home?.volumeId ?? ""] }];
    const { snapshots } = await callCloud("DescribeSnapshots", { snapshotIds: await snapshotsOf(token), filters });
    if (snapshots.length !== 1) return [`${snapshots.length} snapshots of Workbench's homes`];
    const found = await fileInSnapshot(snapshots[0].snapshotId, "bob/last-words");
    return found === "last\n" ? [] : [`what was written last is not in the snapshot, but ${JSON.stringify(found)}`];
}

export const captureFaults: Fault[] = [
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
    ...at("first-freeze", "requested").map(still),
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
        before: warmUpRequests({ refusal: refusedSnapshot }),
        fate: ["none"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: 0,
    },
    {
        name: "first-snapshot-refused",
        what: "the cloud refuses the first snapshot",
        before: closedRequests({ times: 1, refusal: refusedSnapshot }),
        fate: ["void"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: alive,
    },
    {
        name: "last-snapshot-refused",
        what: "the cloud refuses the last snapshot",
        before: closedRequests({ skip: 3, refusal: refusedSnapshot }),
        fate: ["void"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: alive,
    },
    {
        name: "slow-requests",
        what: "the cloud takes four seconds to accept a snapshot",
        before: closedRequests({ delayMilliseconds: 4000 }),
        fate: ["complete"],
        closedBeyond: 5,
    },
    {
        name: "requests-too-slow",
        what: "the cloud takes longer than maxClosedSeconds to accept snapshots",
        capture: { maxClosedSeconds: 10 },
        before: closedRequests({ delayMilliseconds: 15_000 }),
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
        what: "warm-up snapshots are pending for longer than production may be closed",
        capture: { maxClosedSeconds: 12 },
        before: warmUpRequests({ request: { pendingMilliseconds: 16_000 } }),
        fate: ["complete"],
        closedBeyond: alive,
    },
    {
        name: "snapshot-pending",
        what: "the snapshots are pending for longer than production may be closed",
        capture: { maxClosedSeconds: 12 },
        before: closedRequests({ request: { pendingMilliseconds: 16_000 } }),
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
    {
        name: "slow-start",
        what: "a product needs a hundred seconds to start",
        capture: { startSeconds: 300 },
        before: slowStart("connect", 100),
        fate: ["complete"],
        closedBeyond: 110,
        seconds: 145,
    },
    {
        name: "other-port",
        what: "a product listens on another port than the thaw will ask",
        before: listensElsewhere,
        // By whoever asks where it should listen it does not answer until that is mended.
        settlesSeconds: 5,
        fate: ["none", "complete"],
        closedBeyond: alive,
    },
    {
        name: "last-words",
        what: "a process writes for a second and a half as it ends, after the stop",
        before: lastWords,
        fate: ["complete"],
        closedBeyond: alive + 2,
        also: lastWordsCaptured,
    },
    {
        name: "late-ids",
        what: "snapshots are found a second and a half after they were requested",
        before: closedRequests({ request: { hiddenMilliseconds: 1500 } }),
        fate: ["complete"],
        closedBeyond: alive + 2,
    },
    {
        name: "throttled",
        what: "look-ups and requests are throttled while production is closed",
        strike: {
            at: "after the first freeze",
            with: throttled(
                2,
                { action: "CreateSnapshot", tag: captureTagNames.token },
                { action: "DescribeSnapshots", having: "filters" },
            ),
        },
        fate: ["complete"],
        // The SDK waits a random part of one second, then of two.
        closedBeyond: alive + 4,
    },
    {
        name: "late-ids-at-all",
        what: "no id of a snapshot is known to anybody for two seconds",
        before: cloud({
            action: "CreateSnapshot",
            request: { hiddenMilliseconds: 2000 },
            hideMilliseconds: 2000,
        }),
        fate: ["complete"],
        closedBeyond: alive + 2,
    },
    {
        name: "error-snapshot",
        what: "a snapshot ends in error while production is closed",
        before: closedRequests({ times: 1, request: { endsIn: "error", pendingMilliseconds: -900 } }),
        fate: ["void"],
        closedBeyond: alive + 2,
    },
    {
        name: "credentials-end",
        what: "credentials end while snapshots are pending; logged in again, the next `up` adopts them",
        before: closedRequests({ request: { pendingMilliseconds: 15_000 } }),
        strike: { at: "when it is open again, with its snapshots pending", with: credentialsEnd },
        fate: ["complete"],
        says: /RequestExpired|ExpiredToken/,
        closedBeyond: 0,
        seconds: 40,
    },
    {
        name: "credentials-end-closed",
        what: "credentials end while production is closed, before a snapshot was requested",
        strike: { at: "after the first freeze", with: credentialsEnd },
        fate: ["void"],
        says: /RequestExpired|ExpiredToken/,
        closedBeyond: alive + 1,
    },
    {
        name: "logged-out-closed",
        what: "the session of whoever runs it is over while snapshots are requested",
        before: slowRequests,
        strike: { at: "while snapshots are requested", with: loggedOut },
        fate: ["void", "complete"],
        says: /failed to refresh cached credentials/,
        closedBeyond: alive + 1,
    },
    {
        name: "denied-look-ups",
        what: "snapshots may not be looked up",
        before: cloud({ action: "DescribeSnapshots", by: "provider", refuses: "denied" }),
        fate: ["none"],
        says: /UnauthorizedOperation|not authorized to perform: ec2:DescribeSnapshots/,
        closedBeyond: 0,
        seconds: 20,
    },
];
