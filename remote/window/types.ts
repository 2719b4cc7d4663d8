// What the closed window is told and what it answers.
import type { HostMarker } from "../../contract/host";
import type { HostDatabase } from "../../databases";
import { ProductId } from "../../products/ids";
import { HostAddress } from "../connection";
import { HostLayout } from "../script";

export interface WindowHost {
    product: ProductId;
    target: HostAddress;
    /** With the port on which the product answers on the host itself; the maintenance notice answers there. */
    layout?: HostLayout;
    /** What the host itself does about the product's databases; nothing when absent. */
    databases?: HostDatabase[];
}

/** What a capture is configured with, handed on whole: a further option is one here, and is where it is used. */
export interface WindowOptions {
    token: string;
    /** By which word a window ends in which all went well: "complete", or "stay" (remote/capture/run.ts). */
    reopen: boolean;
    /** From the first product's stop; the hosts open themselves then, whatever happens here. */
    maxClosedSeconds: number;
    /** How long a host stays closed after "stay" before it opens by itself. */
    maxStaySeconds: number;
    /** What users read while it stays closed, and how long that is expected to last. */
    notice: string;
    backMinutes: number;
    /** End what is still busy after the drain instead of calling the capture off. */
    force: boolean;
    drainSeconds: number;
    /** How long a product may take to answer again after it was started. */
    startSeconds: number;
}

export interface WindowArgs {
    options: WindowOptions;
    hosts: WindowHost[];
    /** How long a host that did not tell how its window ended is dialled again and opened; 120 when absent. */
    lostSeconds?: number;
    /** Asked when all is drained, right before the first product is stopped; findings call the window off, and nothing was closed. */
    mayClose?: () => string[];
    /** Asked once every host is frozen, for proofs that are not the hosts' to give (database sessions); findings open again. */
    proveQuiet?: () => Promise<string[]>;
    log: (line: string) => void;
}

/** What the program writes into every host's marker, beside the host's own facts. */
export type WindowNotes = NonNullable<HostMarker["notes"]>;

export interface ClosedHost {
    product: ProductId;
    /** ISO times by the host's clock. */
    armedAt: string;
    closedAt: string;
    quiet: Record<string, string>;
}

export interface ClosedReport {
    hosts: ClosedHost[];
    /** From the first word to freeze to the last host's proof, dumps included, ms. */
    freezeMilliseconds: number;
    /** When the hosts open by themselves. */
    deadline: Date;
}

export interface EndedHost {
    product: ProductId;
    state: "open" | "staying" | "unknown";
    /** The word that opened it by the host's account: "complete", "abort", "lost", … */
    openedBy?: string;
    openedAt?: string;
    /** "ok", or "failed" of a product that was started and does not answer yet: its host goes on trying. */
    health?: string;
    /** Of a host that stays closed. */
    stayUntil?: string;
    /** Of one that did not tell how it stands: when it opens by itself at the latest. */
    mayBeClosedUntil?: string;
    /** What went wrong, and voids the capture. */
    error?: string;
}

export interface EndReport {
    hosts: EndedHost[];
}

export type LastWord = "complete" | "stay" | "abort";

export interface ClosedWindow {
    /** Connects, arms, drains and freezes. A failure anywhere opens every host again and rejects with every finding. */
    close(): Promise<ClosedReport>;
    /** Writes down on every host, next to the marker's other facts, for example {pointInTime}; adds to what was noted before. */
    note(notes: WindowNotes): Promise<void>;
    /**
     * "complete" opens in reverse order, "abort" all at once, "stay" leaves all closed behind a notice (or, when one can't be, none).
     * Later calls answer with the first one's report; asking for anything but what was said first makes every host a finding.
     */
    end(word: LastWord): Promise<EndReport>;
    readonly deadline: Date | undefined;
    /** Why the window opened again of its own accord: a host that opened or went, the time that was over. */
    readonly calledOff: string | undefined;
}
