// One HTTP exchange with a product under its public name, at the address that the client's own name cache gives.
import * as http from "node:http";
import type { Names } from "./names";

export interface Answer {
    status: number;
    headers: http.IncomingHttpHeaders;
    body: Buffer;
    address: string;
}

export interface Question {
    url: string;
    method?: string;
    headers?: Record<string, string>;
    body?: string | Buffer;
    timeoutMs?: number;
}

export async function exchange(names: Names, question: Question): Promise<Answer> {
    const url = new URL(question.url);
    const address = await names.address(url.hostname);
    return await new Promise((resolve, reject) => {
        const request = http.request(
            {
                host: address,
                port: url.port === "" ? 80 : Number(url.port),
                path: url.pathname + url.search,
                method: question.method ?? "GET",
                headers: { host: url.host, ...question.headers },
                agent: false, // every question is a new connection, as from a new user
                signal: AbortSignal.timeout(question.timeoutMs ?? 30000),
            },
            (response) => {
                const chunks: Buffer[] = [];
                response.on("data", (chunk: Buffer) => chunks.push(chunk));
                response.on("error", reject);
                response.on("end", () =>
                    resolve({
                        status: response.statusCode ?? 0,
                        headers: response.headers,
                        body: Buffer.concat(chunks),
                        address,
                    }),
                );
            },
        );
        request.on("error", reject);
        request.end(question.body);
    });
}

/** As `exchange`, for JSON, and anything but success is an error that names the question and the answer. */
export async function exchangeJson<T>(names: Names, question: Question): Promise<T> {
    const answer = await exchange(names, question);
    const text = answer.body.toString("utf8");
    if (answer.status < 200 || answer.status > 299) {
        throw new Error(`${question.method ?? "GET"} ${question.url}: ${answer.status} ${text.slice(0, 200)}`);
    }
    return JSON.parse(text) as T;
}
