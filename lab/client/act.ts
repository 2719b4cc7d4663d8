// What users do to the products: publish content, work in sessions.
import { exchange, exchangeJson } from "./http";
import type { Names } from "./names";
import { signIn } from "./observe";

export type Deed =
    | {
          deed: "publish";
          url: string;
          apiKey: string;
          name: string;
          title: string;
          /** A tar.gz in base64. */
          bundle: string;
          environment: Record<string, string>;
      }
    | {
          deed: "startSession";
          url: string;
          username: string;
          password: string;
          kind: "rsession" | "jupyter" | "vscode";
          busy: boolean;
      };

export async function act(names: Names, deed: Deed): Promise<unknown> {
    return deed.deed === "publish" ? await publish(names, deed) : await startSession(names, deed);
}

/** Answers the content's guid once it is built. */
async function publish(names: Names, deed: Extract<Deed, { deed: "publish" }>): Promise<string> {
    const api = `${deed.url}/__api__/v1`;
    const authorization = `Key ${deed.apiKey}`;
    const send = <T>(path: string, method: string, body: unknown) =>
        exchangeJson<T>(names, {
            url: `${api}${path}`,
            method,
            headers: { authorization, "content-type": "application/json" },
            body: JSON.stringify(body),
        });
    const { guid } = await send<{ guid: string }>("/content", "POST", { name: deed.name, title: deed.title });
    const bundle = await exchangeJson<{ id: string | number }>(names, {
        url: `${api}/content/${guid}/bundles`,
        method: "POST",
        headers: { authorization, "content-type": "application/gzip" },
        body: Buffer.from(deed.bundle, "base64"),
    });
    const variables = Object.entries(deed.environment).map(([name, value]) => ({ name, value }));
    if (variables.length > 0) await send(`/content/${guid}/environment`, "PATCH", variables);
    const { task_id } = await send<{ task_id: string }>(`/content/${guid}/deploy`, "POST", { bundle_id: bundle.id });
    await finished(names, deed, task_id);
    return guid;
}

interface Task {
    finished: boolean;
    code: number;
    output: string | string[];
}

async function finished(names: Names, deed: Extract<Deed, { deed: "publish" }>, task: string): Promise<void> {
    for (;;) {
        const state = await exchangeJson<Task>(names, {
            url: `${deed.url}/__api__/v1/tasks/${task}`,
            headers: { authorization: `Key ${deed.apiKey}` },
        });
        if (state.finished && state.code === 0) return;
        if (state.finished) throw new Error(`${deed.name} was not built: ${String(state.output)}`);
        await new Promise((resolve) => setTimeout(resolve, 200));
    }
}

async function startSession(names: Names, deed: Extract<Deed, { deed: "startSession" }>): Promise<unknown> {
    const cookie = await signIn(names, deed.url, deed.username, deed.password);
    const answer = await exchange(names, {
        url: `${deed.url}/api/sessions`,
        method: "POST",
        headers: { cookie, "content-type": "application/json" },
        body: JSON.stringify({ kind: deed.kind, busy: deed.busy }),
    });
    if (answer.status >= 300) throw new Error(`${deed.username} got no session: ${answer.status} ${answer.body}`);
    return JSON.parse(answer.body.toString("utf8")) as unknown;
}
