// Where users come in: what the plan of who serves (logic/serving.ts), its components and its stack ask of whatever leads the three names to a
// side. The kinds that there are stand in entryPoints/, a file each.
import type { Serving } from "../contract/production";
import type { Endpoint } from "../products/endpoint";
import type { PerProduct } from "../products/ids";
import type { HeldRecords, PlannedRecord } from "./servingRecords";
import type { SideReport } from "./sideReport";
import type { Unmet } from "./unmet";

/** Three names, made from the configuration. */
export interface EntryPoint {
    names: PerProduct<string>;
    /** That this program moves for them, one by one; 0 where people do. */
    records: number;
    /** What users type. @param local where products answer on the hosts that the names lead to. */
    endpoints(local: PerProduct<Endpoint>): PerProduct<Endpoint>;
    /** Asks where the names lead now; changes nothing. */
    find(asking: Asking): Promise<FoundNames>;
}

export interface Asking {
    questions: NameQuestions;
    /** Where the products of the side that is to serve answer on their hosts. */
    local: PerProduct<Endpoint>;
}

/** What an entry point may ask of the world outside. */
export interface NameQuestions {
    /** What a zone holds under these names. */
    records(zoneId: string, names: string[]): Promise<HeldRecords>;
    /** Where a name leads, and what answers there, from where this program runs. */
    answers(asked: AskedName): Promise<SeenName>;
}

export interface AskedName {
    endpoint: Endpoint;
    path: string;
}

/** A name as it was seen once. */
export interface SeenName {
    /** As DNS has them; none where it has no such name, or could not be asked. */
    addresses: string[];
    /** Of each address. */
    answers: SeenAnswer[];
    /** Why there are no addresses. */
    problem?: string;
}

export interface SeenAnswer {
    /** Of HTTP; absent when there was none. */
    status?: number;
    /** A cache has answered, and nobody knows for whom. */
    cached?: boolean;
    /** It was no answer of its own: whoever asks is sent to another scheme, name or port. */
    sentOn?: string;
    /** Why there was no answer. */
    problem?: string;
    /** Something is there, and would not talk: a port that refuses, a connection that is cut. */
    refused?: boolean;
}

/** The names as they were found, and what follows from that. Pure, but for what `lead` does. */
export interface FoundNames {
    /** Users may be there by one of the names, whatever was published. */
    leadsTo(side: SideReport): boolean;
    plan(move: NamesMove): NamesPlan;
}

export interface NamesMove {
    target: SideReport;
    /** Every other side that is known. */
    others: SideReport[];
    /** Another side is to serve than did, or its hosts are not open: a move, wherever the names lead. */
    moves: boolean;
    /** To an environment; otherwise the side that is current stays, or comes back. */
    forward: boolean;
    /** Last outputs: what was published of who serves, and of the names by an older version. */
    last?: Serving;
    lastNames?: Partial<PerProduct<string>>;
}

export interface NamesPlan {
    unmet: Unmet[];
    /** A name leads to another place than the side that is to serve: leading it back is a move. */
    away: boolean;
    /** Said by every run that moves nothing. */
    warnings: string[];
    /** What people would have to do; said by a preview of a move. */
    byHand: string[];
    /** What is published once the names lead there. */
    published: NonNullable<Serving["records"]>;
    /** Leads the three names to the side, as one unit. */
    lead(hands: Hands): void;
}

/** What a component can do for an entry point. */
export interface Hands {
    /** A record in a zone, as a resource. */
    record(zoneId: string, record: PlannedRecord): void;
    /**
     * At a move, when all commands and records are done, and never in a preview. What it throws ends the run, and nothing is published: the
     * next run is a move again.
     */
    atTheEnd(act: (say: (line: string) => void) => Promise<void>): void;
}
