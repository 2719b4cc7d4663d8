// What distributions do in their own way stands in hosts/os/ alone: package managers, names of units, paths that another family has elsewhere.
// Finds words, so it does not see what is put together at run time.
import assert from "node:assert/strict";
import { programFiles, textOf } from "./repository";

/** What only one family of systems has. Comments count: one that explains a package manager stands beside it. */
const words = new RegExp(
    [
        /\b(apt(-get|-cache|-mark|itude)?|dpkg(-\w+)?|debconf|DEBIAN_FRONTEND|policy-rc\.d|deb)\b/,
        /\b(rpm|dnf|yum|zypper|subscription-manager|versionlock)\b/,
        /\bcrond?\.service\b|"crond?"|\(crond? |\bcrond\b/,
        /\/etc\/ssl\b|\/etc\/pki\b|\/usr\/(local\/)?share\/(keyrings|ca-certificates)|update-ca-\w+/,
        /\bnfs-(common|utils)\b|\bpostgresql-(client|common|\$)|\/usr\/lib\/postgresql|\/usr\/pgsql/,
    ]
        .map(({ source }) => source)
        .join("|"),
);

/** File and word → why. A row that is found no longer fails. */
const reasons: [file: string, word: string, why: string][] = [
    [
        "hosts/lib/reading.sh",
        "dpkg",
        "leftovers of any package manager are no configuration, on whatever host they lie",
    ],
    ["config/between.ts", "apt", "folders of every system, none of which is a product's"],
    ["config/between.ts", "dpkg", "as above"],
    ["config/between.ts", "dnf", "as above"],
    ["config/between.ts", "rpm", "as above"],
    ["config/environment.ts", "deb", "tells a person which form of repository is taken"],
];

interface Found {
    file: string;
    line: number;
    word: string;
}

function search(file: string, text: string): Found[] {
    return text
        .split("\n")
        .flatMap((line, index) =>
            [...line.matchAll(new RegExp(words, "g"))].map(([word]) => ({ file, line: index + 1, word })),
        );
}

function isAllowed({ file, word }: Found): boolean {
    return reasons.some(([where, what]) => where === file && word === what);
}

const files = programFiles(".sh", ".ts").filter((file) => !file.startsWith("hosts/os/"));

describe("what distributions do in their own way", () => {
    const found = files.flatMap((file) => search(file, textOf(file)));

    it("stands in hosts/os/ alone, but for what has a reason", () => {
        assert.ok(files.length > 100);
        const elsewhere = found
            .filter((one) => !isAllowed(one))
            .map(({ file, line, word }) => `${file}:${line} ${word}`);
        assert.deepEqual(elsewhere, [], "say it by a word of hosts/lib/os.sh, or write a reason here");
    });

    it("has no reason written for what is gone", () => {
        const idle = reasons.filter(([file, what]) => !found.some((one) => one.file === file && one.word === what));
        assert.deepEqual(idle, []);
    });

    it("is found where it stands", () => {
        assert.ok(search("x", textOf("hosts/os/debian.sh")).length > 15);
        for (const line of [
            "DEBIAN_FRONTEND=noninteractive apt-get -qq install x",
            "apt-mark hold x",
            "dpkg-query --show",
            "rpm -q x",
            "dnf install x",
            "systemctl mask cron.service",
            "TIMETABLE_UNITS=(cron crond)",
            "CA_PATH=/etc/ssl/certs/x.pem",
            'const databaseCaPath = "/etc/pki/tls/certs/x.pem";',
            'KEYRING="${HOST_ROOT:-}/usr/share/keyrings/x"',
            "put nfs-common into the image",
            "/usr/pgsql-15/bin",
        ]) {
            assert.notDeepEqual(search("x", line), [], line);
        }
        for (const line of [
            "the captured snapshot adapts",
            "os_service cron",
            "corpora of users' cron",
            "kept_rpmail",
        ]) {
            assert.deepEqual(search("x", line), [], line);
        }
    });
});
