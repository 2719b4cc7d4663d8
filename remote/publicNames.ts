// Asks a public name from where this program runs, as a user would: its addresses in DNS, and what answers at each of them; a
// certificate that this machine does not trust for that name is no answer. Reads only.
import * as dns from "node:dns";
import * as http from "node:http";
import * as https from "node:https";
import { authorityOf, urlOf } from "../products/endpoint";
import type { AskedName, SeenAnswer, SeenName } from "../logic/entryPoint";

const seconds = 10;

/** Never throws: what can't be asked is said. */
export async function seenName(asked: AskedName): Promise<SeenName> {
    let addresses: string[];
    try {
        addresses = (await inTime(addressesOf(asked.endpoint.host))).sort();
    } catch (error) {
        return { addresses: [], answers: [], problem: `DNS has no address for it here: ${wordsOf(error as Error)}` };
    }
    return { addresses, answers: await Promise.all(addresses.map((address) => answerOf(asked, address))) };
}

/** From DNS alone: a hosts file is where testers lead these names to the new hosts long before users are. */
function addressesOf(name: string): Promise<string[]> {
    return dns.promises.resolve4(name);
}

/** Each on a connection of its own, so that no balancer answers by what it decided before. Redirects are answers. */
function answerOf({ endpoint, path }: AskedName, address: string): Promise<SeenAnswer> {
    const options: https.RequestOptions = {
        host: address,
        servername: endpoint.host,
        port: endpoint.port,
        path,
        agent: false,
        headers: {
            host: authorityOf(endpoint),
            "cache-control": "no-cache",
        },
    };
    const answer = new Promise<SeenAnswer>((resolve, reject) => {
        const request = (endpoint.scheme === "https" ? https : http).get(options, (response) => {
            const { statusCode, headers } = response;
            const cached = Number(headers.age ?? 0) > 0; // RFC 9111, 5.1: only a cache says it
            const sentOn = leadsOff(headers.location, urlOf(endpoint));
            resolve({ status: statusCode, ...(cached && { cached }), ...(sentOn && { sentOn }) });
            request.destroy();
        });
        request.setTimeout(seconds * 1000, () => request.destroy(new Error(`no answer within ${seconds} s`)));
        request.on("error", reject);
    });
    return inTime(answer).catch((error: NodeJS.ErrnoException) => ({
        problem: wordsOf(error),
        ...(cutOff.includes(error.code ?? "") && { refused: true }),
    }));
}

/** Where a redirect leads, when that is another scheme, name or port. */
function leadsOff(location: string | undefined, from: string): string | undefined {
    if (location === undefined || !URL.canParse(location, from)) {
        return undefined;
    }
    const { origin } = new URL(location, from);
    return origin === new URL(from).origin ? undefined : origin;
}

const cutOff = ["ECONNREFUSED", "ECONNRESET", "EPIPE"];

function wordsOf(error: NodeJS.ErrnoException): string {
    return error.message || (error.code ?? "it failed");
}

function inTime<T>(answer: Promise<T>): Promise<T> {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => reject(new Error(`no answer within ${seconds} s`)), seconds * 1000);
    });
    return Promise.race([answer, late]).finally(() => clearTimeout(timer));
}
