// A played installation that outlives its runs: production and the new environment are hosts behind real SSH, the cloud keeps what was
// requested, stacks keep their last outputs. So a whole procedure goes through index.ts, commit by commit, and each stack reads what the other
// one really published. Nothing happens on hosts: they say what they would after the commands that were registered.
import * as pulumi from "@pulumi/pulumi";
import type { Inventory } from "../../contract/production";
import { captureTagNames } from "../../logic/names";
import { perProduct, ProductId, productIds, products } from "../../products";
import { urlOf } from "../../products/endpoint";
import { secretsOf } from "../unit/config/samples";
import { networkThere, PlayedCloud } from "./playedCloud";
import { PlayedBalancer, playedBalancer } from "./playedBalancer";
import { PlayedNetwork, playedNetwork } from "./playedNetwork";
import { Shape } from "./shapes";
import { Ran, runStack } from "./stackRun";
import { Changes, filledTemplate } from "./templates";
import { inventory as readInventory } from "./world";

type Side = "old" | "new";
interface Stand {
    side: string;
    token: string;
}

const oldId = (product: ProductId) => `i-0a1b2c3d4e5f6789${productIds.indexOf(product)}`;
const addressOf = (side: Side, product: ProductId) =>
    `10.${side === "old" ? "1.0" : "20.1"}.${10 + productIds.indexOf(product)}`;
const hour = 3_600_000;

export interface Outputs {
    contract: Record<string, unknown>;
    secrets: Record<string, unknown>;
}

/** As a stack file has it, open to the template's ranges. */
export const existingNetwork = {
    existing: networkThere,
    operatorCidrs: ["10.8.0.0/24"],
    userCidrs: ["10.9.0.0/16"],
    packageCidrs: ["10.7.0.10/32"],
};

export class Installation {
    readonly cloud: PlayedCloud;
    /** What each stack published last. */
    published: Record<string, Outputs> = {};
    /** What a production host's inventory says beside what all do. */
    says: Partial<Record<ProductId, Partial<Inventory>>> = {};
    /** What leads the names, where that is no zone. */
    balancer?: PlayedBalancer;
    private network!: PlayedNetwork;
    private readonly stands: Record<Side, Record<ProductId, Stand>>;
    /** Tokens whose window was, in their order. */
    private readonly windows: { token: string; reopen: boolean }[] = [];
    private captures: { token: string; reopen: boolean }[] = [];
    private restore = "";

    private constructor(
        private readonly shape: Shape,
        /** Beside the shape: how RDS keeps backups. */
        backupDays: number,
    ) {
        this.cloud = new PlayedCloud((tags) => this.at(tags[captureTagNames.token], 2));
        this.cloud.servers["acme-db"] = backupDays;
        this.stands = {
            old: perProduct(() => ({ side: "serving", token: "" })),
            new: perProduct(() => ({ side: "built", token: "" })),
        };
        for (const product of productIds) this.cloud.records[nameOf(product)] = addressOf("old", product);
    }

    /** @param external a load balancer of the company's own leads the names, and people lead it where they are asked to. */
    static async of(shape: Shape, { backupDays = 7, external = false } = {}): Promise<Installation> {
        const made = new Installation(shape, backupDays);
        const sides = ["old", "new"] as const;
        const hosts = sides.flatMap((side) =>
            productIds.map((product) => [
                addressOf(side, product),
                (script: string, program: string) => made.answer(side, product, script, program),
            ]),
        );
        if (external) {
            made.balancer = await playedBalancer(nameOf, (side, product) => made.stands[side][product].side);
        }
        made.network = await playedNetwork(Object.fromEntries(hosts) as Parameters<typeof playedNetwork>[0]);
        return made;
    }

    stop(): void {
        this.network.stop();
        this.balancer?.stop();
    }

    /** What `pulumi up` makes of the template, filled in for this installation and with a commit's changes; its outputs stay when it succeeds. */
    async up(stack: "staging" | "prod", changes: Changes = {}, { preview = false } = {}): Promise<Ran> {
        const whole = { ...(stack === "prod" ? this.production() : this.environment()), ...changes };
        if (stack === "prod") this.captures = (whole["posit:captures"] ?? []) as typeof this.captures;
        this.restore = String(whole["posit:restore"] ?? "");
        const ran = await runStack({
            stack,
            text: filledTemplate(stack, whole, secretsOf[stack]),
            published: this.published,
            answer: (args) => this.made(args),
            lookup: this.cloud.lookup,
            preview,
        });
        if (ran.refused === undefined && !preview) {
            this.published = { ...this.published, [stack]: await plainly(ran.recording.outputs) };
        }
        return ran;
    }

    private production(): Changes {
        const { bastion, hostKey } = this.network;
        const { volumes, databases, sharedHomes } = this.shape;
        return {
            "posit:ssh.bastion": bastion,
            "posit:current": perProduct((product) => ({
                instanceId: oldId(product),
                address: addressOf("old", product),
                hostKey,
                dataVolumes: volumes[product],
                databases: [databases[product]],
            })),
            ...(sharedHomes && { "posit:sharedHomes": sharedHomes }),
            ...(this.balancer && { "posit:entryPoints": this.balancer.entryPoints }),
        };
    }

    private environment(): Changes {
        return {
            "posit:ssh.bastion": this.network.bastion,
            ...(this.shape.sharedHomes && { "posit:network.storageCidrs": ["10.7.1.0/24"] }),
            // The balancer answers all three at a port of its own; the new hosts have one too.
            ...(this.balancer && {
                "posit:names": perProduct((product) =>
                    urlOf({ scheme: "http", host: nameOf(product), port: Number(this.balancer?.entryPoints.port) }),
                ),
                "posit:front": "10.9.0.20",
            }),
        };
    }

    // ---- what the cloud and the hosts make of registrations ----

    private made(args: pulumi.runtime.MockResourceArgs): { id: string; state: Record<string, unknown> } {
        const [, script, word] = /^sudo -n bash -s -- ([\w-]+):?(\w*)/.exec(String(args.inputs.create ?? "")) ?? [];
        if (script !== undefined) {
            const product = productIds.find((id) => id === word) ?? "packageManager";
            return {
                id: `${args.name}-id`,
                state: { ...args.inputs, stdout: this.ran(script, product, args), stderr: "" },
            };
        }
        if (args.type === "aws:ec2/instance:Instance") {
            const product = productIds.find((id) => args.name === `${products[id].slug}-instance`)!;
            return { id: `i-new-${product}`, state: { ...args.inputs, privateIp: addressOf("new", product) } };
        }
        const token = (args.inputs.tags as Record<string, string> | undefined)?.[captureTagNames.token];
        if (token !== undefined && args.type.endsWith("napshot:Snapshot") && !args.id) this.closed(token);
        return this.cloud.make(args);
    }

    private ran(script: string, product: ProductId, { name, inputs }: pulumi.runtime.MockResourceArgs): string {
        switch (script) {
            case "quarantine":
                this.stands.new[product] = { side: "quarantined", token: this.restore };
                return "{}";
            case "serve": {
                const stands = this.stands[name.includes("i-new-") ? "new" : "old"];
                const sides: Record<string, string> = {
                    retire: "retired",
                    close: "quarantined",
                    open: "serving",
                    revive: "serving",
                };
                const [action] = inputs.triggers as string[];
                stands[product] = { ...stands[product], side: sides[action] ?? stands[product].side };
                return "{}";
            }
            case "record":
                return JSON.stringify(this.marker(product, this.windows[this.windows.length - 1].token));
            default:
                return JSON.stringify(this.said(script, product));
        }
    }

    private said(script: string, product: ProductId): object {
        const database = this.shape.databases[product];
        const provider = database.kind === "sqlite" ? "sqlite" : "postgres";
        const answers: Record<string, object> = {
            hostkey: { hostKey: this.network.hostKey },
            check: { product, checks: [{ name: "health", passed: true, detail: "" }] },
            repair: { token: "t", counts: {} },
            secrets: { files: [], key: null, passwords: [] },
            inventory: { ...readInventory(product), databases: [{ role: "main", provider }], ...this.says[product] },
        };
        return answers[script] ?? {};
    }

    private answer(side: Side, product: ProductId, script: string, program: string): object | Error {
        const { side: stands, token } = this.stands[side][product];
        const down = stands !== "serving";
        switch (script) {
            case "state":
                return {
                    ...{ product, host: product, side: stands, state: "", token, since: "", timers: [] },
                    ...{
                        until: stands === "staying" ? later() : "",
                        answering: !down,
                        running: down ? [] : ["unit active"],
                    },
                };
            case "record":
                return this.marker(product, /^TOKEN='([^']*)'$/m.exec(program)?.[1] ?? "");
            case "changes":
                return { product, since: "", files: 2, examples: ["/var/lib/x"] };
            default:
                return new Error(`${side} ${product} was asked for ${script}`);
        }
    }

    // ---- windows ----

    /** The hosts were closed for this token, and ended as its configuration says. */
    private closed(token: string): void {
        const { reopen } = this.captures.find((capture) => capture.token === token)!;
        if (this.windows.some((window) => window.token === token)) return;
        this.windows.push({ token, reopen });
        if (!reopen) this.stands.old = perProduct(() => ({ side: "staying", token }));
    }

    /** Each window an hour after the one before it, all of them lately. */
    private at(token: string | undefined, seconds: number): string {
        const number = Math.max(
            0,
            this.windows.findIndex((window) => window.token === token),
        );
        const whole = Math.floor(started / 1000) * 1000;
        return new Date(whole + number * 0.1 * hour + seconds * 1000).toISOString();
    }

    private marker(product: ProductId, token: string): object {
        const window = this.windows.find((one) => one.token === token);
        if (!window) {
            return { token, product, state: "absent" };
        }
        const at = (seconds: number) => this.at(token, seconds);
        const taken = this.cloud.snapshots.filter(({ tags }) => tags[captureTagNames.token] === token);
        const snapshots = Object.fromEntries(taken.map(({ source, id }) => [source, id]));
        const onServers = Object.values(this.shape.databases).some(({ server }) => server !== undefined);
        const moment = onServers && snapshots["acme-db"] === undefined ? { pointInTime: at(1) } : {};
        const ended = window.reopen
            ? { state: "open", thawingAt: at(3), openedBy: "complete", openedAt: at(4), health: "ok" }
            : { state: "staying", stayingSince: at(3), stayUntil: later() };
        return {
            ...{ token, product, closedAt: at(0), stoppedAt: at(0), frozenAt: at(1), quiet: { units: "inactive" } },
            ...{ notes: { snapshots, ...moment }, ...ended, ...this.carried(product) },
        };
    }

    private carried(product: ProductId): object {
        const { kind } = this.shape.databases[product];
        const engineVersion = "15";
        return kind === "local"
            ? { databases: [{ role: "main", method: "folder", path: "/var/lib/postgresql/15/main", engineVersion }] }
            : kind === "external"
              ? {
                    databases: [
                        {
                            role: "main",
                            method: "dump",
                            path: `${products[product].dataMounts[0]}/.posit-capture/x.dump`,
                            engineVersion,
                        },
                    ],
                }
              : {};
    }
}

const started = Date.now() - hour;
const later = () => new Date(Date.now() + 5 * hour).toISOString();
/** As the template has them, filled in. */
const nameOf = (product: ProductId) => `${product === "packageManager" ? "packages" : product}.acme.com`;

/** As the engine keeps them. */
async function plainly(outputs: Record<string, unknown>): Promise<Outputs> {
    const value = await new Promise((resolve) => pulumi.output(outputs).apply(resolve));
    return JSON.parse(JSON.stringify(value)) as Outputs;
}
