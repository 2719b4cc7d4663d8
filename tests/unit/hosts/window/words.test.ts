// The words of a live connection as a host takes them from its stdin (hosts/lib/window/words.sh), with the real bash and with one whose `read` does
// on purpose what a real one does once in a thousand times. Proves nothing about the connection.
import * as assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import * as path from "node:path";
import fc from "fast-check";
import { onTheWire } from "../../../../remote/window/hostWindow";

const words = path.join(__dirname, "../../../../hosts/lib/window/words.sh");

/** Says on stdout what came, a line a word, until the stream ends. */
const listen = (seconds: string) =>
    `while next_word ${seconds}; do [ -z "$WORD" ] || printf '%s\\n' "$WORD"; done; exit 0`;

/** `read` as a queue of what it takes and whether it says that its time was over. */
function playedRead(takes: { piece: string; late: boolean }[]): string {
    const cases = takes.map(
        ({ piece, late }, index) =>
            `${index}) piece=$'${piece.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'; return ${late ? 142 : 0} ;;`,
    );
    return `turn=-1; read() { turn=$((turn + 1)); case $turn in ${cases.join(" ")} *) return 1 ;; esac; }`;
}

function heard(script: string): string[] {
    const text = execFileSync("bash", ["-c", `. ${words}\nset +e\n${script}`], { encoding: "utf8" });
    return text.split("\n").slice(0, -1);
}

/** The stream in pieces: each ends where a line does, with its end taken away, or anywhere where the time is over. */
const broken = (stream: string, cuts: number[], lateEnds: boolean[]) => {
    const takes: { piece: string; late: boolean }[] = [];
    stream
        .split("\n")
        .slice(0, -1)
        .forEach((line, index) => {
            const at = [...new Set(cuts.map((cut) => cut % (line.length + 1)))].sort((a, b) => a - b);
            const pieces = [0, ...at].map((from, part) => line.slice(from, at[part] ?? line.length));
            pieces.slice(0, -1).forEach((piece) => takes.push({ piece, late: true }));
            takes.push({ piece: pieces.at(-1) ?? "", late: lateEnds[index % lateEnds.length] });
        });
    return takes;
};

describe("the words of a live connection", function () {
    this.timeout(60_000);

    it("are whole whenever the time is over, also where a line's end went with it", () => {
        const takes = [
            { piece: "beat\t", late: true },
            { piece: "", late: true },
            { piece: "be", late: true },
            { piece: "at\t", late: true },
            { piece: "freeze", late: true },
            { piece: "\t", late: true },
            { piece: "", late: false },
            { piece: "stay\t", late: false },
        ];
        assert.deepEqual(heard(`${playedRead(takes)}\n${listen("1")}`), ["beat", "beat", "freeze", "stay"]);
    });

    it("are what was said, wherever they break", () => {
        const word = fc.oneof(
            fc.constantFrom("beat", "drain", "complete"),
            fc.dictionary(fc.string(), fc.string()).map((note) => `note ${JSON.stringify(note)}`),
        );
        const parts = [
            fc.array(word, { minLength: 1, maxLength: 5 }),
            fc.array(fc.nat(200), { maxLength: 3 }),
        ] as const;
        fc.assert(
            fc.property(...parts, fc.array(fc.boolean(), { minLength: 1 }), (said, cuts, lateEnds) => {
                const takes = broken(said.map(onTheWire).join(""), cuts, lateEnds);
                assert.deepEqual(heard(`${playedRead(takes)}\n${listen("1")}`), said);
            }),
            { numRuns: 60 },
        );
    });

    it("are none where a line has no mark at its end", () => {
        assert.deepEqual(heard(`exec <<<'beat'\n${listen("1")}`), ["no word: beat"]);
    });

    it("come through the real bash at the very moments when its time is over", async () => {
        const bash = spawn("bash", ["-c", `. ${words}\nset +e\n${listen("0.003")}`]);
        let said = 0;
        const saying = setInterval(() => bash.stdin.write(onTheWire(`beat ${said++}`)), 3);
        let text = "";
        bash.stdout.on("data", (data: Buffer) => (text += data.toString()));
        await new Promise((resolve) => setTimeout(resolve, 5_000));
        clearInterval(saying);
        bash.stdin.end();
        await new Promise((resolve) => bash.on("close", resolve));
        assert.ok(said > 100);
        assert.deepEqual(
            text.split("\n").slice(0, -1),
            Array.from({ length: said }, (_, index) => `beat ${index}`),
        );
    });
});
