// What a sight of a public name says: whether it answers from the side that is to serve, as far as can be seen from outside, or from another.
import type { SeenAnswer, SeenName } from "../logic/entryPoint";

/** What is wanted of a name. */
export interface Expected {
    /** The program has made that host, and seen to it that it tells its health; what was there before may have no such page. */
    made: boolean;
    /** What it answered when it last served, where that is known: then nothing else will do. */
    status?: number;
    /** Addresses of hosts of this product on other sides. */
    elsewhere: string[];
}

/**
 * Answers from the host that is wanted, as far as can be seen: at every address, as a product does that works, and at no address of another side.
 * The other sides are closed by then, and their hosts answer 503 or nothing.
 */
export function isRight(wanted: Expected, seen: SeenName): boolean {
    return (
        seen.answers.length > 0 &&
        seen.answers.every((answer) => isGood(answer, wanted)) &&
        !seen.addresses.some((address) => wanted.elsewhere.includes(address))
    );
}

function isGood({ status, cached, sentOn }: SeenAnswer, wanted: Expected): boolean {
    return status !== undefined && !cached && sentOn === undefined && isWanted(status, wanted);
}

function isWanted(status: number, { made, status: known }: Expected): boolean {
    return made ? status === 200 : known === undefined ? status < 500 : status === known;
}

/** A status in words. */
export function wantedStatus({ made, status }: Expected): string {
    return made ? "200" : status === undefined ? "a status below 500" : `${status}, as when it last served`;
}

/** It was seen to lead to another place; no answer at all is no such sight. */
export function isElsewhere(wanted: Expected, seen: SeenName): boolean {
    return (
        !isRight(wanted, seen) &&
        (seen.addresses.some((address) => wanted.elsewhere.includes(address)) ||
            seen.answers.some((answer) => answer.refused || (answer.status !== undefined && !isGood(answer, wanted))))
    );
}

/** "10.1.0.12, 10.1.0.13; answers 503" */
export function words({ addresses, answers, problem }: SeenName): string {
    const said = answers.map(
        ({ status, cached, sentOn, problem: why }) =>
            (status === undefined ? `no answer: ${why}` : `answers ${status}`) +
            (cached ? " out of a cache" : "") +
            (sentOn === undefined ? "" : ` and leads on to ${sentOn}`),
    );
    return [addresses.join(", "), problem, ...new Set(said)].filter((part) => part).join("; ");
}
