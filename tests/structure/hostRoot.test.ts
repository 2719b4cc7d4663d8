// Host scripts look below HOST_ROOT, so that all of them can be tested without root, and no test reads or writes the machine that it runs on.
// Finds words: a place that is put together at run time it does not see.
import assert from "node:assert/strict";
import { filesOf, textOf } from "./repository";

/** Begins a place on a host's disk. What something stands in front of is a part of another place, or of a pattern. */
const place =
    /(?<![\w\])}*.%~$\\]|[^:]-)\/(?:etc|var|opt|home|usr|run|proc|srv|mnt|root|boot|dev\/disk)\b[\w./*{}$-]*/g;
/** A fact of the product that is a file's name, alone as a word: it is looked at. Within a sentence it is only named. */
const fact = /(?<!HOST_ROOT:-\}"?)"\$\{?(?:KEY_PATH|LOG_PATH|MAIN_CONFIG|CONFIG_PATHS\[\d\])\}?"/g;
const rooted = /\$\{HOST_ROOT:-\}"?$/;

/** File (whatever its room) and place → why. A row that is found no longer fails. */
const reasons: [file: string, place: string, why: string][] = [
    ["accounts.sh", "/usr/sbin/nologin", "is what an account is told; nothing is looked for there"],
    ["accounts.sh", "/home/$name}", "as above"],
    ["workbench.sh", "/usr/bin", "the PATH of a command that runs as somebody else"],
    ["workbench.sh", "/etc/rstudio/load-balancer", "is named to a person"],
    ["os.sh", "/etc/os-release", "is named to a person"],
    ["ready.sh", "/var/log/cloud-init-output.log", "is named to a person"],
    ["window.sh", "/var", "is named to a person"],
    ["window.sh", "/etc", "is named to a person"],
    ["freezing.sh", "/run", "is named to a person"],
    ["reading.sh", "/proc/self/fd/4", "is a file that this very process has open"],
    ["external.sh", "/proc/self/fd/4", "is a file that this very process has open"],
    ["quiet.sh", "/proc/", "is put in front of numbers, and cut off again"],
    ["debian.sh", "/usr/lib/postgresql/$2/bin/postgres", "os_found puts HOST_ROOT in front"],
];

interface Found {
    file: string;
    line: number;
    place: string;
}

function search(file: string, text: string): Found[] {
    return text.split("\n").flatMap((line, index) => {
        const code = line.replace(/^\s*#.*$/, "").replace(/\s#\s.*$/, "");
        const places = [...code.matchAll(place)].filter(({ index: at }) => !rooted.test(code.slice(0, at)));
        return [...places, ...code.matchAll(fact)].map(([found]) => ({ file, line: index + 1, place: found }));
    });
}

const isRow = ([file, what]: (typeof reasons)[number], found: Found) =>
    found.place === what && found.file.endsWith(`/${file}`);
const isAllowed = (found: Found) => reasons.some((row) => isRow(row, found));

const files = filesOf(".sh", "hosts");

describe("places on hosts", () => {
    const found = files.flatMap((file) => search(file, textOf(file)));

    it("are looked for below HOST_ROOT, but for what has a reason", () => {
        assert.ok(files.length > 40);
        const elsewhere = found
            .filter((one) => !isAllowed(one))
            .map(({ file, line, place: where }) => `${file}:${line} ${where}`);
        assert.deepEqual(elsewhere, [], "put ${HOST_ROOT:-} in front of it, or write a reason here");
    });

    it("have no reason written for what is gone", () => {
        const idle = reasons.filter((row) => !found.some((one) => isRow(row, one)));
        assert.deepEqual(idle, []);
    });

    it("are found where they stand", () => {
        for (const line of [
            "local file=/etc/rstudio/database.conf",
            "sed -i x /etc/fstab",
            "if [ -x /usr/bin/python3 ]; then",
            'versions_below "/opt/R"',
            'cat "$HOST_ROOT/x" /var/lib/x',
            "link=/dev/disk/by-id/nvme",
            "home=${ACCOUNTS_home[0]:-/home/x}",
            'if [ -f "$KEY_PATH" ]; then',
            'gcfg_value "${CONFIG_PATHS[0]}" Launcher Enabled',
            'tail "$LOG_PATH"',
            "ExecStart=/opt/rstudio-connect/bin/connect",
        ]) {
            assert.equal(search("x", line).length, 1, line);
        }
        for (const line of [
            "X=${HOST_ROOT:-}/etc/hosts",
            '"${HOST_ROOT:-}/var/lib/x" "${HOST_ROOT:-}"/run/y',
            "# as in /etc/fstab",
            "done </dev/null >/dev/null 2>&1",
            'exec 7<>"/dev/tcp/127.0.0.1/$1"',
            '[ -f "${HOST_ROOT:-}$KEY_PATH" ] && say "see $LOG_PATH there"',
            '"$DEADMAN_DIR/thaw.sh" "$home/etc"',
            "sed 's,^.*/proc/,,'",
        ]) {
            assert.deepEqual(search("x", line), [], line);
        }
    });
});
