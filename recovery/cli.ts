// What an operator (or a pipeline's always-job) runs when something went wrong: `make state`, `make thaw`, `make recover`; and, while all is
// well, `make hosts`, which writes the file that they need.
import { parseArgs } from "node:util";
import { Refusal } from "../logic/refusal";
import { readHostsFile, readHostsFiles } from "./hostsFile";
import { installedPulumi, recover } from "./recover";
import { statuses } from "./standing";
import { tellState } from "./state";
import { thaw, thawStatuses, ThawStatus } from "./thaw";
import { writeHosts } from "./writeHosts";

const usage = `Usage:
  make hosts STACK=NAME KEY=FILE [OUT=FILE] [FORCE=1]
      Writes the hosts file of a stack's side, while all is well: of a production stack the hosts that posit:current lists (or the outputs
      of the stack that it names), as hosts.yaml; of an environment its own, as hosts-NAME.yaml. KEY is where the private key lies; the
      path is written, never the key. A file that differs is written over with FORCE=1 only.
  make state HOSTS=FILE[,FILE] [JSON=1]
      Tells who serves: asks every host of every file (one file a side) at once. Reads only. JSON=1: for a program. Exit status:
${listed(statuses)}
  make thaw HOSTS=FILE [GIVE_UP=1] [EVEN_RETIRED=1]
      Opens production: asks the hosts in FILE all at once, and believes only a product that answers. Opens what a broken window left
      closed. Needs no state, no AWS, no passphrase. What stays closed on purpose (a final capture whose every host stays, a serve
      under way) it leaves, and says until when; GIVE_UP=1 opens that too, and its capture is no final one any longer.
      EVEN_RETIRED=1 opens a side that gave way to another; what users write there is lost. Exit status:
${listed(thawStatuses)}
  make recover STACK=NAME [HOSTS=FILE]
      After an \`up\` that died: looks whether a run of the stack still goes on here (then it touches nothing, exit status 1); ends what
      the dead one left on this machine, thaws, takes its lock and half-done operations away. Exit status as make thaw; 0 without HOSTS.
      It sees runs on this machine only. Was it a pipeline's, or a colleague's, look there first: one that goes on is left to end, or
      ended there (Ctrl-C, the pipeline's cancel), which opens production. What it leaves closed make thaw opens from anywhere; pulumi
      cancel, and this command, only when nobody runs that stack any more.
make itself answers 2 whatever a command's exit status was, if not 0. The last line has it, JSON=1 has it as \`status\`, and so has
\`npm run --silent recovery -- state --hosts FILE,FILE [--json]\` (thaw --hosts FILE [--give-up] [--even-retired]; recover; hosts).`;

function listed(meanings: Record<number, string>): string {
    return Object.entries(meanings)
        .map(([status, words]) => `        ${status}  ${words}`)
        .join("\n");
}

/** The exit status, in words too, as `make` does not hand it on. */
function told(status: ThawStatus | undefined): number {
    if (status !== undefined) log(`status ${status}: ${thawStatuses[status]}`);
    return status ?? 0;
}

const log = (line: string) => console.log(line);

async function main(): Promise<number> {
    const { values, positionals } = parseArgs({
        allowPositionals: true,
        options: {
            hosts: { type: "string" },
            stack: { type: "string" },
            out: { type: "string" },
            key: { type: "string" },
            force: { type: "boolean", default: false },
            json: { type: "boolean", default: false },
            "even-retired": { type: "boolean", default: false },
            "give-up": { type: "boolean", default: false },
        },
    });
    const project = process.cwd();
    const { hosts, stack, json } = values;
    const open = hosts
        ? (): Promise<ThawStatus> => {
              const file = readHostsFile(hosts);
              const given = { evenRetired: values["even-retired"], giveUp: values["give-up"] };
              return thaw(file.hosts, { ...given, log, startSeconds: file.startSeconds });
          }
        : undefined;
    switch (positionals[0]) {
        case "hosts":
            if (!stack) break;
            await writeHosts({ ...values, stack, project, pulumi: installedPulumi(project), log });
            return 0;
        case "state":
            if (!hosts) break;
            return tellState(readHostsFiles(hosts), { json, log });
        case "thaw":
            if (!open) break;
            return told(await open());
        case "recover":
            if (!stack) break;
            if (hosts) readHostsFile(hosts); // its problems come before anything is touched
            return told(await recover({ stack, thaw: open, log, project, pulumi: installedPulumi(project) }));
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
