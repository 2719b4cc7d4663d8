// `make account STACK=…`: whether an account has what a stack needs of it, before anything is built, and how long the procedures will take.
import { parseArgs } from "node:util";
import { Refusal } from "../logic/refusal";
import { askAccount } from "./ask";
import { cloudOf } from "./cloud";
import { askedStack } from "./settings";
import { tableOf, timesTable } from "./table";

const usage = `Usage:
  make account STACK=NAME [DATABASE_GIB=NUMBER] [JSON=1]
      Asks the AWS account of a stack for all that \`pulumi up\` needs of it: permissions, quotas, image, types and versions, keys, networks,
      records, production's volumes and servers. Reads only; asks no host; takes a minute or so. DATABASE_GIB: of each database that a
      capture dumps, for the times. JSON=1: for a program. Exit status:
        0  nothing is wrong (what can't be told may be)
        1  something is wrong, or the stack file or credentials are no good
        2  called wrongly
make itself answers 2 whatever a command's exit status was, if not 0.`;

async function main(): Promise<number> {
    const { values } = parseArgs({
        options: {
            stack: { type: "string" },
            "database-gib": { type: "string" },
            json: { type: "boolean", default: false },
        },
    });
    const dumpGib = values["database-gib"] === undefined ? undefined : Number(values["database-gib"]);
    if (!values.stack || (dumpGib !== undefined && !(dumpGib > 0))) {
        console.error(usage);
        return 2;
    }
    const stack = askedStack(values.stack, process.cwd(), process.env);
    // What a program reads has nothing else in it.
    const progress = (line: string) => console.error(line);
    const { findings, times } = await askAccount(stack, { cloud: cloudOf(stack), progress, dumpGib });
    if (values.json) {
        console.log(JSON.stringify({ findings, times }, null, 2));
    } else {
        const lines = ["", ...tableOf(findings), ...(times ? ["", ...timesTable(times)] : [])];
        lines.forEach((line) => console.log(line));
    }
    return findings.some(({ verdict }) => verdict === "wrong") ? 1 : 0;
}

main().then(
    (status) => process.exit(status),
    (error: Error) => {
        console.error(error instanceof Refusal ? error.message : error.stack);
        process.exit(1);
    },
);
