// Faults in which something was said and not heard: answers of hosts, of the cloud, and words to hosts. With both values of `reopen`.
import { closedRequests, cloud, cutNetwork, forAWhile, slowNote } from "../strikes/breakages";
import { alive, dead } from "./opening";
import { makeThaw } from "../bench/operator";
import { opensWithin, type Fault } from "../bench/trial";

const beforeItSaysSo = "when Workbench stays, before it says so";
const beforeTheEnd = "after the requests, before the thaw";
const answersLost = cutNetwork(["workbench"], "only words");
const wordsLost = cutNetwork(["workbench"], "only answers");
/** Seconds: long enough for the words to be said, their answers to be missed, and the connection to be given up. */
const awhile = 20;

const answerToCreateSnapshot = closedRequests({ times: 1, answerLost: true });
/** As the SDK gives up on it: once, and not for good. */
const failedLookUp = cloud({
    action: "DescribeSnapshots",
    by: "provider",
    having: "filters",
    times: 1,
    refusal: { code: "RequestLimitExceeded", message: "Request limit exceeded.", givenUp: true },
});

export const lostFaults: Fault[] = [
    {
        name: "lost-answer-to-open",
        what: "a host hears that it may open, and its answer is lost for a while",
        strike: { at: beforeTheEnd, with: forAWhile(awhile, answersLost) },
        fate: ["complete", "void"],
        closedBeyond: dead,
        operator: "make recover",
    },
    {
        name: "lost-answer-to-stay",
        what: "a host hears that it is to stay closed, and its answer is lost for a while",
        capture: { reopen: false },
        before: slowNote("workbench"),
        strike: { at: beforeItSaysSo, with: forAWhile(10, answersLost) },
        fate: ["void", "complete"],
        closedBeyond: dead + 10,
        seconds: 60,
    },
    {
        name: "lost-answer-to-stay-for-good",
        what: "the same, for as long as the run lasts: it says what may be closed, and which command opens it",
        capture: { reopen: false },
        before: slowNote("workbench"),
        strike: { at: beforeItSaysSo, with: answersLost },
        // All of them stayed for a moment: complete, and never final.
        fate: ["void", "complete"],
        says: /workbench[^]*make thaw/,
        // The host can't be reached: what the operator was told to do opens it, once the cable is whole.
        also: async (bench) => {
            const { text } = await makeThaw(bench, { giveUp: true });
            return (await opensWithin(bench, 20)) ? [] : [`make thaw GIVE_UP=1 did not open it: ${text.slice(0, 300)}`];
        },
        closedBeyond: 600,
        mayStandApart: true,
        seconds: 170,
    },
    {
        name: "lost-words",
        what: "words to a host are lost for a while, its answers arrive",
        strike: { at: beforeTheEnd, with: forAWhile(awhile, wordsLost) },
        fate: ["void"],
        closedBeyond: dead,
        operator: "make recover",
    },
    {
        name: "lost-words-final",
        what: "words to a host are lost for a while in a final capture, its answers arrive",
        capture: { reopen: false },
        strike: { at: beforeTheEnd, with: forAWhile(awhile, wordsLost) },
        fate: ["void"],
        closedBeyond: dead,
        operator: "make recover",
    },
    ...[true, false].flatMap((reopen): Fault[] => [
        {
            name: `lost-answer-to-request${reopen ? "" : "-final"}`,
            what: `the cloud takes a snapshot, and its answer is lost${reopen ? "" : ", in a final capture"}`,
            capture: { reopen },
            before: answerToCreateSnapshot,
            fate: ["void", "complete"],
            // The provider asks again until the cloud takes a second one of the volume.
            closedBeyond: 20,
            seconds: 52,
        },
        {
            name: `lost-look-up${reopen ? "" : "-final"}`,
            what: `a look-up of the snapshots fails once${reopen ? "" : ", in a final capture"}`,
            capture: { reopen },
            strike: { at: "after the last freeze", with: failedLookUp },
            fate: ["complete"],
            closedBeyond: alive,
        },
        {
            name: `lost-snapshot${reopen ? "" : "-final"}`,
            what: `a snapshot is accepted, and fails when the window is over${reopen ? "" : ", in a final capture"}`,
            capture: { reopen },
            before: closedRequests({ skip: 2, times: 1, request: { endsIn: "error", pendingMilliseconds: 8000 } }),
            fate: ["void"],
            closedBeyond: alive + 2,
        },
    ]),
];
