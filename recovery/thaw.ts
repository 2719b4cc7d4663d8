// Opens production from outside, whatever became of the program: asks all hosts at once how they stand, opens what a broken window left
// closed, and believes only a product that answers. What stays closed on purpose it leaves, unless it is told to give that up.
// Idempotent: an open host is only looked at.
import type { HostState, Reopened } from "../contract/host";
import { Refusal } from "../logic/refusal";
import { defaultStartSeconds } from "../logic/startSeconds";
import { byProduct, ProductId } from "../products";
import { ConnectionError } from "../remote/connection";
import { RecoveryHosts } from "./hostsFile";
import { askHosts, Questions } from "./questions";

export interface ThawOptions {
    /** Opens a retired side too. Another side serves then, and what is written here is lost. */
    evenRetired?: boolean;
    /** Opens what stays closed on purpose; its capture is then worth no more as a final one. */
    giveUp?: boolean;
    log: (line: string) => void;
    /** How long a product may take to answer again after it was started. */
    startSeconds?: number;
    questions?: Questions;
}

export const thawStatuses = {
    0: "every product is open and answers",
    1: "not everything is open; each line says what, and the same command may be called again",
    3: "what is closed stays so on purpose, and was left",
} as const;
export type ThawStatus = keyof typeof thawStatuses;

/** How a host stood before anything was done, as far as that decides about another one. */
export interface Standing {
    kind: "staying" | "retired" | "other" | "unknown";
    token: string;
}

/**
 * What becomes of hosts that stay. Together with hosts that stay or are retired for the same capture they do so on purpose: a final capture
 * whose every host stays, or a `serve` under way. Beside one that stands otherwise the window is broken. Beside one that can't be asked
 * nobody knows, and closed is the side on which nothing is lost.
 */
export function stayersAre(side: Standing[]): "on purpose" | "broken" | "unclear" {
    if (side.some(({ kind }) => kind === "unknown")) {
        return "unclear";
    }
    // A flag of an older program may be empty.
    const tokens = new Set(side.map(({ token }) => token).filter(Boolean));
    return side.every(({ kind }) => kind === "staying" || kind === "retired") && tokens.size <= 1
        ? "on purpose"
        : "broken";
}

type Outcome = "open" | "left" | "retired" | "failed";
/** Its product's time, of a host that could not even tell how it stands: it may hang, and the command may be called again. */
const unseenSeconds = 5;
const byHand = "sudo bash /var/lib/posit-upgrade/deadman/thaw.sh by-hand";

export async function thaw(hosts: RecoveryHosts, options: ThawOptions): Promise<ThawStatus> {
    const questions = options.questions ?? askHosts;
    const startSeconds = options.startSeconds ?? defaultStartSeconds;
    const looks = byProduct(hosts).map(
        ([product]) => new Host(product, hosts, { ...options, questions, startSeconds }),
    );
    const side = Promise.all(looks.map((host) => host.standing));
    const outcomes = await Promise.all(looks.map((host) => host.open(side)));
    if (outcomes.every((outcome) => outcome === "open")) {
        return 0;
    }
    // Retired beside what is left on purpose: a `serve` under way.
    const left = outcomes.includes("left") && stayersAre(await side) === "on purpose";
    return left && outcomes.every((outcome) => outcome !== "failed") ? 3 : 1;
}

type HostOptions = ThawOptions & { questions: Questions; startSeconds: number };

class Host {
    readonly standing: Promise<Standing>;
    private readonly seen: Promise<HostState | Reopened | undefined>;

    constructor(
        private readonly product: ProductId,
        private readonly hosts: RecoveryHosts,
        private readonly options: HostOptions,
    ) {
        this.seen = this.look();
        this.standing = this.seen.then((seen) => ({ kind: kindOf(seen), token: seen?.token ?? "" }));
    }

    /** Tells what it did. `side`: how all hosts stood; what does not stay does not wait for it. */
    async open(side: Promise<Standing[]>): Promise<Outcome> {
        try {
            const seen = await this.seen;
            return seen === undefined ? "failed" : await this.act(seen, side);
        } catch (error) {
            return this.fail(error);
        }
    }

    private async act(seen: HostState | Reopened, side: Promise<Standing[]>): Promise<Outcome> {
        switch (kindOf(seen)) {
            case "retired":
                return this.options.evenRetired ? this.revive(seen.token) : this.retired(seen);
            case "staying":
                return this.stayer(seen, side);
            default:
                return this.other(seen, side);
        }
    }

    private async other(seen: HostState | Reopened, side: Promise<Standing[]>): Promise<Outcome> {
        if ("side" in seen && (seen.side === "quarantined" || seen.side === "built")) {
            return this.say(
                "failed",
                `${seen.side}: made by this program, and users don't work on it; nothing to open`,
            );
        }
        const answer = "side" in seen ? await this.reopen(this.givesUp ? "open" : "leave") : seen;
        // It began to stay since it was looked at.
        return answer.state === "staying" ? this.stayer(answer, side) : this.tell(answer);
    }

    private async stayer(seen: HostState | Reopened, side: Promise<Standing[]>): Promise<Outcome> {
        const why = this.givesUp ? "given up" : stayersAre(await side);
        if (why === "on purpose" || why === "unclear") {
            const until = seen.until ? `, opens by itself at ${seen.until}` : "";
            const doubt = why === "unclear" ? "; whether the others do can't be asked" : "";
            return this.say(
                "left",
                `stays closed on purpose for capture ${seen.token || "(unnamed)"} since ${seen.since || "(unknown)"}${until}${doubt}. GIVE_UP=1 opens it all the same; its capture is then no final one any longer`,
            );
        }
        return this.tell(await this.reopen("open"));
    }

    /** `undefined`: it can't be asked, nor told anything. */
    private async look(): Promise<HostState | Reopened | undefined> {
        const { questions } = this.options;
        try {
            try {
                return await questions.state(this.hosts[this.product], this.product);
            } catch (error) {
                if (isLasting(error)) throw error;
                this.say("failed", `${(error as Error).message}; it is told to open all the same`);
                return await this.reopen(this.givesUp ? "open" : "leave", unseenSeconds);
            }
        } catch (error) {
            this.fail(error);
            return undefined;
        }
    }

    /** Who opens even a retired side does not leave one that only stays. */
    private get givesUp(): boolean {
        return this.options.giveUp === true || this.options.evenRetired === true;
    }

    private reopen(staying: "leave" | "open", most = Infinity): Promise<Reopened> {
        const { questions } = this.options;
        const startSeconds = Math.min(this.options.startSeconds, most);
        return questions.reopen(this.hosts[this.product], this.product, { staying, startSeconds });
    }

    private tell({ state, note, until }: Reopened): Outcome {
        const words = [state, note].filter(Boolean).join(", ");
        switch (state) {
            case "opened":
            case "open":
                return this.say("open", words);
            case "retired":
                return this.retired({ note });
            case "staying":
                return this.say("failed", `${words}: it was told to open, and stays${until ? ` until ${until}` : ""}`);
            case "down":
                return this.say("failed", words);
        }
    }

    private retired({ note, token }: { note?: string; token?: string }): Outcome {
        const capture = token ? ` since capture ${token}` : "";
        return this.say("retired", `retired, ${note || `another side serves${capture}`}`);
    }

    private async revive(token: string): Promise<Outcome> {
        const { questions, startSeconds } = this.options;
        // The host asks its product where it noted that it answers, which the hosts file need not know.
        await questions.revive(this.hosts[this.product], this.product, token, startSeconds);
        return this.say("open", "opened; it was retired: see that no user works on the other side any longer");
    }

    private fail(error: unknown): Outcome {
        return this.say(
            "failed",
            `could not be opened, and may be closed: ${(error as Error).message} On the host itself: ${byHand}`,
        );
    }

    private say(outcome: Outcome, words: string): Outcome {
        this.options.log(`${this.product} (${this.hosts[this.product].address}): ${words}`);
        return outcome;
    }
}

function kindOf(seen: HostState | Reopened | undefined): Standing["kind"] {
    if (seen === undefined) {
        return "unknown";
    }
    const word = "side" in seen ? seen.side : seen.state;
    return word === "staying" || word === "retired" ? word : "other";
}

/** A wrong key or user stays wrong, whatever is asked. */
function isLasting(error: unknown): boolean {
    return error instanceof ConnectionError ? !error.passing : error instanceof Refusal;
}
