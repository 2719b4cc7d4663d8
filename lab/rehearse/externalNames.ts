// Names that people lead (EXTERNAL=1): the person who changes them reads what `pulumi up` says while it waits, as it stands in a pipeline's log, does
// that and nothing else, in a DNS that the program has no hand in; and what is proved of it. No load balancer is played.
import { callCloud } from "../cloud/client";
import { ports, publicNames, recordTtl } from "../legacy/world";
import { productIds } from "../../products/ids";
import { addresses } from "../paths";
import type { HostsOf } from "./proofs/hostFacts";
import { probeTargets } from "./proofs/questions";
import type { Rehearsal } from "./rehearsal";
import type { ConfigValues } from "./stackFile";

/** One name, as the program asks for it. */
export interface AskedChange {
    name: string;
    address: string;
    port: number;
}

export interface Change extends AskedChange {
    /** When it was done, in milliseconds since 1970. */
    done?: number;
}

/** What one `up` asked for, and when that ended. */
export interface Led {
    changes: Change[];
    endedAt: number;
}

/** Of a line that says what has to be changed now; a preview's list has no dash, and is a plan. */
export function askedChange(line: string): AskedChange | undefined {
    const [, name, address, port] =
        /(?:^|\s)- (\S+) leads to .* → must lead to (\d{1,3}(?:\.\d{1,3}){3}), port (\d+)\b/.exec(line) ?? [];
    return name === undefined ? undefined : { name, address, port: Number(port) };
}

export interface Person {
    /** A line of the run as it comes. */
    hear(line: string): void;
    /** In the order in which they were asked for. */
    readonly changes: Change[];
    /** When all that was asked for is done; throws what could not be. */
    finished(): Promise<void>;
}

/** Milliseconds: one name at once, one soon, one late, so that a run which did not wait for all three would be seen. */
const thinking = [500, 4_000, 12_000];

export function personWho(lead: (change: AskedChange) => Promise<unknown>, pauses = thinking): Person {
    const changes: Change[] = [];
    const work: Promise<void>[] = [];
    const makeIt = async (change: Change, pause: number) => {
        await new Promise((resolve) => setTimeout(resolve, pause));
        await lead(change);
        change.done = Date.now();
    };
    return {
        changes,
        hear: (line) => {
            const asked = askedChange(line);
            // Said once a minute until it is done.
            if (!asked || changes.some(({ name, address }) => name === asked.name && address === asked.address)) return;
            const change: Change = { ...asked };
            const done = makeIt(change, pauses[changes.length % pauses.length]);
            done.catch(() => undefined); // said by finished
            changes.push(change);
            work.push(done);
        },
        finished: () => Promise.all(work).then(() => undefined),
    };
}

/** In the company's DNS, which is the zone that production's names have been in all the time. */
export function personAtTheZone(zoneId: string, pauses?: number[]): Person {
    const lead = ({ name, address }: AskedChange) =>
        callCloud("ChangeRecordSet", {
            ...{ zoneId, change: "UPSERT", name, type: "A" },
            ...{ ttl: recordTtl, records: [address] },
        });
    return personWho(lead, pauses);
}

/** In a stack file's words. */
export const externalEntryPoints = (patienceMinutes: number): ConfigValues => ({
    kind: "external",
    ...publicNames,
    patienceMinutes,
});

/** The names are asked from the operator's machine, as one of the users. */
export const operatorAsUser = `${addresses.operator}/32`;

/** What is wrong with what was asked for: each name once and nothing else, and the run went on until all of it was done. */
export function ledFindings({ changes, endedAt }: Led, wanted: AskedChange[]): string[] {
    const words = ({ name, address, port }: AskedChange) => `${name} to ${address}, port ${port}`;
    const asked = changes.map(words);
    return [
        ...wanted
            .map(words)
            .filter((one) => !asked.includes(one))
            .map((one) => `never asked for: ${one}`),
        ...asked.filter((one) => !wanted.map(words).includes(one)).map((one) => `not needed: ${one}`),
        ...changes.filter(({ done }) => done === undefined).map((one) => `not done: ${words(one)}`),
        ...changes
            .filter(({ done }) => done !== undefined && done > endedAt)
            .map((one) => `\`up\` ended before it was done: ${words(one)}`),
    ];
}

/** After a commit that moved the names to these hosts. */
export async function checkLed(rehearsal: Rehearsal, commit: string, hosts: HostsOf): Promise<void> {
    if (!rehearsal.options.external) return;
    const wanted = productIds.map((product) => ({
        ...{ name: publicNames[product], address: hosts[product].address, port: ports[product] },
    }));
    const led = rehearsal.led?.[commit] ?? { changes: [], endedAt: 0 };
    const findings = ledFindings(led, wanted);
    rehearsal.recorder.check(
        `${commit}: what \`up\` asked people to change was each name once, it was enough, and \`up\` waited for all of it`,
        findings.length === 0,
        { before: wanted, after: [...findings, ...led.changes] },
    );
    const seen = await rehearsal.client.where(probeTargets());
    const astray = productIds.filter((product, index) => {
        const user = seen.find((one) => one.product === product);
        return user?.address !== wanted[index].address || !/^[23]/.test(user.answer);
    });
    rehearsal.recorder.check(`${commit}: all three names lead users there`, astray.length === 0, {
        before: wanted.map(({ address }) => address),
        after: seen,
    });
}
