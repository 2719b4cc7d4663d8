// Whether the new hosts can be made from the image, and of the types that are to have it.
import type { ProductId } from "../../products";
import { CloudAnswer, ifKnown } from "../answer";
import type { ImageFacts, InstanceTypeFacts } from "../facts";
import { AccountFinding, ok, open, wrong } from "../finding";

export interface PlannedHost {
    product: ProductId;
    /** "Posit Connect" */
    title: string;
    /** Of its part of the configuration: "posit:connect". */
    key: string;
    instanceType: string;
    /** Name of its IAM instance profile. */
    instanceProfile?: string;
    /** GiB */
    rootVolumeSize: number;
    volumeSizes: number[];
}

export function judgeImage(
    id: string,
    answer: CloudAnswer<ImageFacts | undefined>,
    hosts: PlannedHost[],
    now: Date,
): AccountFinding[] {
    const about = `image ${id}`;
    return ifKnown(
        answer,
        (image) =>
            image === undefined
                ? [
                      wrong(
                          about,
                          "is not there for this account in this region",
                          "set posit:operatingSystem.ami to an image of this region that is the account's own, public, or shared with it",
                      ),
                  ]
                : [...unusable(about, image), ...tooBig(about, image, hosts), ...notes(about, image, now)],
        (why) => [open(about, why)],
    );
}

function unusable(about: string, image: ImageFacts): AccountFinding[] {
    const { state, rootDeviceType, virtualization, platform, architecture } = image;
    const other = "set posit:operatingSystem.ami to another image";
    const found = [
        ...(state === "available" ? [] : [wrong(about, `is in state ${state}, not available`, other)]),
        ...(rootDeviceType === "ebs"
            ? []
            : [wrong(about, `has a root device of type ${rootDeviceType}; new hosts have theirs on EBS`, other)]),
        ...(virtualization === "hvm"
            ? []
            : [wrong(about, `is virtualized as ${virtualization}, which types of today can't run`, `${other} (hvm)`)]),
        ...(/windows/i.test(platform) ? [wrong(about, `is ${platform}`, `${other}, of a Linux`)] : []),
    ];
    return found.length > 0 ? found : [ok(about, `is available: ${platform || "Linux/UNIX"}, ${architecture}, on EBS`)];
}

/** EC2: "Volume of size 8GB is smaller than snapshot …, expect size >= 30GB" (InvalidBlockDeviceMapping). */
function tooBig(about: string, { rootSize }: ImageFacts, hosts: PlannedHost[]): AccountFinding[] {
    return hosts
        .filter(({ rootVolumeSize }) => rootSize !== undefined && rootVolumeSize < rootSize)
        .map(({ key, rootVolumeSize }) =>
            wrong(
                about,
                `has a root volume of ${rootSize} GiB, and ${key}.rootVolumeSize says ${rootVolumeSize}`,
                `set ${key}.rootVolumeSize to ${rootSize} at least`,
            ),
        );
}

function notes(about: string, { productCodes, deprecated }: ImageFacts, now: Date): AccountFinding[] {
    const sold = productCodes.filter(({ type }) => type === "marketplace").map(({ code }) => code);
    return [
        ...(sold.length > 0
            ? [
                  open(
                      about,
                      `is sold in the Marketplace (product code ${sold.join(", ")}): whether the account has subscribed is told by the tried RunInstances, and its volumes can be attached to stopped instances only`,
                      "take an image without product codes if you can: the next upgrade can't capture data on such a root volume",
                  ),
              ]
            : []),
        ...(deprecated !== undefined && Date.parse(deprecated) < now.getTime()
            ? [
                  open(
                      about,
                      `is deprecated since ${deprecated.slice(0, 10)}`,
                      "take its successor: hosts that are made later may not find it any longer",
                  ),
              ]
            : []),
    ];
}

/** @param zone where hosts live: the first; absent where it can't be told. */
export function judgeInstanceTypes(
    answer: CloudAnswer<InstanceTypeFacts[]>,
    image: CloudAnswer<ImageFacts | undefined>,
    hosts: PlannedHost[],
    zone: string | undefined,
): AccountFinding[] {
    const facts = "known" in image ? image.known : undefined;
    return ifKnown(
        answer,
        (types) => hosts.map((host) => typeFinding(host, types, facts, zone)),
        (why) => hosts.map(({ title }) => open(`instance type, ${title}`, why)),
    );
}

function typeFinding(
    { title, key, instanceType }: PlannedHost,
    types: InstanceTypeFacts[],
    image: ImageFacts | undefined,
    zone: string | undefined,
): AccountFinding {
    const about = `instance type, ${title}`;
    const type = types.find((one) => one.type === instanceType);
    if (!type) {
        return wrong(
            about,
            `there is no ${instanceType} in this region`,
            `set ${key}.instanceType to one that there is (\`aws ec2 describe-instance-type-offerings\`)`,
        );
    }
    if (zone !== undefined && !type.zones.includes(zone)) {
        return wrong(
            about,
            `${instanceType} is not offered in ${zone}${type.zones.length > 0 ? `, but in ${type.zones.join(", ")}` : ""}`,
            `set ${key}.instanceType to one that is, or put a zone first in posit:network.zones that offers it, or a subnet there first in posit:network.existing.subnetIds (before anything is built)`,
        );
    }
    if (image && image.architecture !== "" && !type.architectures.includes(image.architecture)) {
        return wrong(
            about,
            `${instanceType} is ${type.architectures.join(" or ")}, and the image is ${image.architecture}`,
            `set ${key}.instanceType or posit:operatingSystem.ami, so that they are of one architecture: production's`,
        );
    }
    if (image && type.hypervisor === "nitro" && image.ena === false) {
        return wrong(
            about,
            `${instanceType} needs a driver that the image does not have (ENA)`,
            "set posit:operatingSystem.ami to an image with ENA support",
        );
    }
    const where = zone ?? "this region";
    return ok(about, `${instanceType} is offered in ${where}: ${type.vcpus} vCPUs, ${type.architectures.join(", ")}`);
}
