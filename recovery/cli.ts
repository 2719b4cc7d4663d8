// What an operator (or a pipeline's always-job) runs when something went wrong: `make thaw`, `make recover`.
import { parseArgs } from "node:util";
import { Refusal } from "../logic/refusal";
import { readHostsFile } from "./hostsFile";
import { installedPulumi, recover } from "./recover";
import { thaw } from "./thaw";

const usage = `Usage:
  make thaw HOSTS=FILE [EVEN_RETIRED=1]
      Opens production: asks each host in FILE itself, and believes only a product that answers. Needs no state, no AWS, no passphrase.
      EVEN_RETIRED=1 opens a side that gave way to another; what users write there is lost.
  make recover STACK=NAME [HOSTS=FILE]
      After an \`up\` that died: thaws, ends what it left on this machine, takes its lock and half-done operations away.
Exit status 0 when production is open.`;

const log = (line: string) => console.log(line);

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            hosts: { type: "string" },
            stack: { type: "string" },
            "even-retired": { type: "boolean", default: false },
        },
    });
    const hosts = values.hosts ? readHostsFile(values.hosts) : undefined;
    const open = hosts && (() => thaw(hosts, { evenRetired: values["even-retired"], log }));
    if (positionals[0] === "thaw" && open) {
        return (await open()) ? 0 : 1;
    }
    if (positionals[0] === "recover" && values.stack) {
        const project = process.cwd();
        const done = await recover({ stack: values.stack, thaw: open, log, project, pulumi: installedPulumi(project) });
        return done ? 0 : 1;
    }
    console.error(usage);
    return 2;
}

main().then(
    (status) => process.exit(status),
    (error: Error) => {
        console.error(error instanceof Refusal ? error.message : error.stack);
        process.exit(1);
    },
);
