// The model's world where people lead the names (entryPoints/external.ts), each straight to a host's address: when they like, late, halfway, the
// wrong way. A run looks at the names at its end, and succeeds only when it sees all of them answer.
import { ExternalNames, foundExternal } from "../../../entryPoints/external";
import { isRight } from "../../../entryPoints/seenNames";
import type { FoundNames, SeenName } from "../../../logic/entryPoint";
import type { ServingPlan } from "../../../logic/serving";
import { perProduct, ProductId, productIds } from "../../../products";
import { localEndpoint, usualPort } from "../../../products/endpoints";
import { Failed, Host, isLive } from "./servingHosts";
import { World } from "./servingModel";
import { Up, Violation } from "./servingSides";
import { addressOf, Asked, names, published } from "./servingWorld";

const settings: ExternalNames = { names, scheme: "http", patienceMinutes: 1 };
const local = perProduct((product) => localEndpoint(`${product}.internal`, usualPort(product)));

export class ExternalWorld extends World {
    constructor(defect?: ConstructorParameters<typeof World>[0]) {
        super(defect);
        const known = Object.entries(published("listed")).map(([product, { name, value }]) => [
            product,
            { name, value },
        ]);
        this.lastServed = { ...this.lastServed, records: Object.fromEntries(known) };
    }

    /** Since the newest restore or an accepted loss: by users whom people had led to the new side once it was open, whatever was published. */
    private written = 0;

    override usersWrite(): void {
        super.usersWrite();
        this.written += this.of("new").filter(
            (host) =>
                host.serving !== undefined &&
                host.running &&
                this.zone[host.product] === addressOf("new", host.product),
        ).length;
    }

    override captureAndRestore(): void {
        const before = this.token;
        super.captureAndRestore();
        if (this.token !== before) this.written = 0;
    }

    override up(run: Up): ReturnType<World["up"]> {
        const result = super.up(run);
        if (run.serve === "listed" && run.forced && result !== "refused") this.written = 0;
        if (run.serve === "listed" && result === "done" && this.written > 0) {
            throw new Violation("what users wrote on a side that was open is lost, and nobody accepted that");
        }
        return result;
    }

    /** The window of its capture is over, also where no user comes by a name. */
    override reboot(host: Host): void {
        if (host.alive && host.staying !== undefined) this.interrupted = undefined;
        super.reboot(host);
    }

    /** A person leads a name without being asked, and whatever runs next has to answer for it. */
    lead(product: ProductId, side: "listed" | "new"): void {
        this.interrupted = undefined;
        this.zone[product] = addressOf(side, product);
    }

    protected override namesAsked(): Asked {
        const seen = perProduct((product) => this.seen(product));
        const found = foundExternal(settings, local, seen, async () => seen);
        return { names: this.defect === undefined ? found : this.broken(found, seen) };
    }

    private broken(found: FoundNames, seen: Record<ProductId, SeenName>): FoundNames {
        return {
            leadsTo: (side) =>
                this.defect === "people are thought to be only where names lead now"
                    ? side.hosts.some(({ product, publicAddress }) => seen[product].addresses.includes(publicAddress))
                    : found.leadsTo(side),
            plan: (move) => {
                const plan = found.plan(move);
                return this.defect === "a name that was moved once is not looked at again"
                    ? { ...plan, away: false }
                    : plan;
            },
        };
    }

    private seen(product: ProductId): SeenName {
        const host = this.hosts.find(
            (one) => addressOf(one.side, product) === this.zone[product] && one.product === product,
        )!;
        const answer = !host.alive
            ? { problem: "timed out" }
            : host.running
              ? { status: 200 }
              : host.masked
                ? { problem: "ECONNREFUSED", refused: true }
                : { status: 503 };
        return { addresses: [this.zone[product]], answers: [answer] };
    }

    protected override leadNames({ moving }: ServingPlan, { serve, people }: Up): void {
        if (!moving) return;
        productIds.forEach((product, index) => {
            const side = people ? people[index] : serve;
            if (side) this.step(() => (this.zone[product] = addressOf(side, product)));
        });
        const other = serve === "listed" ? "new" : "listed";
        const wrong = productIds.filter(
            (product) =>
                !isRight({ made: serve === "new", elsewhere: [addressOf(other, product)] }, this.seen(product)),
        );
        this.step(() => undefined);
        if (wrong.length > 0 && this.defect !== "nobody waits for the names") {
            throw new Failed(`${wrong.join()} led elsewhere`);
        }
    }

    /** Once a side was open, a person may have led users there and back. */
    protected override isUnused(copy: Host): boolean {
        const led = this.zone[copy.product] === addressOf(copy.side, copy.product);
        return super.isUnused(copy) && copy.serving === undefined && !led;
    }

    /** What answers nothing can't be told from one that is led elsewhere, and is moved by nobody. */
    protected override mustLead(host: Host): boolean {
        return isLive(host);
    }
}
