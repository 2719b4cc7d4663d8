// Stands in for the `command` provider where the real plugin can't be had: remote.Command with the real one's semantics
// (pulumi-command v1.2.1, provider/pkg/provider/remote): no diff, nothing runs; any changed input runs `update`, or `create` again
// without one; triggers replace; a failing command shows its text and all it printed.
import { ResourceType } from "../providerKit/resource";
import { serve } from "../providerKit/serve";
import { Properties } from "../providerKit/values";
import { Connection, runRemote } from "./remote";

async function run(command: unknown, inputs: Properties): Promise<Properties> {
    const result = await runRemote(inputs.connection as Connection, String(command), {
        stdin: inputs.stdin as string | undefined,
        environment: inputs.environment as Record<string, string> | undefined,
    });
    if (result.exitCode !== 0) {
        throw new Error(
            `Process exited with status ${result.exitCode}: running "${String(command)}":\n${result.stdout}${result.stderr}`,
        );
    }
    return { stdout: result.stdout.replace(/\n$/, ""), stderr: result.stderr.replace(/\n$/, "") };
}

const remoteCommand: ResourceType = {
    forceNew: ["triggers"],
    computed: ["stdout", "stderr"],
    create: async (inputs) => {
        const outputs = inputs.create === undefined ? { stdout: "", stderr: "" } : await run(inputs.create, inputs);
        return { id: `cmd-${Math.random().toString(16).slice(2, 14)}`, outputs };
    },
    update: async (_id, inputs, outputs) => {
        const command = inputs.update ?? inputs.create;
        return command === undefined ? { stdout: outputs.stdout, stderr: outputs.stderr } : await run(command, inputs);
    },
    delete: async (_id, outputs) => {
        if (outputs.delete !== undefined) {
            await run(outputs.delete, outputs);
        }
    },
};

serve({ name: "command", version: "1.2.1", resources: { "command:remote:Command": remoteCommand }, invokes: {} });
