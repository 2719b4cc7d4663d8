// Asks the one-machine cloud to do something: JSON over its unix socket.
import * as http from "node:http";
import { cloudSocket } from "../paths";
import { operationOf } from "./operations";
import { CloudError, noIdentity } from "./api";
import type { Action, Request, Response } from "./api";

/** The call may have been worked on: whoever asks again may do it twice. */
export class AnswerLost extends Error {}

/** @param by whose credentials it is: the provider's may be refused where the bench's own are not. */
export async function callCloud<A extends Action>(
    action: A,
    request: Request<A>,
    socketPath: string = process.env.POSIT_LAB_CLOUD ?? cloudSocket,
    by?: "provider",
): Promise<Response<A>> {
    const { status, text } = await post(socketPath, JSON.stringify({ action, request, by }));
    const answer = JSON.parse(text) as Response<A> & { code?: string; message?: string; givenUp?: boolean };
    if (status !== 200) {
        const code = answer.code ?? "InternalError";
        const { service, operation } = operationOf(action, request);
        // As AWS's SDK words it: what reads a provider's errors finds the code there, and only there.
        const where = code === noIdentity ? code : `https response error StatusCode: ${status}, api error ${code}`;
        const message = `operation error ${service}: ${operation}, ${where}: ${answer.message ?? text}`;
        throw new CloudError(code, message, answer.givenUp);
    }
    return answer;
}

function post(socketPath: string, body: string): Promise<{ status: number; text: string }> {
    return new Promise((resolve, reject) => {
        const request = http.request(
            {
                socketPath,
                method: "POST",
                path: "/",
                headers: { "content-type": "application/json", "content-length": Buffer.byteLength(body) },
                agent: false,
            },
            (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("end", () =>
                    resolve({ status: response.statusCode ?? 0, text: Buffer.concat(chunks).toString() }),
                );
                response.on("error", reject);
            },
        );
        request.on("error", (error: NodeJS.ErrnoException) =>
            reject(
                error.code === "ECONNRESET"
                    ? new AnswerLost(`the connection ended before the answer: ${error.message}`)
                    : new Error(
                          `The lab's cloud doesn't answer on ${socketPath} (${error.message}). Is the lab started?`,
                      ),
            ),
        );
        request.end(body);
    });
}
