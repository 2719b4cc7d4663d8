// Names that somebody else leads: a load balancer, a DNS that this program has no hand in. A move says the exact change of each name, and waits
// until all three answer from the side that is to serve. What that proves, and what not: docs/entry-points.md.
import { z } from "zod";
import { whole } from "../config/leaves";
import type { Asking, EntryPoint, FoundNames, NamesMove, NamesPlan, SeenName } from "../logic/entryPoint";
import { Refusal } from "../logic/refusal";
import { HostReport, isServing, SideReport } from "../logic/sideReport";
import type { Unmet } from "../logic/unmet";
import { inOrder, mapProducts, PerProduct, perProduct, ProductId, products } from "../products";
import { Endpoint, Scheme, schemes, usualPorts } from "../products/endpoint";
import { entryPointKind, namesOf } from "./kind";
import { Expected, isElsewhere, isRight, wantedStatus, words } from "./seenNames";

export const external = entryPointKind({
    word: "external",
    about: "Something else leads the names: a load balancer, another DNS. A move says what people have to change, and waits until it is so.",
    settings: {
        scheme: z.enum(schemes).default("http").describe("How users come to the names, and how they are asked."),
        port: whole(1, 65_535, usualPorts.https)
            .optional()
            .describe(
                "Where the names answer, when it is one port for all three; when absent 443 with https, and with http the port of the host that the name leads to.",
            ),
        patienceMinutes: whole(1, 1440, 60)
            .default(60)
            .describe("How long a move waits for the names; then it ends, and the next `up` goes on waiting."),
    },
    make: (config) => externalNames({ ...config, names: namesOf(config) }),
});

export interface ExternalNames {
    names: PerProduct<string>;
    scheme: Scheme;
    port?: number;
    patienceMinutes: number;
}

/** Of waiting; tests have clocks of their own. */
export interface Clock {
    now(): number;
    sleep(milliseconds: number): Promise<void>;
}

const realClock: Clock = {
    now: () => Date.now(),
    sleep: (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds)),
};

/** A balancer may send every other question elsewhere: so many rounds of right answers in a row count. */
const steadyRounds = 5;
const pause = { whileWrong: 5_000, whileRight: 1_000 };
const sayEvery = 60_000;

type Seen = PerProduct<SeenName>;

export function externalNames(settings: ExternalNames, clock = realClock): EntryPoint {
    return {
        names: settings.names,
        endpoints: (local) => endpointsOf(settings, local),
        records: 0,
        find: async (asking) => {
            const ask = () => askAll(settings, asking);
            return foundExternal(settings, asking.local, await ask(), ask, clock);
        },
    };
}

/** Without TLS something that only leads names to hosts changes no port. */
function endpointsOf({ names, scheme, port }: ExternalNames, local: PerProduct<Endpoint>): PerProduct<Endpoint> {
    return mapProducts(names, (host, product) => ({
        scheme,
        host,
        port: port ?? (scheme === local[product].scheme ? local[product].port : usualPorts[scheme]),
    }));
}

async function askAll(settings: ExternalNames, { questions, local }: Asking): Promise<Seen> {
    const endpoints = endpointsOf(settings, local);
    const asked = inOrder.map(async (product): Promise<[ProductId, SeenName]> => {
        const question = { endpoint: endpoints[product], path: products[product].healthPath };
        return [product, await questions.answers(question)];
    });
    const seen = new Map(await Promise.all(asked));
    return perProduct((product) => seen.get(product)!);
}

/** @param ask the names again, while a move waits for them. */
export function foundExternal(
    settings: ExternalNames,
    local: PerProduct<Endpoint>,
    seen: Seen,
    ask: () => Promise<Seen>,
    clock = realClock,
): FoundNames {
    return {
        // People move a name when they like, and back: on a side that was opened users may have been, wherever the names lead by now.
        leadsTo: (side) =>
            side.hosts.some(
                ({ product, publicAddress, state }) =>
                    state?.side === "serving" || seen[product].addresses.includes(publicAddress),
            ),
        plan: (move) => {
            const wanted = wantedOf(settings, local, move);
            return {
                ...judged(wanted, seen, move),
                byHand: changes(wanted, seen, move, settings),
                published: publication(wanted, seen, move),
                lead: ({ atTheEnd }) =>
                    atTheEnd((say) =>
                        waitFor(wanted, move, { say, ask, clock, patienceMinutes: settings.patienceMinutes }),
                    ),
            };
        },
    };
}

/** A name, and what must answer there. */
interface Wanted extends Expected {
    product: ProductId;
    name: string;
    host: HostReport;
    /** Where the product listens on it. */
    local: Endpoint;
    /** This stack published the name before, and as one that something else leads. */
    known: boolean;
    /** What the hosts in posit:current are known to answer. */
    listedStatus?: number;
}

function wantedOf(
    { names }: ExternalNames,
    local: PerProduct<Endpoint>,
    { target, others, last, moves }: NamesMove,
): Wanted[] {
    return target.hosts.map((host) => {
        const { product, publicAddress } = host;
        const published = last?.records?.[product];
        const known = published?.name === names[product] && published.ttl === undefined;
        const listedStatus = known ? published.listedStatus : undefined;
        return {
            product,
            name: names[product],
            host,
            local: local[product],
            made: target.key !== "listed",
            // Of a side that stands it is no fault when its product answers otherwise by now.
            status: moves ? listedStatus : undefined,
            elsewhere: others
                .flatMap(({ hosts }) => hosts.filter((other) => other.product === product))
                .map((other) => other.publicAddress)
                .filter((address) => address !== publicAddress),
            known,
            listedStatus,
        };
    });
}

// ---- what follows ----

/** A name counts as known once it was seen to answer: here, or by the wait at the end of a move. */
function publication(wanted: Wanted[], seen: Seen, { moves }: NamesMove): NamesPlan["published"] {
    return Object.fromEntries(
        wanted
            .filter((one) => one.known || moves || (isStanding(one) && isRight(one, seen[one.product])))
            .map((one) => {
                const listedStatus = statusOfListed(one, seen[one.product]);
                const status = listedStatus !== undefined && { listedStatus };
                return [one.product, { name: one.name, value: one.host.publicAddress, ...status }];
            }),
    );
}

/** As seen now, while they serve; else as it was known, for the way back. */
function statusOfListed(one: Wanted, seen: SeenName): number | undefined {
    const [status, ...others] = new Set(seen.answers.map((answer) => answer.status));
    const tells = !one.made && isStanding(one) && isRight(one, seen) && others.length === 0;
    return tells ? status : one.listedStatus;
}

/** What answers through a name can be held against it. */
function isStanding({ host }: Wanted): boolean {
    return isServing(host) && host.state?.answering === true;
}

function judged(
    wanted: Wanted[],
    seen: Seen,
    { moves, forward }: NamesMove,
): Pick<NamesPlan, "unmet" | "away" | "warnings"> {
    const wrong = wanted.filter((one) => isStanding(one) && !isRight(one, seen[one.product]));
    const [elsewhere, silent] = [true, false].map((is) =>
        wrong.filter((one) => one.known && isElsewhere(one, seen[one.product]) === is),
    );
    return {
        unmet:
            forward && moves
                ? wanted
                      .filter((one) => !one.known || seen[one.product].addresses.length === 0)
                      .map((one) => (one.known ? notAsked(one, seen) : neverSeen(one)))
                : wrong.filter((one) => !one.known).map((one) => notProved(one, seen)),
        away: elsewhere.length > 0,
        warnings: [
            ...silent.map((one) => silence(one, seen)),
            ...wanted.filter((one) => !one.known && isStanding(one)).flatMap((one) => withoutHealth(one, seen)),
        ],
    };
}

function silence({ name, product }: Wanted, seen: Seen): string {
    return `${name} can't be asked from here (${words(seen[product])}), so nobody can tell where it leads; nothing is moved, so this run goes on without it`;
}

/** Told once: what stands in front may keep back what a new side's product will be asked for. */
function withoutHealth({ product, name, made, elsewhere }: Wanted, seen: Seen): string[] {
    const [now, later] = [made, true].map((strict) => isRight({ made: strict, elsewhere }, seen[product]));
    return now && !later
        ? [
              `${name} leads to ${words(seen[product])} at ${products[product].healthPath}; from a new side it must be 200. If it is not the product that has no such page, but what stands in front of it: let that path through before anything moves`,
          ]
        : [];
}

/** Found on the first day: a move could never be seen to be done. */
function notProved(one: Wanted, seen: Seen): Unmet {
    const { product, name } = one;
    return {
        gate: "names",
        condition: `${name} does not answer as ${products[product].title} that serves does (${words(seen[product])}; expected is ${wantedStatus(one)}), so that nobody could see from here where it leads. Set posit:entryPoints.scheme and port to what users have, and run this where their names can be asked`,
    };
}

function neverSeen({ name }: Wanted): Unmet {
    return {
        gate: "names",
        condition: `${name} was never seen to answer from the side that serves, so that nobody knows whether a move of it can be seen from here. Run \`pulumi up\` with posit:serve as it was first, which tries it and moves nothing`,
    };
}

/** Before anything is touched: nobody could see the end of it. */
function notAsked({ name, product }: Wanted, seen: Seen): Unmet {
    return {
        gate: "names",
        condition: `${name} can't be asked from here (${words(seen[product])}), so that nobody could see when it leads to the new side. Run this where users' names can be asked`,
    };
}

// ---- words ----

/** Before a move is made the host that is wanted does not serve, and what answers is another one. */
function changes(wanted: Wanted[], seen: Seen, { target }: NamesMove, { patienceMinutes }: ExternalNames): string[] {
    const open = target.hosts.every(isServing);
    const left = wanted.filter((one) => !(open && isRight(one, seen[one.product])));
    return left.length === 0
        ? []
        : [
              `to be changed by hand, once the hosts are ready; \`pulumi up\` says when, and waits ${patienceMinutes} minutes for it:`,
              ...left.map((one) => changeOf(one, seen, target)),
          ];
}

function changeOf(one: Wanted, seen: Seen, target: SideReport): string {
    const { product, name, host, local } = one;
    const answering = one.status === undefined ? "" : `, and answer ${wantedStatus(one)}`;
    return `${name} leads to ${words(seen[product])} → must lead to ${host.publicAddress}, port ${local.port} (${products[product].title} of ${sideName(target)})${answering}`;
}

function sideName({ key }: SideReport): string {
    return key === "listed" ? "the hosts in posit:current" : `stack ${key}`;
}

// ---- waiting ----

interface Waiting {
    say(line: string): void;
    ask(): Promise<Seen>;
    clock: Clock;
    patienceMinutes: number;
}

async function waitFor(
    wanted: Wanted[],
    { target }: NamesMove,
    { say, ask, clock, patienceMinutes }: Waiting,
): Promise<void> {
    const began = clock.now();
    let said: number | undefined;
    for (let rounds = 0; rounds < steadyRounds;) {
        const seen = await ask();
        const wrong = wanted.filter((one) => !isRight(one, seen[one.product]));
        const waited = clock.now() - began;
        rounds = wrong.length === 0 ? rounds + 1 : 0;
        if (wrong.length > 0) {
            if (waited >= patienceMinutes * 60_000) {
                throw new Refusal(gaveUp(wrong, seen, target, patienceMinutes));
            }
            if (said === undefined || waited - said >= sayEvery) {
                // Each a message of its own: where there is no terminal, the engine shows only the first line of one while a run goes on.
                say(
                    `waiting for ${Math.round(waited / 60_000)} of ${patienceMinutes} minutes; to be changed by hand now:`,
                );
                wrong.forEach((one) => say(`- ${changeOf(one, seen, target)}`));
                said = waited;
            }
        }
        await clock.sleep(wrong.length > 0 ? pause.whileWrong : pause.whileRight);
    }
    say(`${wanted.map(({ name }) => name).join(", ")} answer from ${sideName(target)}`);
}

function gaveUp(wrong: Wanted[], seen: Seen, target: SideReport, patienceMinutes: number): string {
    return [
        `after ${patienceMinutes} minutes these names do not answer from ${sideName(target)}, which is open, while the other side is closed:`,
        ...wrong.map((one) => `  - ${changeOf(one, seen, target)}`),
        "Nothing is published. Change them and run `pulumi up` again, which goes on waiting; or take the commit back",
    ].join("\n");
}
