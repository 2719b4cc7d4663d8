// What an operator runs when something went wrong, as `make` runs it: a process of its own, with a hosts file and nothing else to go by.
import * as fs from "node:fs";
import * as path from "node:path";
import { stringify } from "yaml";
import { productIds } from "../../../products/ids";
import { checkout, labFolder } from "../../paths";
import { say } from "../../progress";
import { engineFolder, engineEnvironment, projectFolder } from "../../project";
import { type HostsOf, newHosts, oldHosts } from "../../rehearse/proofs/hostFacts";
import { run } from "../../run";
import type { Bench } from "./bench";

export interface Answer {
    code: number;
    text: string;
    seconds: number;
}

export interface Bastion {
    address: string;
    port: number;
    user: string;
    hostKey: string;
}

const folder = path.join(labFolder, "operator");
/** A command that hangs is ended, and what it had said by then is its answer. */
const patienceSeconds = 180;

/** Writes a hosts file as docs/runbook.md shows it; answers its path. */
function hostsFile(name: string, hosts: HostsOf, bastion?: Bastion): string {
    const file = path.join(folder, `${name}.yaml`);
    const { user, privateKey } = hosts.connect;
    fs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    fs.writeFileSync(path.join(folder, `${name}.key`), privateKey, { mode: 0o600 });
    const entries = productIds.map((product) => {
        const { address, hostKey } = hosts[product];
        return [product, { address, hostKey }];
    });
    const text = { user, privateKeyFile: `${name}.key`, bastion, hosts: Object.fromEntries(entries) as object };
    fs.writeFileSync(file, stringify(text));
    return file;
}

const oldFile = ({ facts }: Bench, bastion?: Bastion): string => hostsFile("old", oldHosts(facts), bastion);

async function recovery(...args: string[]): Promise<Answer> {
    const began = Date.now();
    const program = ["--require", "ts-node/register/transpile-only", path.join(checkout, "recovery/cli.ts")];
    const { code, stdout, stderr } = await run("node", [...program, ...args], {
        cwd: projectFolder,
        env: { ...engineEnvironment(), PATH: `${await engineFolder()}:${process.env.PATH}` },
        timeoutSeconds: patienceSeconds,
        log: "operator",
    });
    const text = `${stdout}\n${stderr}`.trim();
    const seconds = (Date.now() - began) / 1000;
    say(`    ${args[0]} (${seconds.toFixed(1)} s, exit status ${code}):`);
    for (const line of text.split("\n").slice(0, 25)) say(`      ${line.slice(0, 200)}`);
    return { code, text, seconds };
}

export interface ThawOptions {
    giveUp?: boolean;
    evenRetired?: boolean;
    bastion?: Bastion;
}

/** `make thaw HOSTS=… [GIVE_UP=1] [EVEN_RETIRED=1]` */
export function makeThaw(bench: Bench, { giveUp, evenRetired, bastion }: ThawOptions = {}): Promise<Answer> {
    const flags = [...(giveUp ? ["--give-up"] : []), ...(evenRetired ? ["--even-retired"] : [])];
    return recovery("thaw", "--hosts", oldFile(bench, bastion), ...flags);
}

/** `make recover STACK=prod HOSTS=…` */
export function makeRecover(bench: Bench): Promise<Answer> {
    return recovery("recover", "--stack", bench.stacks.prod.name, "--hosts", oldFile(bench));
}

/** `make recover STACK=staging`: no host of an environment is to be opened. */
export function recoverEnvironment(stack: string): Promise<Answer> {
    return recovery("recover", "--stack", stack);
}

/** `make state HOSTS=old.yaml,new.yaml`: 0 exactly one side serves, 3 closed on purpose, 4 closed otherwise, 5 both or none, 1 could not ask. */
export function makeState(bench: Bench): Promise<Answer> {
    const fresh = hostsFile("new", newHosts(bench, bench.facts.sshPrivateKey));
    return recovery("state", "--hosts", `${oldFile(bench)},${fresh}`);
}
