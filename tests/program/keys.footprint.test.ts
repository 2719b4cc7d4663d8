// What counts as an effect where keys are tried: a variable that a host's script reads does, one that it never reads does not.
import assert from "node:assert/strict";
import { renderScript } from "../../remote/script";
import { asRead, difference } from "./keys/footprint";

const mount = ({ surplus = "", ...variables }: { MOUNT?: string; surplus?: string }, key = "a") =>
    asRead(
        renderScript({
            script: "mount",
            product: "connect",
            variables: {
                VOLUME_ID: "vol-1",
                MOUNT: "/data",
                FOLDER: "",
                FILESYSTEM: "ext4",
                FRESH: true,
                ...variables,
            },
            once: { name: "mount", key: key.repeat(64) },
        }).replace("SCRIPT=mount\n", (line) => `${line}${surplus}`),
    );

const windowVariables = {
    ...{ TOKEN: "t1", MAX_CLOSED_SECONDS: 60, MAX_STAY_SECONDS: 3600, NOTICE: "", BACK_MINUTES: 5, DRAIN_SECONDS: 1 },
    ...{ FORCE: false, START_SECONDS: 5, DATABASES: [] },
};

describe("a footprint", () => {
    it("has what a script reads, whatever stands in it", () => {
        for (const value of ["/other", "it's\nSURPLUS='x'", "", "a (b) $c `d`"]) {
            assert.notEqual(mount({ MOUNT: value }), mount({}), value);
            assert.ok(
                mount({ MOUNT: value })
                    .split("\n")
                    .includes(`MOUNT=${value.split("\n")[0]}`),
                value,
            );
        }
    });

    it("has nothing of what it never reads, and no key that is made of triggers", () => {
        assert.equal(mount({ surplus: "SURPLUS='x'\n" }), mount({}));
        assert.equal(mount({ surplus: "SURPLUS_count=1\nSURPLUS_name=('x')\n" }), mount({}));
        assert.equal(mount({}, "b"), mount({}));
    });

    it("looks into a program that another one hands on", () => {
        const window = (seconds: number, surplus: number) => {
            const thaw = renderScript({ script: "thaw", product: "connect", variables: { START_SECONDS: seconds } });
            const handedOn = thaw.replace("SCRIPT=thaw\n", (line) => `${line}SURPLUS='${surplus}'\n`);
            return asRead(
                renderScript({
                    script: "window",
                    product: "connect",
                    variables: { ...windowVariables, THAW_SCRIPT: handedOn },
                }),
            );
        };
        assert.notEqual(window(5, 1), window(6, 1));
        assert.equal(window(5, 1), window(5, 2));
    });

    it("differs by its lines, not by the moment of the run", () => {
        assert.deepEqual(difference(["at 2026-11-28T10:00:00.000Z", "a"], ["a", "at 2027-11-28T10:00:00.123Z"]), []);
        assert.deepEqual(difference(["until 2026-11-28T10:00:00Z"], ["until 2026-11-29T10:00:00Z"]).length, 2);
        assert.deepEqual(difference(["a", "b"], ["a"]), ["b"]);
    });
});
