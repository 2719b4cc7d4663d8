// Whether production's listed hosts and volumes are what the configuration says, and can be captured.
import type { PlainProduction } from "../../config/schema";
import { parseAddress } from "../../logic/ranges";
import { byProduct, ProductId, products } from "../../products";
import { CloudAnswer, ifKnown } from "../answer";
import type { InstanceFacts, InstanceTypeFacts, ProductCode, SnapshotFacts, VolumeFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

type Listed = Exclude<PlainProduction["current"], { stack: string }>;
type ListedHost = Listed[ProductId];

export interface HostAnswers {
    instances: CloudAnswer<InstanceFacts[]>;
    types: CloudAnswer<InstanceTypeFacts[]>;
    volumes: CloudAnswer<VolumeFacts[]>;
    /** By volume. */
    codes: Record<string, CloudAnswer<ProductCode[]>>;
    snapshots: CloudAnswer<SnapshotFacts[]>;
}

export function judgeHosts(listed: Listed, answers: HostAnswers): AccountFinding[] {
    return byProduct(listed).flatMap(([product, host]) => [
        ...judgeInstance(product, host, answers),
        ...[...new Map(host.dataVolumes.map((volume) => [volume.volumeId, volume])).values()].flatMap((volume) =>
            judgeVolume(product, host, volume.volumeId, answers),
        ),
    ]);
}

function judgeInstance(product: ProductId, host: ListedHost, answers: HostAnswers): AccountFinding[] {
    const about = `host ${host.instanceId}, ${products[product].title}`;
    const key = `posit:current.${product}`;
    return ifKnown(
        answers.instances,
        (instances) => {
            const instance = instances.find(({ id }) => id === host.instanceId);
            if (!instance) {
                return [
                    wrong(
                        about,
                        "is not there in this account and region",
                        `set ${key}.instanceId to the host's (\`aws ec2 describe-instances --filters Name=private-ip-address,Values=${host.address}\` finds it), or correct the account and region`,
                    ),
                ];
            }
            const { state, privateAddress, publicAddress, type } = instance;
            const problems = [
                ...(state === "running"
                    ? []
                    : [
                          wrong(
                              about,
                              `is ${state}`,
                              "start it: what does not run can be neither looked at nor captured",
                          ),
                      ]),
                ...(isXen(type, answers.types)
                    ? [
                          wrong(
                              about,
                              `is a ${type}, of a generation (Xen) whose volumes a host does not know by their ids`,
                              "stop it and give it a type of a newer generation (Nitro) before the upgrade",
                          ),
                      ]
                    : []),
                ...(parseAddress(host.address) === undefined || [privateAddress, publicAddress].includes(host.address)
                    ? []
                    : [
                          open(
                              about,
                              `has the addresses ${[privateAddress, publicAddress].filter((one) => one !== undefined).join(" and ") || "none"}, and ${key}.address says ${host.address}`,
                              "right where something leads from one to the other; else correct it",
                          ),
                      ]),
            ];
            return problems.length > 0 ? problems : [ok(about, `is running, ${type} in ${instance.zone}`)];
        },
        (why) => [open(about, why)],
    );
}

function isXen(type: string, types: CloudAnswer<InstanceTypeFacts[]>): boolean {
    return "known" in types && types.known.some((one) => one.type === type && one.hypervisor === "xen");
}

function judgeVolume(product: ProductId, host: ListedHost, id: string, answers: HostAnswers): AccountFinding[] {
    const about = `volume ${id}, ${products[product].title}`;
    return ifKnown(
        answers.volumes,
        (volumes) => {
            const volume = volumes.find((one) => one.id === id);
            if (!volume) {
                return [
                    wrong(
                        about,
                        "is not there in this account and region",
                        `correct dataVolumes in posit:current.${product} (\`aws ec2 describe-instances --instance-ids ${host.instanceId}\` has the host's volumes)`,
                    ),
                ];
            }
            const problems = [
                ...attachment(about, volume, host, product),
                ...sold(about, answers.codes[id]),
                ...pending(about, volume, answers.snapshots),
            ];
            const is = `${volume.size} GiB ${volume.type}${volume.encrypted ? ", encrypted" : ", not encrypted (its restored copy is)"}`;
            return problems.some(({ verdict }) => verdict === "wrong") ? problems : [ok(about, is), ...problems];
        },
        (why) => [open(about, why)],
    );
}

function attachment(about: string, volume: VolumeFacts, host: ListedHost, product: ProductId): AccountFinding[] {
    const others = volume.attachedTo.map(({ instanceId }) => instanceId);
    if (others.includes(host.instanceId)) {
        return [];
    }
    return [
        wrong(
            about,
            others.length > 0
                ? `is attached to ${others.join(", ")}, not to ${host.instanceId}`
                : `is attached to no host (state ${volume.state})`,
            `correct instanceId or dataVolumes in posit:current.${product}: a capture of it would have another host's data`,
        ),
    ];
}

/** EBS User Guide, "Attach an Amazon EBS volume to an Amazon EC2 instance": with such a code to a stopped instance only; snapshots hand codes on. */
function sold(about: string, answer: CloudAnswer<ProductCode[]>): AccountFinding[] {
    return ifKnown(
        answer,
        (codes) => {
            const found = codes.filter(({ type }) => type === "marketplace").map(({ code }) => code);
            return found.length === 0
                ? []
                : [
                      wrong(
                          about,
                          `has a product code of the AWS Marketplace (${found.join(", ")}), as its copies will: they can be attached to stopped hosts only`,
                          "copy the data onto a volume of its own, made blank, and name that one in dataVolumes",
                      ),
                  ];
        },
        (why) => [open(about, why)],
    );
}

/** EBS User Guide, "Create Amazon EBS snapshots": so many may be pending of one volume. */
const pendingAtMost: Record<string, number> = { st1: 1, sc1: 1 };
const usuallyPending = 5;

function pending(about: string, { id, type }: VolumeFacts, answer: CloudAnswer<SnapshotFacts[]>): AccountFinding[] {
    return ifKnown(
        answer,
        (snapshots) => {
            const waiting = snapshots.filter((one) => one.volumeId === id && one.state === "pending");
            const most = pendingAtMost[type] ?? usuallyPending;
            if (waiting.length >= most) {
                return [
                    wrong(
                        about,
                        `has ${waiting.length} pending snapshots (${waiting.map((one) => one.id).join(", ")}), and EBS takes no more than ${most} of a ${type} volume`,
                        "wait until they are completed; a backup plan that takes one at the hour of a capture must be moved",
                    ),
                ];
            }
            return most === 1
                ? [
                      open(
                          about,
                          `is of type ${type}, which may have one pending snapshot: a backup at the hour of a capture, or a warm-up that is not over, makes it void`,
                          "leave hours between them, or move the data to gp3",
                      ),
                  ]
                : [];
        },
        (why) => [open(about, why)],
    );
}
