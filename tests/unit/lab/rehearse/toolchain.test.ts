// Which engine, language host and providers run: a real one wherever it is installed, and never one that belongs to another engine.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { chooseLanguageHost, chooseProvider, engineCandidates, type Places } from "../../../../lab/toolchain/choice";

const standIn = "/checkout/.build/pulumi-language-nodejs";
const command = "/checkout/.build/plugins/pulumi-resource-command/pulumi-resource-command";
const home = "/home/operator/.pulumi/plugins";

function places(files: string[], changed: Partial<Places> = {}): Places {
    return {
        engine: { folders: ["/opt/pulumi"], version: "3.248.0" },
        searched: ["/usr/local/bin", "/usr/bin"],
        pluginFolders: [home, "/cache/plugins"],
        has: (file) => files.includes(file),
        ...changed,
    };
}

const languageHost = (files: string[], changed: Partial<Places> = {}) =>
    chooseLanguageHost(places(files, changed), standIn);
const provider = (files: string[]) => chooseProvider(places(files), "command", "1.2.1", command);

describe("the engine", () => {
    it("is looked for in every folder of PATH, and where the installer puts it", () => {
        const files = ["/usr/bin/pulumi", "/home/operator/.pulumi/bin/pulumi"];
        const found = engineCandidates(places(files), ["/home/operator/.pulumi"]);
        assert.deepEqual(
            found.map(({ path }) => path),
            files,
        );
        assert.deepEqual(engineCandidates(places([]), ["/home/operator/.pulumi"]), []);
    });
});

describe("the language host", () => {
    it("is the lab's only where no real one is installed", () => {
        assert.deepEqual(languageHost([standIn]).kind, "lab");
        assert.equal(languageHost([standIn]).path, standIn);
    });

    it("is the one beside the engine, before any other", () => {
        const files = ["/opt/pulumi/pulumi-language-nodejs", "/usr/bin/pulumi-language-nodejs", standIn];
        const how = "beside the engine";
        assert.deepEqual(languageHost(files), { kind: "real", path: files[0], how, version: "3.248.0" });
    });

    it("is found beside the link to the engine, too", () => {
        const engine = { folders: ["/opt/pulumi", "/usr/local/bin"], version: "3.248.0" };
        const files = ["/usr/local/bin/pulumi", "/usr/local/bin/pulumi-language-nodejs"];
        assert.equal(languageHost(files, { engine }).path, files[1]);
    });

    it("is one that an engine has fetched, of the engine's own version", () => {
        const kept = (version: string) => `${home}/language-nodejs-v${version}/pulumi-language-nodejs`;
        assert.equal(languageHost([kept("3.248.0")]).path, kept("3.248.0"));
        assert.equal(languageHost([kept("3.100.0")]).kind, "lab");
    });

    it("is one on PATH, unless it belongs to an engine that does not run", () => {
        const file = "/usr/bin/pulumi-language-nodejs";
        assert.deepEqual(languageHost([file]), { kind: "real", path: file, how: "on PATH" });
        assert.equal(languageHost([file, "/usr/bin/pulumi"]).kind, "lab");
        assert.equal(languageHost([file, "/usr/bin/pulumi", "/usr/local/bin/pulumi-language-nodejs"]).kind, "real");
    });

    it("is no real one because the stand-in lies on PATH", () => {
        assert.equal(languageHost([standIn], { searched: ["/checkout/.build"] }).kind, "lab");
    });
});

describe("a provider", () => {
    const kept = `${home}/resource-command-v1.2.1/pulumi-resource-command`;
    const beside = "/opt/pulumi/pulumi-resource-command";
    const onPath = "/usr/bin/pulumi-resource-command";

    it("is the pinned one that an engine has fetched, then one beside the engine, then one on PATH, then the lab's", () => {
        const order = [kept, beside, onPath, command];
        for (const from of order.keys()) {
            assert.equal(provider(order.slice(from)).path, order[from]);
            assert.equal(provider(order.slice(from)).kind, order[from] === command ? "lab" : "real");
        }
        assert.equal(provider([kept]).version, "1.2.1");
        assert.equal(provider([onPath]).version, undefined);
    });

    it("of another version is none of those that an engine has fetched", () => {
        assert.equal(provider([kept.replace("1.2.1", "1.1.0")]).kind, "lab");
    });
});

describe("whatever is installed", () => {
    const folders = ["/opt/pulumi", "/usr/local/bin", "/usr/bin"];
    const programs = ["pulumi", "pulumi-language-nodejs", "pulumi-resource-command"];
    const all = folders.flatMap((folder) => programs.map((program) => `${folder}/${program}`));

    it("what runs is there, and the lab's own only where nothing real could", () => {
        fc.assert(
            fc.property(fc.subarray(all), (files) => {
                const host = languageHost(files);
                assert.ok(host.path === standIn || files.includes(host.path));
                const usable = folders.filter(
                    (folder) =>
                        files.includes(`${folder}/pulumi-language-nodejs`) &&
                        (folder === "/opt/pulumi" || !files.includes(`${folder}/pulumi`)),
                );
                assert.equal(host.kind, usable.length > 0 ? "real" : "lab");
                const any = folders.some((folder) => files.includes(`${folder}/pulumi-resource-command`));
                assert.equal(provider(files).kind, any ? "real" : "lab");
            }),
        );
    });
});
