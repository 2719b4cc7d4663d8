// Declared settings that could only be guessed into production's files stop a run before anything is registered, and say no word of the files.
import assert from "node:assert/strict";
import { parseConfig } from "../../config/parse";
import type { EnvironmentConfig } from "../../config/schema";
import type { ConfigFile } from "../../products";
import { handedOver } from "../unit/config/samples";
import { environmentValues, installed, upEnvironment } from "./keys/environment";
import { publishedProduction, stackName } from "./keys/world";

describe("declared settings and production's files", () => {
    const up = async (settings: Record<string, unknown>, text: string) => {
        const connect = { ...(environmentValues.connect as object), settings };
        const config = parseConfig(handedOver({ ...environmentValues, connect }), ["secrets"], "staging");
        const production = publishedProduction();
        const path = "/etc/rstudio-connect/rstudio-connect.gcfg";
        const file: ConfigFile = { path, content: text, owner: "root", group: "root", mode: "0600" };
        const sent = { ...file, content: Buffer.from(text).toString("base64"), encoding: "base64" };
        const secrets = { ...(production.secrets as object), connect: { files: [sent], passwords: [] } };
        const { footprint, recording } = await upEnvironment(config as EnvironmentConfig, {
            ...installed,
            [stackName("prod")]: { ...production, secrets },
        });
        const refused = footprint.filter((line) => line.startsWith("refused: ")).join("\n");
        assert.equal(refused !== "", recording === undefined);
        return refused;
    };
    const twice = "[Odd]\nKey = hunter2\n[odd]\nkey = hunter3\n";

    it("are refused where one of several values would be replaced by a guess, unless a list says what is meant", async () => {
        const refused = await up({ "Odd.Key": "new" }, twice);
        assert.match(
            refused,
            /^refused: this environment can't be built yet:\n {2}- posit:connect\.settings: Odd\.Key stands 2 times in production's \/etc\/rstudio-connect\/rstudio-connect\.gcfg, .*: declare it as a list/,
        );
        assert.ok(!refused.includes("hunter"));
        assert.equal(await up({ "Odd.Key": ["new"] }, twice), "");
    });

    it("are refused where the file can't be read, by its line", async () => {
        const refused = await up({}, "[Server]\nAddress = x\nhunter2\n!\n");
        assert.match(refused, /line 4 of production's .*\.gcfg can't be read: it is neither a \[Section\], nor/);
        assert.ok(!refused.includes("hunter"));
    });
});
