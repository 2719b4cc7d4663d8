// Editing of Workbench's files. What reads them is C++ (products/workbenchFiles.ts names it), whose rules are played here in a few lines each.
import assert from "node:assert/strict";
import * as fc from "fast-check";
import { editKeyValue, keyValues, sectionsOf } from "../../../products/keyValue";

const set = (text: string, key: string, value: string | string[] | undefined, section?: string) =>
    editKeyValue(text, [{ section, key, value }]);

describe("editing key=value files", () => {
    it("sets, adds and takes away", () => {
        const edits = [
            { key: "a", value: "9" },
            { key: "b", value: undefined },
            { key: "c", value: "3" },
        ];
        assert.equal(editKeyValue("# c\na=1\nb=2\n", edits), "# c\na=9\nc=3\n");
        assert.equal(set("", "a", "1"), "a=1\n");
        assert.equal(set("# only\n", "a", "1"), "# only\na=1\n");
        assert.equal(set("a=1\n", "x", undefined), "a=1\n");
    });

    it("keeps to sections, and leaves comments to the one that follows them", () => {
        const text = "# top\n[server]\nport=1\n\n# the cluster\n[cluster]\nname=Local\nport=2\n";
        assert.equal(set(text, "port", "9", "cluster"), text.replace("port=2", "port=9"));
        assert.equal(set(text, "x", "1", "server"), text.replace("port=1\n", "port=1\nx=1\n"));
        assert.equal(set(text, "x", "1"), text.replace("# top\n", "# top\nx=1\n"));
        assert.equal(set(text, "x", "1", "@new"), `${text}\n[@new]\nx=1\n`);
        assert.deepEqual([sectionsOf(text, "cluster"), sectionsOf(text, "none")], [1, 0]);
    });

    it("leaves one line where there were several, and minds case", () => {
        assert.equal(set("a=1\nA=2\na = 3\n", "a", "9"), "a=9\nA=2\n");
        assert.equal(set("h=1\nx=0\nh=2\n", "h", ["3", "4"]), "h=3\nh=4\nx=0\n");
    });

    it("keeps Windows' line ends", () => assert.equal(set("a=1\r\nb=2\r\n", "a", "9"), "a=9\r\nb=2\r\n"));

    it("reads quotes as the server's own settings do, and keeps a value's own", () => {
        assert.deepEqual(keyValues('host="db \\"x\\""\n#host="other"\n', { key: "host" }), ['db "x"']);
        assert.deepEqual(keyValues(set("", "user", '"odd"'), { key: "user" }), ['"odd"']);
    });

    const key = fc.constantFrom("a", "b", "a-b", "A");
    const section = fc.constantFrom(undefined, "server", "@all");
    const value = fc.stringMatching(/^[!$-~]([ -~]{0,8}[!-~])?$/).filter((text) => !/["#;]/.test(text));
    const line = fc.oneof(
        fc.tuple(key, value).map(([k, v]) => `${k}=${v}`),
        fc.constantFrom("", "# note", "; note", "#a=1", "  a = 1  "),
    );
    const anyText = fc
        .tuple(fc.array(line, { maxLength: 4 }), fc.array(line, { maxLength: 4 }), fc.array(line, { maxLength: 4 }))
        .map(([top, server, all]) => [...top, "[server]", ...server, "[@all]", ...all].join("\n"));

    it("has each reader see just what was wanted, and all else as before", () => {
        fc.assert(
            fc.property(anyText, section, key, fc.option(value, { nil: undefined }), (text, where, name, wanted) => {
                const edited = set(text, name, wanted, where);
                for (const read of [parseConfigFile, readIni]) {
                    const [before, after] = [read(text), read(edited)];
                    const id = `${where ?? ""}.${name}`;
                    assert.deepEqual(after.get(id), wanted === undefined ? undefined : [wanted]);
                    before.delete(id);
                    after.delete(id);
                    assert.deepEqual(after, before);
                }
                assert.equal(set(edited, name, wanted, where), edited);
            }),
            { numRuns: 1000 },
        );
    });

    it("has the server's own settings, which know no sections, see it too", () => {
        fc.assert(
            fc.property(fc.array(line, { maxLength: 6 }), key, value, (lines, name, wanted) => {
                const [before, after] = [
                    settingsMap(lines.join("\n")),
                    settingsMap(set(lines.join("\n"), name, wanted)),
                ];
                assert.deepEqual(after.get(name), [wanted]);
                before.delete(name);
                after.delete(name);
                assert.deepEqual(after, before);
            }),
        );
    });
});

type Read = Map<string, string[]>;

function add(read: Read, id: string, value: string): void {
    read.set(id, [...(read.get(id) ?? []), value]);
}

/** boostorg/program_options:src/config_file.cpp */
function parseConfigFile(text: string): Read {
    const read: Read = new Map();
    let prefix = "";
    for (const raw of text.split("\n")) {
        const line = raw.startsWith(";") ? "" : raw.replace(/#.*/s, "").trim();
        if (/^\[.*\]$/.test(line)) prefix = line.slice(1, -1);
        else if (line !== "") {
            const [name, ...rest] = line.split("=");
            add(read, `${prefix}.${name.trim()}`, rest.join("=").trim());
        }
    }
    return read;
}

/** boostorg/property_tree:include/boost/property_tree/ini_parser.hpp */
function readIni(text: string): Read {
    const read: Read = new Map();
    let section = "";
    for (const raw of text.split("\n")) {
        const line = raw.trim();
        if (line === "" || line.startsWith(";") || line.startsWith("#")) continue;
        if (line.startsWith("[")) section = line.slice(1, line.indexOf("]")).trim();
        else
            add(
                read,
                `${section}.${line.slice(0, line.indexOf("=")).trim()}`,
                line.slice(line.indexOf("=") + 1).trim(),
            );
    }
    return read;
}

/** rstudio/rstudio:src/cpp/core/FileSerializer.cpp: of equal keys the first; it knows no comments and no sections. */
function settingsMap(text: string): Read {
    const read: Read = new Map();
    for (const raw of text.split("\n")) {
        const line = raw.trim();
        const at = line.indexOf("=");
        const key = line.slice(0, at).trim();
        if (at > 0 && !read.has(key)) read.set(key, [line.slice(at + 1).trim()]);
    }
    return read;
}
