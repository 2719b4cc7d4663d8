// A cloud on a socket of its own that answers what it is told to answer, whatever it was asked for; and what the engine would ask a provider.
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import * as proto from "@pulumi/pulumi/proto/provider_pb";
import { Provider } from "../../../../lab/providerKit/serve";
import type { ResourceType } from "../../../../lab/providerKit/resource";
import { fromStruct, Properties, toStruct } from "../../../../lab/providerKit/values";

export interface Call {
    action: string;
    request: Properties;
    by?: string;
}

/** An answer, or a refusal with a code. */
export type Answering = (call: Call) => object | { code: string; message: string };

export interface PlayedCloud {
    calls: Call[];
    answering: Answering;
    stop(): Promise<void>;
}

/** Every call of the provider comes here until it is stopped. */
export async function playCloud(answering: Answering): Promise<PlayedCloud> {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "played-cloud-"));
    const before = process.env.POSIT_LAB_CLOUD;
    const played: PlayedCloud = {
        calls: [],
        answering,
        async stop() {
            await new Promise((resolve) => server.close(resolve));
            fs.rmSync(folder, { recursive: true });
            if (before === undefined) delete process.env.POSIT_LAB_CLOUD;
            else process.env.POSIT_LAB_CLOUD = before;
        },
    };
    const server = http.createServer((request, response) => {
        let text = "";
        request.on("data", (chunk: Buffer) => (text += chunk.toString()));
        request.on("end", () => {
            const call = JSON.parse(text) as Call;
            const isTiming = call.action === "DescribeTiming";
            if (!isTiming) played.calls.push(call);
            const answer = isTiming ? { mode: "fast" } : played.answering(call);
            response.writeHead("code" in answer ? 400 : 200, { connection: "close" });
            response.end(JSON.stringify(answer));
        });
    });
    process.env.POSIT_LAB_CLOUD = path.join(folder, "cloud.sock");
    await new Promise<void>((resolve) => server.listen(process.env.POSIT_LAB_CLOUD, resolve));
    return played;
}

const urn = (token: string): string => `urn:pulumi:dev::p::${token}::x`;

/** The outputs that the engine would take into its state. */
export async function created(token: string, type: ResourceType, inputs: Properties): Promise<Properties> {
    const request = new proto.CreateRequest();
    request.setUrn(urn(token));
    request.setProperties(toStruct(inputs));
    const answer = await providerOf(token, type).create(request);
    return fromStruct(answer.getProperties()).values;
}

export async function refreshed(
    token: string,
    type: ResourceType,
    id: string,
    state: { inputs: Properties; outputs: Properties },
): Promise<Properties> {
    const request = new proto.ReadRequest();
    request.setUrn(urn(token));
    request.setId(id);
    request.setInputs(toStruct(state.inputs));
    request.setProperties(toStruct(state.outputs));
    const answer = await providerOf(token, type).read(request);
    return fromStruct(answer.getProperties()).values;
}

export async function updated(
    token: string,
    type: ResourceType,
    id: string,
    state: { inputs: Properties; outputs: Properties },
): Promise<Properties> {
    const request = new proto.UpdateRequest();
    request.setUrn(urn(token));
    request.setId(id);
    request.setNews(toStruct(state.inputs));
    request.setOldInputs(toStruct(state.inputs));
    request.setOlds(toStruct(state.outputs));
    const answer = await providerOf(token, type).update(request);
    return fromStruct(answer.getProperties()).values;
}

const providerOf = (token: string, type: ResourceType): Provider =>
    new Provider({ name: "aws", version: "0", resources: { [token]: type }, invokes: {} });
