// What befalls production while it stays closed after a final capture: reboot, dead-man, the commands that open it, hosts and bastions that
// do not answer them. The capture stays restorable, and final only as long as every host stays.
import { callCloud } from "../../cloud/client";
import { hostScript } from "../../hostScript";
import { oldHosts } from "../../rehearse/proofs/hostFacts";
import { writeStackFile } from "../../rehearse/stackFile";
import { finalDatabase } from "../../rehearse/values";
import { onHost } from "../../ssh";
import { productIds, type ProductId } from "../../../products/ids";
import { startBastion } from "../strikes/bastion";
import type { Bench } from "../bench/bench";
import { hangingHost, signalEngine, slowStart, standStill, type Strike } from "../strikes/breakages";
import { describe, isOpen, markers, stands, stays } from "../bench/hosts";
import { dead } from "./opening";
import { makeThaw } from "../bench/operator";
import { isAway, manifestOf, opensWithin, type Fault, standing, tryUp } from "../bench/trial";

const pause = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));

const final = { reopen: false };
const seconds = 50;

async function upWith(bench: Bench, token: string, reopen: boolean): Promise<number> {
    const { stacks } = bench;
    const captures = [{ token, reopen, warmUp: false, maxClosedSeconds: 30, drainSeconds: 2, database: finalDatabase }];
    writeStackFile(stacks.prod.file, { ...stacks.prod.values, "posit:captures": captures });
    return (await tryUp(stacks.prod)).code;
}

/** Opened in whatever way: it may be restored as a rehearsal, and nothing makes it final again. Leaves production open. */
async function neverFinalAgain(bench: Bench, token: string): Promise<string[]> {
    const problems: string[] = [];
    const look = async (when: string) => {
        const manifest = await manifestOf(bench, token);
        if (manifest?.state !== "complete") problems.push(`${when} the capture is ${manifest?.state}`);
        if (manifest?.final) problems.push(`${when} the capture is final, although production was opened`);
    };
    if ((await upWith(bench, token, false)) !== 0) problems.push("a plain up fails after it was opened");
    await look("opened again,");
    if ((await upWith(bench, token, true)) !== 0) problems.push("giving it up fails");
    if (!(await opensWithin(bench, 15))) problems.push("given up, production is not open");
    await look("given up,");
    // Refused or without effect: both are right.
    await upWith(bench, token, false);
    await look("with reopen: false once more,");
    if (isAway(bench)) problems.push("an edit closed production again");
    return problems;
}

async function rebooted(bench: Bench, token: string): Promise<string[]> {
    await callCloud("RebootInstance", { instanceId: bench.facts.hosts.workbench.instanceId });
    await pause(3);
    const opens = async () =>
        (await stands(oldHosts(bench.facts))).some((one) => one.product === "workbench" && isOpen(one));
    for (const until = Date.now() + 40_000; !(await opens()) && Date.now() < until;) await pause(1);
    return [
        ...((await opens()) ? [] : ["Workbench did not open after its reboot"]),
        ...(await neverFinalAgain(bench, token)),
    ];
}

async function thawed(bench: Bench, token: string): Promise<string[]> {
    const problems: string[] = [];
    const left = await makeThaw(bench);
    if (left.code !== 3) problems.push(`make thaw ends with ${left.code} for what stays on purpose, not with 3`);
    if (!/since \S+, opens by itself at \S+\./.test(left.text))
        problems.push("make thaw does not say since and until when it stays");
    const after = await stands(oldHosts(bench.facts));
    if (!after.every(stays)) {
        problems.push(`make thaw opened what stays on purpose: ${after.map(describe).join("; ")}`);
    }
    const opened = await makeThaw(bench, { giveUp: true });
    if (opened.code !== 0 || !(await opensWithin(bench, 5))) {
        problems.push(`make thaw GIVE_UP=1 ends with ${opened.code}: ${(await standing(bench)).join("; ")}`);
    }
    return [...problems, ...(await neverFinalAgain(bench, token))];
}

/** The dead-man's time is over; its product needs twenty seconds to answer, and users may work before anybody has heard it. */
async function deadMan(bench: Bench, token: string): Promise<string[]> {
    const problems: string[] = [];
    const mend = await slowStart("connect", 20)(bench);
    try {
        await onHost(oldHosts(bench.facts).connect, hostScript(["faults/strikes/scripts/startDeadMan"], {}));
        await pause(4);
        const [marker] = (await markers(bench, token)).filter(({ product }) => product === "connect");
        if (marker.state === "staying") problems.push("its product was started, and its marker says that it stays");
        const opens = async () =>
            (await stands(oldHosts(bench.facts))).some((one) => one.product === "connect" && isOpen(one));
        for (const until = Date.now() + 60_000; !(await opens()) && Date.now() < until;) await pause(1);
        if (!(await opens())) problems.push("Connect did not open");
    } finally {
        await mend();
    }
    return [...problems, ...(await neverFinalAgain(bench, token))];
}

/** `make thaw` asks all at once: one that hangs keeps nobody else closed. */
async function hanging(bench: Bench): Promise<string[]> {
    const problems: string[] = [];
    const first: ProductId = productIds[0];
    const mend = await hangingHost(first)(bench);
    const began = Date.now();
    try {
        const { code, text, seconds: took } = await makeThaw(bench, { giveUp: true });
        if (code === 0) problems.push("make thaw says that all is open, and one host hangs");
        if (!text.includes(first)) problems.push(`make thaw does not name ${first}`);
        if (took > 120) problems.push(`make thaw took ${took.toFixed(0)} s`);
    } finally {
        await mend();
    }
    for (const { product, from, to } of bench.client.outages().filter((outage) => (outage.to ?? Infinity) > began)) {
        if (product === first) continue;
        const waited = ((to ?? Date.now()) - began) / 1000;
        if (waited > 20) problems.push(`${product} waited ${waited.toFixed(1)} s for ${first} (closed since ${from})`);
    }
    const again = await makeThaw(bench, { giveUp: true });
    if (again.code !== 0 || !(await opensWithin(bench, 15)))
        problems.push(`the second make thaw ends with ${again.code}`);
    return problems;
}

/** The bastion goes away while it carries `make thaw`, and comes back. */
async function withoutBastion(bench: Bench): Promise<string[]> {
    const problems: string[] = [];
    const bastion = await startBastion();
    try {
        const thawing = makeThaw(bench, { giveUp: true, bastion: bastion.access });
        for (const until = Date.now() + 30_000; bastion.count() === 0 && Date.now() < until;) await pause(0.02);
        await pause(0.15);
        bastion.goAway();
        const { code, text } = await thawing;
        if (code === 0 && isAway(bench)) problems.push("make thaw says that production is open, and it is not");
        if (/^\s+at .+:\d+:\d+\)?$/m.test(text))
            problems.push("make thaw dies with a stack trace when its bastion goes away");
        const unnamed = code === 0 ? [] : productIds.filter((product) => !text.includes(product));
        if (unnamed.length > 0) problems.push(`make thaw does not say what became of ${unnamed.join(", ")}`);
        bastion.comeBack();
        const again = await makeThaw(bench, { giveUp: true, bastion: bastion.access });
        if (again.code !== 0 || !(await opensWithin(bench, 15))) {
            problems.push(`make thaw through the bastion that came back ends with ${again.code}`);
        }
    } finally {
        bastion.close();
    }
    return problems;
}

/** Somebody opens a host by hand, its product is slow, and the run says `stay` meanwhile. */
const thawByHand: Strike = async ({ facts }) => {
    await onHost(oldHosts(facts).connect, hostScript(["faults/strikes/scripts/thawInBackground"], {}));
    return async () => undefined;
};

export const stayFaults: Fault[] = [
    {
        name: "stay-sigkill",
        what: "the engine gets SIGKILL when production stays closed; `make recover` leaves it so",
        capture: final,
        strike: { at: "when it stays", with: signalEngine("SIGKILL") },
        fate: ["complete"],
        closedBeyond: 0,
        operator: "make recover",
    },
    {
        name: "stay-still",
        what: "the whole run stands still for 12 s when production stays closed",
        capture: final,
        strike: { at: "when it stays", with: standStill(12) },
        fate: ["complete"],
        closedBeyond: 0,
        seconds: 50,
    },
    {
        name: "stay-reboot",
        what: "a host that stays closed is rebooted, and opens",
        capture: final,
        fate: ["complete"],
        closedBeyond: 0,
        meanwhile: rebooted,
        seconds: seconds + 10,
    },
    {
        name: "stay-thaw",
        what: "`make thaw` leaves what stays on purpose, `GIVE_UP=1` opens it; it is never final again",
        capture: final,
        fate: ["complete"],
        closedBeyond: 0,
        meanwhile: thawed,
        seconds,
    },
    {
        name: "stay-dead-man",
        what: "maxStaySeconds are over, and the product is slow to answer",
        capture: final,
        fate: ["complete"],
        closedBeyond: 0,
        meanwhile: deadMan,
        seconds: seconds + 30,
    },
    {
        name: "stay-thaw-host-hangs",
        what: "the first host hangs under `make thaw`",
        capture: final,
        fate: ["complete"],
        closedBeyond: 0,
        meanwhile: hanging,
        seconds: 130,
    },
    {
        name: "stay-thaw-bastion",
        what: "the bastion goes away under `make thaw`, and comes back",
        capture: final,
        fate: ["complete"],
        closedBeyond: 0,
        meanwhile: withoutBastion,
        seconds,
    },
    {
        name: "stay-word-during-thaw",
        what: "somebody opens a host by hand while the run is about to let it stay",
        capture: final,
        before: slowStart("connect", 6),
        strike: { at: "after the requests, before the thaw", with: thawByHand },
        fate: ["void"],
        closedBeyond: dead + 6,
    },
];
