// The only place that makes `remote.Command`. A command's program, with its variables and secrets, goes by stdin:
// a failing command prints its text (pulumi-command, commandOutputs.go), and this text is only a label.
import * as command from "@pulumi/command";
import * as pulumi from "@pulumi/pulumi";
import { createHash } from "node:crypto";
import { ports } from "../logic/ports";
import { reveal } from "../logic/secret";
import { connect, HostAddress } from "../remote/connection";
import { parseAnswer } from "../remote/answer";
import { HostLayout, labelOf, renderScript, ScriptRequest } from "../remote/script";
import { AnswerOf, entryOf, Given, ProductOf, ScriptName, VariablesOf } from "../remote/scripts";
import { asIs } from "./secrets";

/** For `ignoreChanges` of a command that stands: nobody dials its host, whatever became of program, key and address. */
export const everyInput = [
    "connection",
    "create",
    "update",
    "delete",
    "stdin",
    "triggers",
    "environment",
    "logging",
    "addPreviousOutputInEnv",
];

/** A command on a host, as a resource. */
export type HostCommand = command.remote.Command;

/** One whose answer is read (`answerOf`). */
export interface Asked<S extends ScriptName> {
    script: S;
    name: string;
    command: HostCommand;
}

export interface RunnerArgs {
    /** How to reach the host; `hostKey` is required, so no command ever talks to a stranger. */
    target: pulumi.Input<HostAddress>;
    /** The instance the commands live and die with: when it goes, no command dials a dead machine. Absent for hosts this stack does not own. */
    host?: pulumi.Resource;
    /** How the host differs from its product's description. */
    layout?: HostLayout;
    /** What must have happened before any command of this runner, for example the host's first boot. */
    dependsOn?: pulumi.Resource[];
}

/** What the register says that the script is given; secrets among its variables stay secret. */
export type RunArgs<S extends ScriptName> = RunOptions<S> &
    ProductOf<S> &
    Given<{ [K in keyof VariablesOf<S>]: pulumi.Input<VariablesOf<S>[K]> }>;

interface RunOptions<S extends ScriptName> {
    script: S;
    /**
     * The engine runs a command again whenever its program or a variable changes. "idempotent" scripts then do their work again;
     * "once" scripts only when a trigger changed, and otherwise give their last answer (run_once in hosts/lib/once.sh), so that
     * a rotated key or a mended script never repeats a migration.
     */
    repeat: "idempotent" | "once";
    /** The command is replaced, that is run anew, when one of these changes. */
    triggers?: pulumi.Input<unknown>[];
}

/** Failed dials that are forgiven. A new host refuses connections for as long as it boots, and refused ones use up tries fast. */
const patience = { booting: 60, standing: 3 };

/** The `connection` of a command, from the address that the live connection uses too. */
function toConnection(target: HostAddress, dialErrorLimit: number): command.types.input.remote.ConnectionArgs {
    const { bastion } = target;
    return {
        host: target.address,
        port: target.port ?? ports.ssh,
        user: target.user,
        privateKey: reveal(target.privateKey),
        hostKey: target.hostKey,
        dialErrorLimit,
        perDialTimeout: 10,
        ...(bastion && {
            proxy: {
                host: bastion.address,
                port: bastion.port ?? ports.ssh,
                user: bastion.user,
                privateKey: reveal(bastion.privateKey ?? target.privateKey),
                hostKey: bastion.hostKey,
            },
        }),
    };
}

export class Runner {
    constructor(private readonly args: RunnerArgs) {}

    /** As `run`, for one whose answer is read. */
    ask<S extends ScriptName>(name: string, run: RunArgs<S>, opts?: pulumi.CustomResourceOptions): Asked<S> {
        return { script: run.script, name, command: this.run(name, run, opts) };
    }

    /** Registers one command; its stdout is what the script answered, one line of JSON. */
    run<S extends ScriptName>(name: string, run: RunArgs<S>, opts: pulumi.CustomResourceOptions = {}): HostCommand {
        const { actions, confidential } = entryOf(run.script);
        const label = labelOf(run);
        const create = commandText(label, actions?.create);
        const dialErrorLimit = this.args.host ? patience.booting : patience.standing;
        const { layout } = this.args;
        const stdin = pulumi
            .all([pulumi.output<unknown>(run.variables), pulumi.all(run.triggers ?? [])])
            .apply(([variables, triggers]) => {
                const once = run.repeat === "once" ? { name, key: keyOf(triggers), undo: actions?.delete } : undefined;
                // The inputs of `run` with the values that they came to.
                return renderScript({
                    ...{ script: run.script, product: run.product },
                    ...{ layout, variables, once },
                } as ScriptRequest<S>);
            });
        return new command.remote.Command(
            name,
            {
                connection: pulumi.secret(
                    asIs(this.args.target).apply((target) => toConnection(target, dialErrorLimit)),
                ),
                create,
                update: create,
                delete: actions && commandText(label, actions.delete),
                stdin,
                triggers: run.triggers,
                addPreviousOutputInEnv: false, // needs AcceptEnv on the host, and nothing reads it
                // The engine keeps stdout in state; streaming it as well would only show it twice.
                logging: confidential ? command.remote.Logging.None : command.remote.Logging.Stderr,
            },
            pulumi.mergeOptions(
                {
                    deletedWith: this.args.host,
                    dependsOn: this.args.dependsOn,
                    // Otherwise a replacement would run first and the old command's `delete` afterwards.
                    deleteBeforeReplace: true,
                    additionalSecretOutputs: confidential ? ["stdout", "stderr"] : undefined,
                    hooks: { onError: [explainUnreachable(name, this.args.target)] },
                },
                opts,
            ),
        );
    }

    /** A runner of the same host that knows how it differs from its product's description. */
    on(layout: HostLayout): Runner {
        return new Runner({ ...this.args, layout });
    }

    /** A runner of the same host whose commands wait for more. */
    after(...resources: pulumi.Resource[]): Runner {
        return new Runner({ ...this.args, dependsOn: [...(this.args.dependsOn ?? []), ...resources] });
    }
}

/** A host that could not be dialled is dialled once more by the live connection, which can tell what to look at. */
function explainUnreachable(name: string, target: pulumi.Input<HostAddress>): pulumi.ErrorHook {
    return new pulumi.ErrorHook(`${name}-unreachable`, async ({ errors }) => {
        if (errors.some((error) => /failed attempts|\bdial\b|handshake/i.test(error))) {
            const address = await new Promise<HostAddress>((resolve) => asIs(target).apply(resolve));
            await connect(address).then(
                (connection) => connection.close(),
                (error: Error) => pulumi.log.error(error.message),
            );
        }
        return false;
    });
}

function keyOf(triggers: unknown[]): string {
    return createHash("sha256").update(JSON.stringify(triggers)).digest("hex");
}

function commandText(label: string, action?: string): string {
    return ["sudo -n bash -s --", label, action].filter(Boolean).join(" ");
}

/** What a script answered, parsed by the register's schema. */
export function answerOf<S extends ScriptName>({
    script,
    name,
    command: result,
}: Asked<S>): pulumi.Output<AnswerOf<S>> {
    return result.stdout.apply((text) => parseAnswer(script, name, text));
}
