// Faults of final captures (`reopen: false`), as data: whatever strikes before production stays closed makes the capture void for ever, and
// production opens; what strikes afterwards leaves a capture that can be restored, and served only as long as production stays.
import { closedRequests, leftoverProcess, openDatabaseSession, reboot, strikeScript } from "../strikes/breakages";
import { alive, at, cut, dead, kill, momentsOfTheWindow, refusedSnapshot, slowRequests, still } from "./opening";
import type { Fault } from "../bench/trial";

function final(fault: Fault, change: Partial<Fault> = {}): Fault {
    return {
        ...fault,
        name: `final-${fault.name}`,
        what: `final capture: ${fault.what}`,
        seconds: fault.seconds === undefined ? undefined : fault.seconds + 3,
        ...change,
        capture: { ...fault.capture, ...change.capture, reopen: false },
    };
}

export const finalFaults: Fault[] = [
    ...[
        ...at("first-freeze", "requesting", "requested").map((moment) => kill("SIGKILL", moment)),
        ...at("last-freeze").map((moment) => kill("SIGINT", moment)),
        ...at("requesting").map((moment) => kill("SIGTERM", moment)),
        ...at("before-freeze", "requested").map((moment) => cut(moment)),
        ...momentsOfTheWindow.map(still),
    ].map((fault) => final(fault)),
    final({
        name: "reboot-frozen",
        what: "a host is rebooted while it is frozen",
        strike: { at: "after the last freeze", with: reboot("workbench") },
        fate: ["void"],
        closedBeyond: dead,
    }),
    final({
        name: "not-quiet",
        what: "a process outlives the stop",
        before: leftoverProcess("workbench"),
        fate: ["void"],
        says: /not quiet after the stop: still running: .*sleep/,
        closedBeyond: alive + 3,
    }),
    final({
        name: "database-session",
        what: "somebody comes back to a database while snapshots are requested",
        strike: { at: "after the requests, before the thaw", with: openDatabaseSession },
        fate: ["void"],
        says: /database connect has a session again/,
        closedBeyond: alive + 2,
    }),
    final({
        name: "snapshot-refused",
        what: "the cloud refuses the last snapshot",
        before: closedRequests({ skip: 3, refusal: refusedSnapshot }),
        fate: ["void"],
        says: /SnapshotLimitExceeded/,
        closedBeyond: alive,
    }),
    final({
        name: "slow-requests",
        what: "the cloud takes its time to accept snapshots",
        before: slowRequests,
        fate: ["complete"],
        closedBeyond: 5,
    }),
    final({
        name: "script-killed",
        what: "the window's script on a host is killed",
        strike: { at: "after the last freeze", with: strikeScript("workbench", "KILL") },
        fate: ["void"],
        closedBeyond: alive,
    }),
    final({
        name: "script-stands-still",
        what: "the window's script on a host stands still: only the dead-man is left",
        capture: { maxClosedSeconds: 12 },
        strike: { at: "after the last freeze", with: strikeScript("workbench", "STOP") },
        fate: ["void"],
        closedBeyond: 12 + alive,
        seconds: 55,
    }),
];
