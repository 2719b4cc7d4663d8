// What a configuration said, was accepted and did harm: refused, with the path and the reason, and with all others in one go.
import assert from "node:assert/strict";
import { parse as parseYaml, stringify } from "yaml";
import { ConfigError, parseConfig } from "../../../config/parse";
import { productIds } from "../../../products/ids";
import {
    bootstrapKey,
    certificate,
    handedOver,
    lockedKey,
    operatorKey,
    rsaKey,
    secretsOf,
    StackTemplate,
    Values,
    wholeValues,
} from "./samples";

/** Values at paths such as "accounts.0.uid"; `undefined` takes one away. */
type Change = Record<string, unknown>;

function changed(values: Values, change: Change): Values {
    const copy = structuredClone(values) as Values;
    for (const [path, wanted] of Object.entries(change)) {
        const keys = path.split("/");
        const holder = keys.slice(0, -1).reduce((here, key) => here[key] as Values, copy);
        if (wanted === undefined) delete holder[keys[keys.length - 1]];
        else holder[keys[keys.length - 1]] = wanted;
    }
    return copy;
}

function problems(values: Values, stack: StackTemplate, stackFile?: string): string[] {
    try {
        parseConfig(handedOver(values), ["secrets"], stack, stackFile);
        return [];
    } catch (error) {
        assert.ok(error instanceof ConfigError, String((error as Error).stack));
        return error.problems;
    }
}

const whole = (stack: StackTemplate): Values => ({ ...wholeValues(stack), secrets: secretsOf[stack] });
const volume = (mount: string, more: Values = {}) => ({ volumeId: "vol-0a1b2c3d4e5f67800", mount, ...more });
const pm = "/var/lib/rstudio-pm";
const capture = (token: string, more: Values = {}) => ({ token, reopen: true, ...more });

const production: [string, Change, RegExp][] = [
    [
        "two products on one instance",
        { "current/connect/instanceId": "i-0a1b2c3d4e5f67890" },
        /^posit:current\.connect\.instanceId: is packageManager's too/m,
    ],
    [
        "two products at one address",
        { "current/connect/address": "10.1.0.10" },
        /^posit:current\.connect\.address: is packageManager's too/m,
    ],
    [
        "equal names",
        { "entryPoints/connect": "workbench.acme.com" },
        /^posit:entryPoints\.connect: is workbench's name too/m,
    ],
    [
        "a label of 70 letters",
        { "entryPoints/connect": `${"a".repeat(70)}.acme.com` },
        /^posit:entryPoints\.connect: has a label of more than 63 letters/m,
    ],
    [
        "a host name where a record needs an address",
        { "current/connect/address": "old-connect.acme.com" },
        /^posit:current\.connect\.publicAddress: is needed/m,
    ],
    [
        "a host name as the record's value",
        { "current/packageManager/publicAddress": "old.acme.com" },
        /^posit:current\.packageManager\.publicAddress: must be an IPv4 address/m,
    ],
    [
        "a record to this very machine",
        { "current/packageManager/publicAddress": "127.0.0.1" },
        /publicAddress: must be an IPv4 address/,
    ],
    [
        "octets that are none",
        { "current/connect/address": "10.1.0.256" },
        /^posit:current\.connect\.address: must be an IPv4 address/m,
    ],
    ["port 70000", { "ssh/port": 70_000 }, /^posit:ssh\.port: must be a whole number from 1 to 65535/m],
    [
        "product port 0",
        { "current/packageManager/productPort": 0 },
        /productPort: must be a whole number from 1 to 65535/,
    ],
    ["root as login", { "ssh/user": "root" }, /^posit:ssh\.user: is root/m],
    ["root as one host's login", { "current/workbench/user": "root" }, /^posit:current\.workbench\.user: is root/m],
    ["an empty login", { "ssh/user": "" }, /^posit:ssh\.user: must be/m],
    ["an option for a login", { "ssh/bastion/user": "-oProxyCommand=x" }, /^posit:ssh\.bastion\.user: must be/m],
    [
        "an RSA host key",
        { "current/connect/hostKey": rsaKey.public },
        /^posit:current\.connect\.hostKey: is an RSA key.*SHA-1/m,
    ],
    [
        "a host key that is none",
        { "current/connect/hostKey": "ssh-ed25519 AAAA" },
        /^posit:current\.connect\.hostKey: is no whole public host key/m,
    ],
    [
        "a private key as host key",
        { "current/connect/hostKey": operatorKey.private },
        /^posit:current\.connect\.hostKey: is a private key/m,
    ],
    [
        "two lines as host key",
        { "current/connect/hostKey": `${operatorKey.public}\nx` },
        /^posit:current\.connect\.hostKey: is no whole/m,
    ],
    ...[
        "//etc",
        "/x/../etc",
        "/data/",
        "/a b",
        "/a\nb",
        "/a|b",
        "/./a",
        "data",
        "/",
        "/a&b",
        "/a\\b",
        "/a,b",
        "/é",
    ].map((mount): [string, Change, RegExp] => [
        `mount ${JSON.stringify(mount)}`,
        { "current/packageManager/dataVolumes/0/mount": mount },
        /^posit:current\.packageManager\.dataVolumes\[0\]\.mount: must be/m,
    ]),
    ...[
        "/usr/lib",
        "/usr/lib/x",
        "/etc/rstudio",
        "/opt",
        "/opt/rstudio-connect/ext",
        "/boot",
        "/var/log",
        "/var/lib/posit-upgrade",
        "/run/x",
        "/usr/local",
    ].map((mount): [string, Change, RegExp] => [
        `mount ${mount}`,
        { "current/packageManager/dataVolumes": [volume(pm), volume(mount, { volumeId: "vol-0a1b2c3d4e5f67801" })] },
        /^posit:current\.packageManager\.dataVolumes\[1\]\.mount: .*belongs to the operating system/m,
    ]),
    [
        "a mount over the operator's home",
        {
            "current/packageManager/dataVolumes": [
                volume(pm),
                volume("/var/lib/posit-operator", { volumeId: "vol-0a1b2c3d4e5f67801" }),
            ],
        },
        /dataVolumes\[1\]\.mount: .* is the home of the account/,
    ],
    [
        "mounts of one name",
        {
            "current/packageManager/dataVolumes": [
                volume(pm),
                volume("/data/x", { volumeId: "vol-0a1b2c3d4e5f67801" }),
                volume("/data-x", { volumeId: "vol-0a1b2c3d4e5f67802" }),
            ],
        },
        /^posit:current\.packageManager\.dataVolumes: \/data\/x and \/data-x are one name, data-x/m,
    ],
    [
        "twelve volumes",
        {
            "current/packageManager/dataVolumes": Array.from({ length: 12 }, (_, index) =>
                volume(index === 0 ? pm : `/data/${index}`, { volumeId: `vol-0a1b2c3d4e5f678${10 + index}` }),
            ),
        },
        /^posit:current\.packageManager\.dataVolumes: has 12 places; 11 are the most/m,
    ],
    [
        "one volume on two mounts without folder",
        { "current/packageManager/dataVolumes": [volume(pm), volume("/data/x", { folder: "/x" })] },
        /^posit:current\.packageManager\.dataVolumes\[0\]\.folder: is needed: vol-0a1b2c3d4e5f67800 holds \/data\/x too/m,
    ],
    [
        "one folder on two mounts",
        { "current/packageManager/dataVolumes": [volume(pm, { folder: "/x" }), volume("/data/x", { folder: "/x" })] },
        /dataVolumes\[1\]\.folder: \/x of vol-0a1b2c3d4e5f67800 is \/var\/lib\/rstudio-pm already/,
    ],
    [
        "two products in one database",
        {
            "current/packageManager/databases": [{ server: "s", name: "n", user: "a" }],
            "current/connect/databases": [{ server: "s", name: "n", user: "b" }],
        },
        /^posit:current\.connect\.databases\[0\]: is packageManager's database too/m,
    ],
    [
        "a unit with .service",
        { "current/workbench/databases/0/unit": "pg.service" },
        /^posit:current\.workbench\.databases\[0\]\.unit: has a suffix/m,
    ],
    [
        "a server's name with capitals",
        { "current/packageManager/databases": [{ server: "Acme-DB", name: "n", user: "a" }] },
        /^posit:current\.packageManager\.databases\[0\]\.server: must be an RDS instance identifier/m,
    ],
    [
        "a product's database as it was written before there could be several",
        { "current/connect/databases": undefined, "current/connect/database": { server: "s", name: "n", user: "a" } },
        /^posit:current\.connect\.database: is `databases` now, a list: .*`databases: \[\{…\}\]`/m,
    ],
    [
        "a product's databases without its own data",
        { "current/connect/databases": [] },
        /^posit:current\.connect\.databases: must have an entry for each database/m,
    ],
    [
        "a role of a database that there is not",
        { "current/connect/databases/0/role": "usage" },
        /^posit:current\.connect\.databases\[0\]\.role: must be main/m,
    ],
    [
        "a role of a database twice",
        {
            "current/connect/databases": [
                { server: "s", name: "n", user: "a" },
                { role: "main", server: "s", name: "m", user: "a" },
            ],
        },
        /^posit:current\.connect\.databases\[1\]\.role: main stands there twice; Connect has one database of each/m,
    ],
    [
        "an unknown kind of database",
        { "current/packageManager/databases/0/kind": "mysql" },
        /^posit:current\.packageManager\.databases\[0\]/m,
    ],
    [
        "a timer that overflows",
        { "captures/0/maxClosedSeconds": 2_147_484 },
        /^posit:captures\[0\]\.maxClosedSeconds: must be a whole number from 10 to 86400/m,
    ],
    [
        "a stay of years",
        { "captures/0/maxStaySeconds": 100_000_000 },
        /maxStaySeconds: must be a whole number from 600 to 2592000/,
    ],
    [
        "a drain of years",
        { "captures/0/drainSeconds": 100_000_000 },
        /drainSeconds: must be a whole number from 0 to 86400/,
    ],
    ["back in years", { "captures/0/backMinutes": 100_000_000 }, /backMinutes: must be a whole number from 1 to 43200/],
    ...["a\u0007b", "a\nb", "a\u001b[31mb", "a\u2028b", "a\u0085b"].map((notice): [string, Change, RegExp] => [
        `notice ${JSON.stringify(notice)}`,
        { "captures/0/notice": notice },
        /^posit:captures\[0\]\.notice: must be one line without control characters/m,
    ]),
    ["a moment that is none", { "captures/0/notBefore": "2026-02-30T10:00:00Z" }, /notBefore: must be a moment/],
    ["a moment without a zone", { "captures/0/notBefore": "2026-02-20T10:00:00" }, /notBefore: must be a moment/],
    [
        "tokens that make one name of a snapshot",
        { captures: [capture("final"), capture("final-warm-up")] },
        /^posit:captures: tokens final and final-warm-up give two snapshots one name/m,
    ],
    [
        "an override of no gate",
        { "overrides/0/gate": "serve.windw" },
        /^posit:overrides\[0\]\.gate: is no gate; did you mean "serve\.window"\?/m,
    ],
    [
        "an override of nothing alike",
        { "overrides/0/gate": "everything-at-once" },
        /^posit:overrides\[0\]\.gate: is no gate; there are phase, install/m,
    ],
    ["a reason of blanks", { "overrides/0/reason": " ".repeat(20) }, /^posit:overrides\[0\]\.reason: must say why/m],
    [
        "serve without entry points",
        { entryPoints: undefined },
        /^posit:serve: without posit:entryPoints no name can be moved/m,
    ],
    ["serve to this very stack", { serve: { stack: "prod" } }, /^posit:serve\.stack: is this very stack/m],
    [
        "an environment twice",
        { environments: ["staging", "staging"] },
        /^posit:environments\[1\]: staging stands there twice/m,
    ],
    [
        "a certificate that is none",
        { databaseCaCertificate: "garbage" },
        /^posit:databaseCaCertificate: must be certificates in PEM/m,
    ],
    [
        "a bundle with a broken certificate",
        { databaseCaCertificate: `${certificate}${certificate.replace(/M/g, "N")}` },
        /^posit:databaseCaCertificate: certificate 2 of 2 can't be read/m,
    ],
    [
        "a private key beside the certificate",
        { databaseCaCertificate: `${certificate}${operatorKey.private}` },
        /^posit:databaseCaCertificate: must be certificates/m,
    ],
    [
        "options of a mount with blanks",
        { sharedHomes: { source: "files:/h", options: "ro /etc", mount: "/data/homes" } },
        /^posit:sharedHomes\.options: must be/m,
    ],
    [
        "shared homes over the system",
        { sharedHomes: { source: "files:/h", mount: "/etc" } },
        /^posit:sharedHomes\.mount: \/etc belongs/m,
    ],
    ["a project that RDS takes no name from", { project: "a--b-" }, /^posit:project: must be/m],
    ["a zone id that is none", { "entryPoints/zone": "/hostedzone/Z1" }, /^posit:entryPoints\.zone: must be/m],
];

const environment: [string, Change, RegExp][] = [
    ["equal names", { "names/connect": "workbench.acme.com" }, /^posit:names\.connect: is workbench's name too/m],
    ...([0, -5, 4_294_967_295, 4_294_967_296, 59_990, 1.5] as const).flatMap((number): [string, Change, RegExp][] => [
        [`uid ${number}`, { "accounts/0/uid": number }, /^posit:accounts\[0\]\.uid: /m],
        [`gid ${number}`, { "accounts/0/gid": number }, /^posit:accounts\[0\]\.gid: /m],
    ]),
    ["one number twice", { "accounts/1/uid": 1001 }, /^posit:accounts\[1\]\.uid: 1001 is ada's number too/m],
    ["one name twice", { "accounts/1/name": "ada" }, /^posit:accounts\[1\]\.name: ada stands there twice/m],
    ...["a:b c", "-D", "", "a\nb", "x".repeat(33), "root", "posit-operator"].map((name): [string, Change, RegExp] => [
        `account ${JSON.stringify(name)}`,
        { "accounts/0/name": name },
        /^posit:accounts\[0\]\.name: /m,
    ]),
    ...["/", "/etc", "/home/../etc", "/root", "/home/a b"].map((home): [string, Change, RegExp] => [
        `home ${home}`,
        { "accounts/0/home": home },
        /^posit:accounts\[0\]\.home: /m,
    ]),
    ["a group of no name", { "accounts/0/groups/0": "-x" }, /^posit:accounts\[0\]\.groups\[0\]: must be/m],
    ...["SenderEmail", "Server.Sender.Email", "Server.", ".Email", "Server.Sender Email", "Server.\nX"].map(
        (key): [string, Change, RegExp] => [
            `setting ${JSON.stringify(key)}`,
            { "connect/settings": { [key]: "x" } },
            /^posit:connect\.settings.*: must be a setting as `Section\.Key`/m,
        ],
    ),
    [
        "a second line in a setting",
        { "workbench/settings": { "rserver.admin-enabled": "1\nauth-none=1" } },
        /^posit:workbench\.settings\["rserver\.admin-enabled"\]: must be one line/m,
    ],
    [
        "a setting of a file whose settings stand in sections",
        { "workbench/settings": { "launcher.x": "1" } },
        /^posit:workbench\.settings\["launcher\.x"\]: is of launcher\.conf, whose settings stand in sections: `launcher\[SECTION\]\.x`$/m,
    ],
    ...["admin-enabled", "../shadow.x", "rserver[].x", 'rserver "x".y'].map((key): [string, Change, RegExp] => [
        `Workbench's setting ${JSON.stringify(key)}`,
        { "workbench/settings": { [key]: "x" } },
        /^posit:workbench\.settings.*: must be a setting as `file\.key`, or `file\[section\]\.key`, of .*; for example rserver\.admin-group$/m,
    ]),
    [
        "a setting of a section without its name",
        { "connect/settings": { "RPackageRepository.URL": "x" } },
        /^posit:connect\.settings\["RPackageRepository\.URL"\]: is of a section that always has a name/m,
    ],
    [
        "several values where there is one",
        { "connect/settings": { "Server.SenderEmail": ["a", "b"] } },
        /^posit:connect\.settings\["Server\.SenderEmail"\]: has one value/m,
    ],
    ...[[], [1], 1, true, null, {}].map((value): [string, Change, RegExp] => [
        `a setting's value ${JSON.stringify(value)}`,
        { "connect/settings": { "Server.X": value } },
        /^posit:connect\.settings\["Server\.X"\]: .*must be one line of text.*; for example connect@acme\.com$/m,
    ]),
    [
        "a second line in one of a list",
        { "connect/settings": { "R.Executable": ["/a", "/b\n/c"] } },
        /^posit:connect\.settings\["R\.Executable"\]\[1\]: must be one line without control characters/m,
    ],
    [
        "a # where it begins a comment",
        { "workbench/settings": { "rserver.admin-group": "a#b" } },
        /^posit:workbench\.settings\["rserver\.admin-group"\]: has a # in it/m,
    ],
    [
        "a setting twice, in other letters",
        { "connect/settings": { "Server.SenderEmail": "a", "server.senderemail": "b" } },
        /^posit:connect\.settings\["server\.senderemail"\]: is the same setting as Server\.SenderEmail$/m,
    ],
    [
        "a setting twice, by two names of its file",
        { "workbench/settings": { "rserver.admin-enabled": "1", "rserver.conf.admin-enabled": "0" } },
        /^posit:workbench\.settings\["rserver\.conf\.admin-enabled"\]: is the same setting/m,
    ],
    ...(
        [
            ["connect", "Postgres.URL"],
            ["connect", "postgres.url"],
            ["connect", "HTTP.Listen"],
            ["connect", "Server.Address"],
            ["connect", "Server.DataDir"],
            ["connect", "Database.Provider"],
            ["packageManager", "Postgres.UsageDataURL"],
            ["packageManager", "HTTP.Listen"],
            ["workbench", "rserver.www-port"],
            ["workbench", "database.host"],
            ["workbench", "rserver.secure-cookie-key-file"],
        ] as const
    ).map(([product, setting]): [string, Change, RegExp] => [
        `${setting} of ${product}, which the program says itself`,
        { [`${product}/settings`]: { [setting]: "x" } },
        /^posit:\w+\.settings\["[\w.-]+"\]: (names|comes|is where|is how)/m,
    ]),
    ...[
        "https://x.acme.com/\ndeb [trusted=yes] http://evil/ ./",
        "javascript:alert(1)",
        "https://x.acme.com/a b",
        "ftp://x.acme.com/",
        "https://user:hunter2@x.acme.com/",
        "https://",
        "",
        'https://x.acme.com/"',
    ].map((url): [string, Change, RegExp] => [
        `packages at ${JSON.stringify(url)}`,
        { "packages/url": url },
        /^posit:packages\.url: /m,
    ]),
    ...[
        "",
        "key",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n-----END PGP PUBLIC KEY BLOCK-----\n",
        "-----BEGIN PGP PRIVATE KEY BLOCK-----\n\nlQ==\n-----END PGP PRIVATE KEY BLOCK-----",
        "-----BEGIN PGP PUBLIC KEY BLOCK-----\n\nhello world\n-----END PGP PUBLIC KEY BLOCK-----",
    ].map((key): [string, Change, RegExp] => [
        `signing key ${JSON.stringify(key.slice(0, 60))}`,
        { "packages/signingKey": key },
        /^posit:packages\.signingKey: /m,
    ]),
    [
        "a certificate that is none",
        { "database/caCertificate": "garbage" },
        /^posit:database\.caCertificate: must be certificates/m,
    ],
    ...["2026.03.1 ", "2026 03", "", "latest", "2026.03.1\n", "2026.03.1; x", "v2026.03.1"].map(
        (version): [string, Change, RegExp] => [
            `version ${JSON.stringify(version)}`,
            { "connect/version": version },
            /^posit:connect\.version: must be the exact version/m,
        ],
    ),
    ...["fifteen", "15.", "", "1", "15.8.1"].map((version): [string, Change, RegExp] => [
        `Postgres ${JSON.stringify(version)}`,
        { "database/engineVersion": version },
        /^posit:database\.engineVersion: must be a Postgres version/m,
    ]),
    [
        "a master user that RDS keeps",
        { "database/masterUsername": "rdsadmin" },
        /^posit:database\.masterUsername: is a word that RDS keeps/m,
    ],
    [
        "a master user whose name is too long for RDS",
        { "database/masterUsername": "posit_master_of_all" },
        /^posit:database\.masterUsername: must be 1 to 16 letters/m,
    ],
    [
        "an alias for a key",
        { kmsKeyId: "arn:aws:kms:us-east-1:210987654321:alias/posit" },
        /^posit:kmsKeyId: is an alias: AWS answers with the key's own ARN, so every `up` would replace/m,
    ],
    ["a key's bare id", { kmsKeyId: "8a7b6c5d-1234-4abc-9def-0a1b2c3d4e5f" }, /^posit:kmsKeyId: must be the full ARN/m],
    [
        "an unknown gate",
        { "overrides/0/gate": "versions" },
        /^posit:overrides\[0\]\.gate: is no gate; did you mean "version"\?/m,
    ],
    [
        "a substitute that is not installed",
        { "runtimes/substitutes": { "python 3.8.10": "3.11.1" } },
        /^posit:runtimes\.substitutes\["python 3\.8\.10"\]: python 3\.11\.1 will not be there/m,
    ],
    [
        "a substitute for no runtime",
        { "runtimes/substitutes": { "perl 5": "3.12.11" } },
        /^posit:runtimes\.substitutes\["perl 5"\]: must be a runtime/m,
    ],
    [
        "one zone twice",
        { "network/zones": ["us-east-1a", "us-east-1a"] },
        /^posit:network\.zones\[1\]: us-east-1a stands there twice/m,
    ],
    ...(
        [
            ["of this program", { Project: "x" }, /posit:tags.*: is a key that this program uses itself/],
            ["of a capture", { "Posit:Capture": "t" }, /posit:tags.*: is a key that this program uses itself/],
            ["of AWS", { "AWS:x": "1" }, /posit:tags.*: begins with aws: or rds:/],
            ["of RDS", { "rds:x": "1" }, /posit:tags.*: begins with aws: or rds:/],
            ["without a name", { "": "1" }, /posit:tags.*: must be a tag's key/],
            ["that RDS does not take", { "a&b": "1" }, /posit:tags.*: must be a tag's key of letters, digits/],
            ["with a long key", { ["k".repeat(129)]: "1" }, /posit:tags.*: is longer than 128 characters/],
            ["with a long value", { a: "v".repeat(257) }, /posit:tags\.a: is longer than 256 characters/],
            ["with a value of AWS's", { a: "aws:1" }, /posit:tags\.a: begins with aws: or rds:/],
            [
                "in numbers that leave this program none",
                Object.fromEntries(Array.from({ length: 41 }, (_, index) => [`k${index}`, "v"])),
                /posit:tags: are 41 tags.*name 40 at most/,
            ],
        ] as [string, Values, RegExp][]
    ).map(([what, tags, expected]): [string, Change, RegExp] => [`tags ${what}`, { tags }, expected]),
    [
        "an instance profile by its ARN",
        { "connect/instanceProfile": "arn:aws:iam::123456789012:instance-profile/posit" },
        /^posit:connect\.instanceProfile: is an ARN; write the name alone/m,
    ],
    [
        "volumes fetched faster than AWS does",
        { volumeInitializationRate: 500 },
        /^posit:volumeInitializationRate: must be a whole number from 100 to 300/m,
    ],
    ["this very stack as production", { production: "staging" }, /^posit:production: is this very stack/m],
    [
        "more than AWS makes",
        { "connect/volumeSize": 1_000_000 },
        /^posit:connect\.volumeSize: must be a whole number from 1 to/m,
    ],
];

describe("nonsense", () => {
    for (const [stack, rows] of [
        ["prod", production],
        ["staging", environment],
    ] as const) {
        it(`of ${stack} is not there in the beginning`, () => assert.deepEqual(problems(whole(stack), stack), []));

        for (const [what, change, expected] of rows) {
            it(`refused in ${stack}: ${what}`, () => {
                const said = problems(changed(whole(stack), change), stack);
                assert.match(said.join("\n"), expected);
                assert.ok(!said.join("\n").includes("hunter2"));
            });
        }
    }

    it("is refused all in one go, between settings too", () => {
        const said = problems(
            changed(whole("prod"), {
                "ssh/port": 70_000,
                "current/connect/instanceId": "i-0a1b2c3d4e5f67890",
                "current/workbench/hostKey": "ssh-ed25519 AAAA",
                "entryPoints/connect": "workbench.acme.com",
                "overrides/0/gate": "x",
                "captures/0/notice": "a\nb",
                "secrets/sshPrivateKey": "x",
            }),
            "prod",
        );
        const paths = said.map((line) => line.split(": ")[0]).sort();
        assert.deepEqual(paths, [
            "posit:captures[0].notice",
            "posit:current.connect.instanceId",
            "posit:current.workbench.hostKey",
            "posit:entryPoints.connect",
            "posit:overrides[0].gate",
            "posit:secrets.sshPrivateKey",
            "posit:ssh.port",
        ]);
    });

    it("is not said about what stands in for something that is wrong", () => {
        // Both examples are the same address and id; neither may be said to be the other's.
        const said = problems(
            changed(whole("prod"), { "current/connect/instanceId": "x", "current/workbench/instanceId": 5 }),
            "prod",
        );
        assert.equal(said.length, 2, said.join("\n"));
    });
});

describe("what companies write", () => {
    const shared = (sharedHomes: Values): Change => ({
        sharedHomes: {
            source: "fs-0a1b2c3d4e5f67890.efs.us-east-1.amazonaws.com:/",
            mount: "/data/homes",
            ...sharedHomes,
        },
    });
    const rows: [string, Change][] = [
        // As AWS recommends them for EFS.
        [
            "options of EFS",
            shared({ options: "nfsvers=4.1,rsize=1048576,hard,timeo=600,retrans=2,noresvport,_netdev" }),
        ],
        ["the mount helper of EFS", shared({ type: "efs", options: "tls,iam,accesspoint=fsap-0a1b2c3d" })],
    ];
    for (const [what, change] of rows) {
        it(`is accepted: ${what}`, () => assert.deepEqual(problems(changed(whole("prod"), change), "prod"), []));
    }
});

describe("names of databases and roles", () => {
    it("may have what a URL reads as its own", () => {
        const database = { server: "db", name: "a/b?sslmode=disable", user: "co@nn:x/%" };
        assert.deepEqual(
            problems(changed(whole("prod"), { "current/packageManager/databases": [database] }), "prod"),
            [],
        );
    });
});

describe("secrets", () => {
    const cases: [string, StackTemplate, Change, RegExp][] = [
        [
            "a key with a passphrase",
            "prod",
            { "secrets/sshPrivateKey": lockedKey.private },
            /^posit:secrets\.sshPrivateKey: is encrypted with a passphrase/m,
        ],
        [
            "a public key for a private one",
            "prod",
            { "secrets/sshPrivateKey": operatorKey.public },
            /^posit:secrets\.sshPrivateKey: is a public key/m,
        ],
        [
            "no key at all",
            "prod",
            { "secrets/sshPrivateKey": "hunter2" },
            /^posit:secrets\.sshPrivateKey: is no private key that can be read/m,
        ],
        [
            "an RSA bootstrap key",
            "staging",
            { "secrets/bootstrapHostKey": rsaKey.private },
            /^posit:secrets\.bootstrapHostKey: must be an ed25519 key/m,
        ],
        [
            "the operator's key as bootstrap key",
            "staging",
            { "secrets/bootstrapHostKey": operatorKey.private },
            /^posit:secrets\.bootstrapHostKey: is the operator's own key/m,
        ],
        ...["short", "with/slash1", "with@sign1", 'with"quote1', "with blank", "ü".repeat(10), "x".repeat(129)].map(
            (value): [string, StackTemplate, Change, RegExp] => [
                `the master password ${JSON.stringify(value.slice(0, 12))}`,
                "staging",
                { "secrets/databaseMasterPassword": value },
                /^posit:secrets\.databaseMasterPassword: must be 8 to 128 printable ASCII/m,
            ],
        ),
        [
            "a password of two lines",
            "prod",
            { "secrets/databasePasswords/connect/main": "a\nb" },
            /^posit:secrets\.databasePasswords\.connect\.main: must be a password of one line/m,
        ],
    ];
    for (const [what, stack, change, expected] of cases) {
        it(`refuse ${what}, and never repeat it`, () => {
            const said = problems(changed(whole(stack), change), stack).join("\n");
            assert.match(said, expected);
            for (const secret of Object.values(change)) {
                if (typeof secret === "string" && secret.length > 3) {
                    assert.ok(!said.includes(secret) && !said.includes(secret.split("\n")[1] ?? "nothing"));
                }
            }
        });
    }

    it("with any of RDS's characters are fine", () => {
        const value = "!#$%&'()*+,-.0:;<=>?[]^_`{|}~\\";
        assert.deepEqual(
            problems(changed(whole("staging"), { "secrets/databaseMasterPassword": value }), "staging"),
            [],
        );
    });

    /** The engine calls the whole of posit:secrets a secret when one leaf of it is encrypted. */
    const file = (secrets: unknown) =>
        stringify({ encryptionsalt: "v1:x", config: { "aws:region": "us-east-1", "posit:secrets": secrets } });

    it("in plain text beside encrypted ones are named by their path, never quoted", () => {
        const said = problems(
            whole("prod"),
            "prod",
            file({
                sshPrivateKey: { secure: "v1:abc" },
                databasePasswords: { connect: "hunter2", workbench: { secure: "v1:d" } },
            }),
        );
        assert.equal(said.length, 1, said.join("\n"));
        assert.match(
            said[0],
            /^posit:secrets\.databasePasswords\.connect: is stored as plain text\. .*--path posit:secrets\.databasePasswords\.connect`, and change what was exposed/,
        );
        assert.ok(!said[0].includes("hunter2"));
    });

    for (const [what, secrets] of [
        ["lists", { sshPrivateKey: { secure: "v1:a" }, databasePasswords: ["hunter2"] }],
        ["numbers", { sshPrivateKey: { secure: "v1:a" }, databaseMasterPassword: 12345678 }],
        ["an object that only looks encrypted", { sshPrivateKey: { secure: "v1:a", also: "hunter2" } }],
        ["`secure` that is no text", { sshPrivateKey: { secure: { x: "hunter2" } } }],
    ] as const) {
        it(`in plain text are seen in ${what}`, () => {
            const said = problems(whole("prod"), "prod", file(secrets));
            assert.ok(
                said.some((line) => /is stored as plain text/.test(line)),
                said.join("\n"),
            );
            assert.ok(!/hunter2|12345678/.test(said.join("\n")));
        });
    }

    it("that are all encrypted are fine: as one, leaf by leaf, or from elsewhere", () => {
        const leaf = { secure: "v1:abc" };
        for (const secrets of [leaf, { sshPrivateKey: leaf, databasePasswords: { connect: leaf } }, undefined, null]) {
            assert.deepEqual(problems(whole("prod"), "prod", file(secrets)), []);
        }
        for (const text of ["", "config: {}", "]broken", "a: &a [*a, *a]"]) {
            assert.deepEqual(problems(whole("prod"), "prod", text), []);
        }
    });

    it("are seen however YAML spells them", () => {
        const text =
            'config:\n  "posit:secrets": {sshPrivateKey: !!str hunter2, "databasePasswords": {"connect": {"secure": v1:x}}}\n';
        assert.deepEqual(Object.keys((parseYaml(text) as { config: object }).config), ["posit:secrets"]);
        assert.match(
            problems(whole("prod"), "prod", text).join(),
            /^posit:secrets\.sshPrivateKey: is stored as plain text/,
        );
    });
});

describe("all three products", () => {
    it("are spoken of by the same words", () => {
        for (const product of productIds) {
            const said = problems(changed(whole("staging"), { [`${product}/version`]: " " }), "staging");
            assert.match(said.join(), new RegExp(`^posit:${product}\\.version: must be the exact version`));
        }
    });

    it("need a bootstrap key that is not the operator's", () => {
        assert.notEqual(bootstrapKey.private, operatorKey.private);
    });
});
