// Programs for hosts: whatever a variable holds, a real bash reads it back as it was, and no variable's text is taken for a command.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fc from "fast-check";
import { productIds } from "../../../products/ids";
import { parseAnswer, parseEvents } from "../../../remote/answer";
import { renderScript, ScriptRequest } from "../../../remote/script";
import { ScriptName, scriptNames } from "../../../remote/scripts";
import { sampleProgram } from "./samples";

/** The program up to its call, with another end. */
function evaluate<S extends ScriptName>(request: ScriptRequest<S>, print: string): string {
    const lines = renderScript(request).trimEnd().split("\n");
    const program = [...lines.slice(0, -1), print, ""].join("\n");
    return execFileSync("bash", ["-s"], { input: program, encoding: "utf8" });
}

/** What no shell variable can hold. */
const text = fc.string({ unit: "binary", maxLength: 40 }).filter((value) => !value.includes("\0"));
const nasty = fc.oneof(
    text,
    fc.constantFrom("$(touch /tmp/x)", "`id`", "'; rm -rf /", '"', "\\", "a\nb", "!!", "-n", "*", "~", "é", "'\"'\"'"),
);

describe("programs for hosts", () => {
    it("keep every text as it is", () => {
        fc.assert(
            fc.property(nasty, (value) => {
                const request = { script: "record", product: "connect", variables: { TOKEN: value } } as const;
                assert.equal(evaluate(request, `printf '%s' "$TOKEN"`), value);
            }),
            { numRuns: 60 },
        );
    });

    it("bring lists of objects along as arrays, each column as long as the list", () => {
        fc.assert(
            fc.property(fc.array(fc.record({ account: nasty, group: nasty }), { maxLength: 4 }), (entries) => {
                const variables = { ACCOUNTS: [], MEMBERSHIPS: entries, TEAMS: [] };
                const out = evaluate(
                    { script: "accounts", product: "connect", variables },
                    'printf "%s\\0" "$MEMBERSHIPS_count" "${#ACCOUNTS_name[@]}"; for ((i = 0; i < MEMBERSHIPS_count; i++)); do printf "%s\\0%s\\0" "${MEMBERSHIPS_account[i]}" "${MEMBERSHIPS_group[i]}"; done',
                );
                const expected = [
                    String(entries.length),
                    "0",
                    ...entries.flatMap(({ account, group }) => [account, group]),
                ];
                assert.deepEqual(out.split("\0").slice(0, -1), expected);
            }),
            { numRuns: 40 },
        );
    });

    it("bring numbers as they are, an empty text for what a row lacks, and nothing of what no script reads", () => {
        const rows = [
            { name: "a", uid: 1001, gid: 100, groups: "x" },
            { name: "b", uid: 0, gid: 0, home: "/h" },
        ];
        const variables = { ACCOUNTS: rows, MEMBERSHIPS: [], TEAMS: [] };
        const out = evaluate(
            { script: "accounts", product: "connect", variables },
            'printf "%s\\n" "${ACCOUNTS_uid[*]}" "${ACCOUNTS_home[0]}|${ACCOUNTS_home[1]}" "${ACCOUNTS_groups-none}"',
        );
        assert.equal(out, "1001 0\n|/h\nnone\n");
    });

    it("bring files as base64, whichever way they came, byte for byte", () => {
        const common = { owner: "root", group: "root", mode: "0640" };
        const files = [
            { ...common, path: "/a", content: "é\n\n" },
            {
                ...common,
                path: "/b",
                content: Buffer.from([0, 255, 10]).toString("base64"),
                encoding: "base64" as const,
            },
        ];
        const others = { KEYS: [], ENCRYPT: [], PASSWORDS: [], HOSTS_OVERRIDE: [], DATABASE_CA: "" };
        const out = evaluate(
            { script: "configure", product: "connect", variables: { FILES: files, ...others } },
            'for ((i = 0; i < FILES_count; i++)); do base64 -d <<<"${FILES_content[i]}" | od -An -tx1; done',
        );
        assert.deepEqual(
            out.split("\n").map((line) => line.trim()),
            ["c3 a9 0a 0a", "00 ff 0a", ""],
        );
    });

    it("are programs that bash understands, for every script and product", () => {
        for (const script of scriptNames) {
            for (const product of productIds) {
                execFileSync("bash", ["-n"], { input: sampleProgram(script, product) });
            }
        }
    });

    it("are not made of what the register does not know or lacks, and no error says a value", () => {
        const render = (request: object) => () => renderScript(request as ScriptRequest);
        const rows: [object, RegExp][] = [
            [{ script: "record", product: "connect" }, /record\.sh needs TOKEN/],
            [
                { script: "record", product: "connect", variables: { TOKEN: "hunter2", OTHER: "hunter2" } },
                /record\.sh is given OTHER, which it never reads/,
            ],
            [{ script: "record", variables: { TOKEN: "hunter2" } }, /record\.sh is a product's: it needs a product/],
            [{ script: "ready", product: "connect" }, /ready\.sh is a host's: it takes no product/],
            [
                { script: "quarantine", product: "connect", variables: { ACTION: "hunter2", TOKEN: "" } },
                /quarantine\.sh: ACTION is none of on, off/,
            ],
            [
                { script: "record", product: "connect", variables: { TOKEN: Symbol("hunter2") } },
                /record\.sh: TOKEN is no text but symbol/,
            ],
            [
                {
                    script: "accounts",
                    product: "connect",
                    variables: { ACCOUNTS: [{ name: "hunter2", uid: 1 }], MEMBERSHIPS: [], TEAMS: [] },
                },
                /accounts\.sh: ACCOUNTS\[\]\.gid is absent/,
            ],
        ];
        for (const [request, expected] of rows) {
            assert.throws(
                render(request),
                (error: Error) => expected.test(error.message) && !/hunter2/.test(error.message),
            );
        }
    });
});

describe("answers of hosts", () => {
    it("are what the register says, of the last line only", () => {
        const marker = parseAnswer("record", "connect", 'chatter\n{"token":"t1","state":"open","more":1}\n');
        assert.deepEqual(marker, { token: "t1", state: "open", more: 1 });
    });

    it("are events where a script listens, among chatter; one that says something else is a failure", () => {
        const said = [
            "Warning: x",
            '{"event":"armed","clock":5,"armedAt":"2026-11-28T20:00:00Z"}',
            '{"level":"info"}',
            '{"event":"half',
            '{"event":"closed"}',
            '{"event":"dumped","bytes":"5"}',
            '{"event":"open","openedBy":""}',
            "",
        ];
        const [armed, unknown, wrong, open, ...more] = parseEvents(said.join("\n"));
        assert.deepEqual(armed, { event: "armed", clock: 5, armedAt: "2026-11-28T20:00:00Z" });
        assert.match(`${unknown.event} ${unknown.reason}`, /^error said something else than expected:\n {2}- event: /);
        assert.match(`${wrong.event} ${wrong.reason}`, /^error said something else than expected:\n {2}- bytes: /);
        assert.deepEqual([open, more], [{ event: "open", openedBy: "" }, []]);
    });

    it("are refused with where they differ, and never with what a secret one holds", () => {
        const complaint = (script: "secrets" | "state", text: string) => {
            try {
                parseAnswer(script, "connect-x", text);
            } catch (error) {
                return (error as Error).message;
            }
            return "nothing";
        };
        assert.match(complaint("state", "Last login: today"), /^connect-x answered no JSON: Last login: today$/);
        assert.match(complaint("state", '{"product":"connect"}'), /- side: .*\n.*- state: /);
        for (const text of [
            "hunter2",
            '{"files":[{"path":"/x","content":"hunter2"}]}',
            '{"files":"hunter2"}',
            '{"files":[],"key":"hunter2"}',
        ]) {
            assert.match(complaint("secrets", text), /^connect-x answered /);
            assert.doesNotMatch(complaint("secrets", text), /hunter2/);
        }
    });
});
