// EC2: requests that are judged and not carried out (`DryRun`): the nearest thing to trying a permission. Each changes nothing, whatever it is
// called: EC2 answers DryRunOperation where it would have been carried out (API reference, "Common request parameters").
import {
    AllocateAddressCommand,
    CreateSnapshotCommand,
    CreateVolumeCommand,
    CreateVpcCommand,
    RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { codeOf, firstLine, isOfCredentials } from "../answer";
import type { Cloud } from "../cloud";
import type { TriedPermission } from "../facts";
import type { JudgedRequest } from "./ec2Requests";

const DryRun = true;

export function triedRequests({ ec2 }: Cloud, requests: JudgedRequest[]): Promise<TriedPermission[]> {
    return Promise.all(requests.map((request) => tried(ec2, request)));
}

async function tried(client: Cloud["ec2"], request: JudgedRequest): Promise<TriedPermission> {
    const { action, on } = request;
    try {
        await send(client, request);
    } catch (error) {
        if (isOfCredentials(error)) {
            throw error;
        }
        return judged(request, codeOf(error), firstLine(error));
    }
    throw new Error(
        `${action} on ${on} was asked with DryRun and answered as if it had been carried out: look for what it made`,
    );
}

async function send(client: Cloud["ec2"], request: JudgedRequest): Promise<void> {
    switch (request.action) {
        case "ec2:CreateVpc":
            await client.send(new CreateVpcCommand({ ...request.input, DryRun }));
            break;
        case "ec2:CreateVolume":
            await client.send(new CreateVolumeCommand({ ...request.input, DryRun }));
            break;
        case "ec2:RunInstances":
            await client.send(new RunInstancesCommand({ ...request.input, DryRun }));
            break;
        case "ec2:AllocateAddress":
            await client.send(new AllocateAddressCommand({ ...request.input, DryRun }));
            break;
        case "ec2:CreateSnapshot":
            await client.send(new CreateSnapshotCommand({ ...request.input, DryRun }));
            break;
    }
}

function judged({ action, on, without }: JudgedRequest, code: string, message: string): TriedPermission {
    const says = `${code}: ${message}`;
    if (code === "DryRunOperation") {
        return { action, on, verdict: "allowed" };
    }
    if (code === "UnauthorizedOperation" && without !== undefined) {
        const why = `asked without ${without}, which the real request has: \`pulumi up\` makes them first, and policies may allow those alone`;
        return { action, on, verdict: "unclear", says: `${says}; ${why}` };
    }
    // An image of the Marketplace that nobody has subscribed to: the same request would fail for everybody.
    const isDenied = code === "UnauthorizedOperation" || code === "OptInRequired";
    return { action, on, verdict: isDenied ? "denied" : "unclear", says };
}
