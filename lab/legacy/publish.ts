// What people published on the old Connect over the years, and the visits it had.
import { newPassword } from "./cloudParts";
import type { LegacyFacts } from "./facts";
import { contentBundle } from "./bundle";
import { content, publicNames, publicUrl, publishers } from "./world";
import { act } from "../client/act";
import { exchange } from "../client/http";
import { namesFrom } from "../client/names";
import { addresses } from "../paths";
import type { Progress } from "../progress";

const visitsEach = 3;

export async function publishContent(facts: LegacyFacts, progress: Progress): Promise<void> {
    const names = namesFrom(addresses.dns, { [publicNames.connect]: facts.hosts.connect.address });
    const url = publicUrl("connect");
    for (const item of content) {
        progress(item.name);
        const environment = Object.fromEntries(item.variables.map((key) => [key, newPassword()]));
        Object.assign(facts.connect.environment, environment);
        const guid = await act(names, {
            deed: "publish",
            url,
            apiKey: facts.connect.apiKeys[item.owner] ?? "",
            name: item.name,
            title: item.title,
            bundle: await contentBundle(item.name),
            environment,
        });
        facts.connect.content[item.name] = String(guid);
    }
    const authorization = `Key ${facts.connect.apiKeys[publishers[0]]}`;
    for (const guid of Object.values(facts.connect.content)) {
        for (let visit = 0; visit < visitsEach; visit++) {
            await exchange(names, { url: `${url}/content/${guid}/`, headers: { authorization } });
        }
    }
}
