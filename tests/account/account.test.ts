// `make account` against a local moto: the right account, for both roles, and accounts in each of which one thing is wrong, found with its sentence
// and nothing else. What moto does not know stands in gaps.ts. Proves that questions are asked and judged rightly; not that AWS answers as moto does.
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { DetachVolumeCommand, AttachVolumeCommand, CreateVpcCommand, StopInstancesCommand } from "@aws-sdk/client-ec2";
import { DisableKeyCommand } from "@aws-sdk/client-kms";
import { ModifyDBInstanceCommand } from "@aws-sdk/client-rds";
import { askAccount } from "../../account/ask";
import { asked as listed } from "../../account/asked";
import { cloudOf } from "../../account/cloud";
import type { AccountFinding } from "../../account/finding";
import { AccountReport } from "../../account/production";
import { askedStack } from "../../account/settings";
import { tableOf, timesTable } from "../../account/table";
import { Changes } from "../program/templates";
import { GapServer, inFrontOf, noGaps } from "./gaps";
import { Moto, startMoto } from "./moto";
import { addRoute, allow, clientsOf, RightAccount, rightAccount, setRecord } from "./rightAccount";

type Stack = "prod" | "staging";

interface WrongAccount {
    what: string;
    stack: Stack;
    /** In the stack file. */
    changes?: (account: RightAccount) => Changes;
    /** In what moto does not know. */
    gaps?: (account: RightAccount) => Partial<GapServer["gaps"]>;
    spoil?: (account: RightAccount, moto: Moto) => Promise<unknown>;
    /** What is wrong, and what is said to do; all that is wrong. */
    wrong: [says: RegExp, remedy: RegExp][];
    /** Of what can't be told then. */
    open?: RegExp;
}

const wrongAccounts: WrongAccount[] = [
    {
        what: "another account's credentials",
        stack: "prod",
        changes: () => ({ "aws:allowedAccountIds": ["210987654321"] }),
        wrong: [[/of account 123456789012, and aws:allowedAccountIds has 210987654321/, /AWS_PROFILE/]],
    },
    {
        what: "snapshots that this caller may not take",
        stack: "prod",
        gaps: () => ({ denied: ["ec2:CreateSnapshot"] }),
        wrong: Array.from({ length: 4 }, (): [RegExp, RegExp] => [
            /ec2:CreateSnapshot on vol-\w+ is not allowed \(UnauthorizedOperation/,
            /have ec2:CreateSnapshot allowed/,
        ]),
    },
    {
        what: "records that this caller may not change, by its policies",
        stack: "prod",
        gaps: () => ({ denied: ["route53:ChangeResourceRecordSets"] }),
        wrong: [[/route53:ChangeResourceRecordSets on .*hostedzone\/Z\w+ is not allowed/, /have route53:Change/]],
    },
    {
        what: "an image of another region",
        stack: "staging",
        changes: () => ({ "posit:operatingSystem.ami": "ami-0a1b2c3d4e5f67890" }),
        wrong: [[/is not there for this account in this region/, /set posit:operatingSystem\.ami/]],
    },
    {
        what: "types of another architecture than the image",
        stack: "staging",
        changes: () => ({ "posit:connect.instanceType": "m6g.large" }),
        wrong: [[/m6g\.large is arm64, and the image is x86_64/, /set posit:connect\.instanceType/]],
    },
    {
        what: "a type that the first zone does not offer",
        stack: "staging",
        changes: () => ({ "posit:network.zones": ["us-east-1e", "us-east-1a"] }),
        wrong: Array.from({ length: 3 }, (): [RegExp, RegExp] => [
            /m6i\.\w+ is not offered in us-east-1e, but in us-east-1a/,
            /put a zone first/,
        ]),
    },
    {
        what: "a version of PostgreSQL that can't be had",
        stack: "staging",
        changes: () => ({ "posit:database.engineVersion": "14.1" }),
        wrong: [
            [
                /PostgreSQL 14\.1 on db\.m6i\.large can't be ordered; this class has 15\.7, 15\.8, 16\.4/,
                /engineVersion/,
            ],
        ],
    },
    {
        what: "a database class of other zones",
        stack: "staging",
        gaps: () => ({ orderable: { "db.m6i.large": { versions: ["15.8"], zones: ["us-east-1f"] } } }),
        wrong: [
            [/PostgreSQL 15 on db\.m6i\.large is offered in none of us-east-1a, us-east-1b/, /instanceClass/],
            [/PostgreSQL 15\.8 on db\.m6i\.large is offered in none/, /instanceClass/],
        ],
    },
    {
        what: "a key that is disabled",
        stack: "staging",
        spoil: ({ clients, key }) => clients.kms.send(new DisableKeyCommand({ KeyId: key.id })),
        wrong: [
            [/is in state Disabled: a volume or server made with it/, /enable it/],
            [/is in state Disabled/, /enable it/],
        ],
    },
    {
        what: "a key of another region",
        stack: "staging",
        changes: () => ({
            "posit:kmsKeyId": "arn:aws:kms:eu-west-1:123456789012:key/8a7b6c5d-1234-4abc-9def-0a1b2c3d4e5f",
        }),
        wrong: [[/is a key of eu-west-1, and the stack is in us-east-1/, /set posit:kmsKeyId/]],
    },
    {
        what: "no room for another network",
        stack: "staging",
        spoil: async ({ clients }) => {
            for (const second of [101, 102, 103]) {
                await clients.ec2.send(new CreateVpcCommand({ CidrBlock: `10.${second}.0.0/16` }));
            }
        },
        wrong: [[/5 of 5 VPCs are used, and 1 more are needed/, /--quota-code L-F678F1CE --desired-value 6/]],
    },
    {
        what: "too few vCPUs",
        stack: "staging",
        gaps: () => ({ quotas: { ...noGaps().quotas, "L-1216C47A": 16 } }),
        wrong: [[/of 16 vCPUs are used, and 18 more are needed/, /--quota-code L-1216C47A/]],
    },
    {
        what: "a type of another family, of which the account may have none",
        stack: "staging",
        changes: () => ({ "posit:connect.instanceType": "g4dn.2xlarge" }),
        gaps: () => ({ quotas: { ...noGaps().quotas, "L-DB2E81BA": 0 } }),
        wrong: [[/0 of 0 vCPUs are used, and 8 more are needed/, /--quota-code L-DB2E81BA --desired-value 8/]],
    },
    {
        what: "an instance profile that is not there",
        stack: "staging",
        changes: () => ({ "posit:connect.instanceProfile": "posit-connect" }),
        wrong: [[/posit-connect is not there in this account/, /set posit:connect\.instanceProfile/]],
    },
    {
        what: "an existing network without routes",
        stack: "staging",
        changes: ({ vpcId, subnetId, otherSubnetId }) => ({
            "posit:network": {
                existing: { vpcId, subnetIds: [subnetId, otherSubnetId] },
                operatorCidrs: ["10.8.0.0/24"],
                userCidrs: ["10.9.0.0/16"],
            },
        }),
        wrong: [
            [/no route of subnet-\w+ leads to 10\.8\.0\.0\/24 \(.*SSH from operators/, /have one added to its route/],
            [/no route of subnet-\w+ leads to 10\.9\.0\.0\/16 \(Users\)/, /have one added/],
            [/no route of subnet-\w+ leads to 10\.8\.0\.0\/24 \(Roles and databases/, /have one added/],
        ],
    },
    {
        what: "hosts that are refused without their subnet, which tells nothing",
        stack: "staging",
        gaps: () => ({ denied: ["ec2:RunInstances"] }),
        wrong: [],
        open: /ec2:RunInstances .*asked without the subnet and the security group/,
    },
    {
        what: "a range that the transit gateway leads elsewhere",
        stack: "staging",
        spoil: (account) => addRoute(account.clients.ec2, account, "10.20.1.0/24"),
        wrong: [[/leads 10\.20\.1\.0\/24 (to vpc-|elsewhere)/, /set posit:network\.vpcCidr/]],
    },
    {
        what: "users to whom no route leads",
        stack: "staging",
        changes: () => ({ "posit:network.userCidrs": ["10.99.0.0/16"] }),
        wrong: [
            [
                /route table tgw-rtb-\w+ does not lead to 10\.99\.0\.0\/16 of posit:network\.userCidrs/,
                /have a route added/,
            ],
        ],
    },
    {
        what: "a root volume that is smaller than the image's",
        stack: "staging",
        changes: () => ({ "posit:connect.rootVolumeSize": 8 }),
        wrong: [
            [/has a root volume of \d+ GiB, and posit:connect\.rootVolumeSize says 8/, /set posit:connect\.rootVol/],
        ],
    },
    {
        what: "a name that is an alias",
        stack: "prod",
        spoil: async ({ clients: { route53 }, zoneId }) => {
            const Name = "connect.acme.com.";
            const old = { Name, Type: "A" as const, TTL: 300, ResourceRecords: [{ Value: "10.1.0.12" }] };
            await setRecord(route53, zoneId, old, "DELETE");
            await setRecord(route53, zoneId, {
                Name,
                Type: "A",
                AliasTarget: { HostedZoneId: "Z35SXDOTRQ7X7K", DNSName: "lb.acme.com.", EvaluateTargetHealth: false },
            });
        },
        wrong: [
            [
                /connect\.acme\.com has an alias \(A\) of lb\.acme\.com/,
                /Replace it by that first, or set posit:entryPoints\.kind: external/,
            ],
        ],
    },
    {
        what: "a name with an AAAA record, and one with another value and TTL",
        stack: "prod",
        spoil: async ({ clients: { route53 }, zoneId }) => {
            await setRecord(route53, zoneId, {
                Name: "connect.acme.com.",
                Type: "AAAA",
                TTL: 300,
                ResourceRecords: [{ Value: "2001:db8::1" }],
            });
            await setRecord(route53, zoneId, {
                Name: "workbench.acme.com.",
                Type: "A",
                TTL: 3600,
                ResourceRecords: [{ Value: "203.0.113.11" }],
            });
        },
        wrong: [
            [
                /workbench\.acme\.com A 203\.0\.113\.11 with TTL 3600, the configuration would make it 10\.1\.0\.11/,
                /Set publicAddress/,
            ],
            [/workbench\.acme\.com leads to 203\.0\.113\.11, which is a public address/, /^Put something in front/],
            [/connect\.acme\.com has a record of type AAAA/, /Replace it/],
        ],
    },
    {
        what: "a zone of another account",
        stack: "prod",
        changes: () => ({ "posit:entryPoints.zone": "Z0A1B2C3D4E5F6G7H8I9J" }),
        wrong: [[/is not there in this account/, /set posit:entryPoints\.zone/]],
    },
    {
        what: "a volume of another host",
        stack: "prod",
        spoil: async ({ clients: { ec2 }, hosts }) => {
            const [VolumeId] = hosts.connect.volumes;
            const [from, to] = [hosts.connect.instanceId, hosts.workbench.instanceId];
            await ec2.send(new DetachVolumeCommand({ VolumeId, InstanceId: from, Device: "/dev/sdf" }));
            await ec2.send(new AttachVolumeCommand({ VolumeId, InstanceId: to, Device: "/dev/sdx" }));
        },
        wrong: [[/is attached to i-\w+, not to i-\w+/, /correct instanceId or dataVolumes in posit:current\.connect/]],
    },
    {
        what: "a volume that came from the Marketplace",
        stack: "prod",
        gaps: ({ hosts }) => ({ productCodes: { [hosts.connect.volumes[0]]: "aw0evgkw8e5c1q413zgy5pjce" } }),
        wrong: [[/has a product code of the AWS Marketplace/, /copy the data onto a volume of its own/]],
    },
    {
        what: "a host that is stopped, and one that is not there",
        stack: "prod",
        changes: () => ({ "posit:current.workbench.instanceId": "i-0a1b2c3d4e5f67890" }),
        spoil: ({ clients: { ec2 }, hosts }) =>
            ec2.send(new StopInstancesCommand({ InstanceIds: [hosts.connect.instanceId] })),
        wrong: [
            [/is not there in this account and region/, /set posit:current\.workbench\.instanceId/],
            [/is attached to i-\w+, not to i-0a1b2c3d4e5f67890/, /correct instanceId/],
            [/is attached to i-\w+, not to i-0a1b2c3d4e5f67890/, /correct instanceId/],
            [/^is stopped$/, /start it/],
        ],
    },
    {
        what: "a server without backups whose capture wants a moment",
        stack: "prod",
        changes: () => ({ "posit:captures": [{ token: "2026-11-21a", reopen: true, database: "pointInTime" }] }),
        spoil: ({ clients: { rds } }) =>
            rds.send(
                new ModifyDBInstanceCommand({
                    DBInstanceIdentifier: "acme-db",
                    BackupRetentionPeriod: 0,
                    ApplyImmediately: true,
                }),
            ),
        wrong: [[/acme-db keeps no backups, so it can't be restored to a moment/, /backup retention of a day/]],
    },
    {
        what: "a final capture that promises users too much",
        stack: "prod",
        changes: () => ({ "posit:captures": [{ token: "2026-11-28a", reopen: false, backMinutes: 5 }] }),
        wrong: [[/told to come back after 5 minutes, and the cutover takes \d+/, /set backMinutes to \d+/]],
    },
    {
        what: "questions that this caller may not ask, by moto's own judgement of its policies",
        stack: "prod",
        spoil: async ({ clients: { iam } }, moto) => {
            await allow(iam, [
                { Effect: "Allow", Action: "*", Resource: "*" },
                { Effect: "Deny", Action: "rds:Describe*", Resource: "*" },
            ]);
            await moto.enforce();
        },
        wrong: [],
        open: /rds:DescribeDBInstances is not allowed to this caller/,
    },
];

describe("make account", function () {
    this.timeout(120_000);
    let moto: Moto;
    let front: GapServer;
    let account: RightAccount;
    let folder: string;

    before(async () => {
        moto = await startMoto();
        front = await inFrontOf(moto.url);
        folder = fs.mkdtempSync(path.join(os.tmpdir(), "account-"));
    });
    after(() => {
        front?.stop();
        moto?.stop();
        if (folder) fs.rmSync(folder, { recursive: true });
    });
    /** Making it takes longest, so it stands until a test has spoilt it. */
    let spoilt = true;
    beforeEach(async () => {
        front.gaps = noGaps();
        front.asked.clear();
        if (spoilt) {
            await moto.reset();
            account = await rightAccount(clientsOf(moto.url));
            spoilt = false;
        }
    });

    async function ask(stack: Stack, changes: Changes = {}): Promise<AccountReport> {
        for (const one of ["prod", "staging"] as const) {
            fs.writeFileSync(
                path.join(folder, `Pulumi.${one}.yaml`),
                account.stackFile(one, one === stack ? changes : {}),
            );
        }
        process.env.AWS_ENDPOINT_URL = front.url;
        process.env.AWS_ACCESS_KEY_ID = account.credentials.accessKeyId;
        process.env.AWS_SECRET_ACCESS_KEY = account.credentials.secretAccessKey;
        const read = askedStack(stack, folder, {});
        return askAccount(read, { cloud: cloudOf(read), progress: () => undefined });
    }

    for (const stack of ["prod", "staging"] as const) {
        it(`finds nothing wrong with the right account, for ${stack}`, async () => {
            const { findings, times } = await ask(stack);
            const others = findings.filter(({ verdict }) => verdict !== "ok");
            assert.deepEqual(others, [], tableOf(findings).join("\n"));
            assert.ok(findings.length > 15, tableOf(findings).join("\n"));
            assert.ok(times && times.cutover.p50 > times.window.p50);
            assert.match(
                timesTable(times).join("\n"),
                /cutover, .* min, one time of ten over \d+ min \(longest: RDS's restore\)/,
            );
        });

        it(`asks what account/asked.ts lists for ${stack}, and nothing else`, async () => {
            await ask(stack, stack === "staging" ? { "posit:network.natSubnetCidr": "10.20.0.0/24" } : {});
            const expected = listed.filter(({ roles }) =>
                roles.includes(stack === "prod" ? "production" : "environment"),
            );
            const alwaysAsked = expected.filter(({ unless }) => unless === undefined);
            const names = (list: typeof listed) => list.map(({ service, action }) => `${service}:${action}`).sort();
            const known = names(expected);
            assert.deepEqual([...front.asked].filter((one) => !known.includes(one)).sort(), []);
            assert.deepEqual(
                names(alwaysAsked).filter((one) => !front.asked.has(one)),
                [],
            );
        });
    }

    for (const { what, stack, changes, gaps, spoil, wrong, open } of wrongAccounts) {
        it(`finds ${what}`, async () => {
            front.gaps = { ...noGaps(), ...gaps?.(account) };
            spoilt = spoil !== undefined;
            await spoil?.(account, moto);
            const { findings } = await ask(stack, changes?.(account));
            const found = findings.filter(({ verdict }) => verdict === "wrong");
            const table = tableOf(findings).join("\n");
            assert.equal(found.length, wrong.length, table);
            wrong.forEach(([says, remedy], index) => {
                assert.match(found[index].says, says, table);
                assert.match(found[index].remedy ?? "", remedy, table);
            });
            if (open)
                assert.ok(
                    findings.some((one) => one.verdict === "open" && open.test(one.says)),
                    table,
                );
            assert.ok(findings.every(hasRemedy), table);
        });
    }
});

function hasRemedy({ verdict, remedy }: AccountFinding): boolean {
    return verdict !== "wrong" || (remedy ?? "").length > 10;
}
