// What a user finds: logs in, lists, runs content, opens files, installs a package from a frozen snapshot.
// Two observations of the same products are equal when nothing that users have was lost or changed.
import { createHash } from "node:crypto";
import { exchange, exchangeJson } from "./http";
import type { Names } from "./names";

/** Everything the client must be told; addresses are the public ones, with their ports. */
export interface Questions {
    packageManager: { url: string; repository: string; snapshot: string; package: string };
    workbench: { url: string; users: { name: string; password: string; paths: string[]; files: string[] }[] };
    connect: { url: string; apiKeys: Record<string, string>; administrator: string };
}

export interface FileFact {
    name: string;
    uid: number;
    gid: number;
    owner: string;
    size: number;
}

export interface Observation {
    packageManager: {
        version: string;
        repositories: string[];
        /** File name → sha256 of what was downloaded; a download that is not what the link promised is an error. */
        frozenPackage: Record<string, string>;
    };
    workbench: {
        users: Record<
            string,
            { signedInAs: string; files: Record<string, FileFact[]>; contents: Record<string, string> }
        >;
    };
    connect: {
        version: string;
        /** Name of the person each API key belongs to. */
        keys: Record<string, string>;
        users: string[];
        content: { guid: string; name: string; owner: string }[];
        /** Content name → what it printed, or how it failed. */
        outputs: Record<string, string>;
        visits: number;
        schedules: number;
    };
}

export async function observe(names: Names, questions: Questions): Promise<Observation> {
    return {
        packageManager: await observePackageManager(names, questions.packageManager),
        workbench: await observeWorkbench(names, questions.workbench),
        connect: await observeConnect(names, questions.connect),
    };
}

async function observePackageManager(
    names: Names,
    asked: Questions["packageManager"],
): Promise<Observation["packageManager"]> {
    const status = await exchangeJson<{ version: string }>(names, { url: `${asked.url}/__api__/status` });
    const repositories = await exchangeJson<{ name: string; type: string; frozen_hash?: string }[]>(names, {
        url: `${asked.url}/__api__/repos`,
    });
    const index = `${asked.url}/${asked.repository}/${asked.snapshot}/simple/${asked.package}/`;
    return {
        version: status.version,
        repositories: repositories
            .map((item) => [item.name, item.type, item.frozen_hash ?? ""].join(" ").trim())
            .sort(),
        frozenPackage: await download(names, index),
    };
}

/** Every file that a simple index page links to, checked against the hash in its link, as pip does. */
async function download(names: Names, index: string): Promise<Record<string, string>> {
    const page = await exchange(names, { url: index });
    if (page.status !== 200) throw new Error(`${index}: ${page.status}`);
    const links = [...page.body.toString("utf8").matchAll(/href="([^"]+)"/g)].map(
        (match) => new URL(match[1] ?? "", index),
    );
    if (links.length === 0) throw new Error(`${index} lists no file`);
    const files: Record<string, string> = {};
    for (const link of links) {
        const promised = link.hash.replace("#sha256=", "");
        link.hash = "";
        const answer = await exchange(names, { url: link.href });
        const found = createHash("sha256").update(answer.body).digest("hex");
        if (answer.status !== 200 || found !== promised) {
            throw new Error(`${link.href}: status ${answer.status}, sha256 ${found}, promised was ${promised}`);
        }
        files[link.pathname.split("/").at(-1) ?? ""] = found;
    }
    return files;
}

async function observeWorkbench(names: Names, asked: Questions["workbench"]): Promise<Observation["workbench"]> {
    const users: Observation["workbench"]["users"] = {};
    for (const user of asked.users) {
        const cookie = await signIn(names, asked.url, user.name, user.password);
        const headers = { cookie };
        const me = await exchangeJson<{ username?: string; user?: string; name?: string }>(names, {
            url: `${asked.url}/api/me`,
            headers,
        });
        const files: Record<string, FileFact[]> = {};
        for (const path of user.paths) {
            const list = await exchangeJson<FileFact[]>(names, {
                url: `${asked.url}/api/files?path=${encodeURIComponent(path)}`,
                headers,
            });
            files[path] = list
                .map(({ name, uid, gid, owner, size }) => ({ name, uid, gid, owner, size }))
                .sort((a, b) => a.name.localeCompare(b.name));
        }
        const contents: Record<string, string> = {};
        for (const path of user.files) {
            const answer = await exchange(names, {
                url: `${asked.url}/api/file?path=${encodeURIComponent(path)}`,
                headers,
            });
            if (answer.status !== 200) throw new Error(`${user.name} can't open ${path}: ${answer.status}`);
            contents[path] = createHash("sha256").update(answer.body).digest("hex");
        }
        users[user.name] = { signedInAs: me.username ?? me.user ?? me.name ?? "", files, contents };
    }
    return { users };
}

export async function signIn(names: Names, url: string, username: string, password: string): Promise<string> {
    const answer = await exchange(names, {
        url: `${url}/auth-do-sign-in`,
        method: "POST",
        headers: { "content-type": "application/x-www-form-urlencoded" },
        body: new URLSearchParams({ username, password }).toString(),
    });
    const cookie = answer.headers["set-cookie"]?.map((line) => line.split(";")[0]).join("; ");
    if (answer.status >= 400 || cookie === undefined) {
        throw new Error(
            `${username} can't sign in at ${url}: ${answer.status} ${answer.body.toString("utf8").slice(0, 200)}`,
        );
    }
    return cookie;
}

interface ContentItem {
    guid: string;
    name: string;
    owner_username: string;
}

async function observeConnect(names: Names, asked: Questions["connect"]): Promise<Observation["connect"]> {
    const api = `${asked.url}/__api__`;
    const headers = { authorization: `Key ${asked.apiKeys[asked.administrator]}` };
    const ask = <T>(path: string) => exchangeJson<T>(names, { url: `${api}${path}`, headers });
    const keys: Record<string, string> = {};
    for (const [name, key] of Object.entries(asked.apiKeys)) {
        const user = await exchangeJson<{ username: string }>(names, {
            url: `${api}/v1/user`,
            headers: { authorization: `Key ${key}` },
        });
        keys[name] = user.username;
    }
    const content = list(await ask<ContentItem[] | { results: ContentItem[] }>("/v1/content"));
    const outputs: Record<string, string> = {};
    for (const item of content) {
        const answer = await exchange(names, { url: `${asked.url}/content/${item.guid}/`, headers, timeoutMs: 60000 });
        const text = answer.body.toString("utf8").trim();
        outputs[item.name] = answer.status === 200 ? text : `${answer.status} ${text.slice(0, 300)}`;
    }
    const users = list(await ask<{ username: string }[] | { results: { username: string }[] }>("/v1/users"));
    const visits = list(await ask<unknown[] | { results: unknown[] }>("/v1/instrumentation/content/visits"));
    const schedules = list(await ask<unknown[] | { results: unknown[] }>("/v1/schedules"));
    const settings = await ask<{ version: string }>("/server_settings");
    return {
        version: settings.version,
        keys,
        users: users.map((user) => user.username).sort(),
        content: content
            .map((item) => ({ guid: item.guid, name: item.name, owner: item.owner_username }))
            .sort((a, b) => a.name.localeCompare(b.name)),
        outputs,
        visits: visits.length,
        schedules: schedules.length,
    };
}

/** Connect pages some of its lists and not others. */
function list<T>(answer: T[] | { results: T[] }): T[] {
    return Array.isArray(answer) ? answer : answer.results;
}
