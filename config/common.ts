// What both roles' configurations are made of.
import { distance } from "fastest-levenshtein";
import { z } from "zod";
import { gateNames } from "../logic/gateNames";
import { controlCharacters, dnsName, hostAddress, port, text } from "./leaves";
import { hostKeyProblem } from "../logic/keys";
import { parseRange } from "../logic/ranges";
import { perProduct } from "../products";
import { isUrl, parseEndpoint, urlOf } from "../products/endpoint";
import { companyTags } from "./tags";

export { absolutePath, dnsName, hostAddress, pathLike, port, usableAddress } from "./leaves";

export const strictForEachProduct = <T extends z.ZodType>(schema: T) => z.strictObject(perProduct(() => schema));

export const cidr = text("must be an IPv4 range", "10.20.0.0/16", (value) => {
    const range = parseRange(value);
    return typeof range === "string" ? range : undefined;
});
export const cidrs = z.array(cidr);

export const hostKey = text(
    "must be a host's public key",
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAINspiVMgTg9OD3Qwu6t+jJ00GVDU+5PDOe2yDdmbJG0O",
    hostKeyProblem,
);

/** What users type: a name, or the whole URL where it is not the product's own plain HTTP on its own port. */
export const publicName = text(
    "must be a lower-case DNS name, or a URL of one without a path",
    "connect.acme.com",
    (value) => {
        const endpoint = isUrl(value) ? parseEndpoint(value) : undefined;
        return typeof endpoint === "string"
            ? endpoint
            : endpoint && urlOf(endpoint) !== value
              ? `is not written as URLs are: \`${urlOf(endpoint)}\``
              : dnsName.safeParse(endpoint?.host ?? value).error?.issues[0].message;
    },
).meta({ examples: ["connect.acme.com", "https://connect.acme.com", "http://connect.acme.com:8080"] });

/** A stack of this project alone, or with its organization and project. */
export const stackName = text(
    "must be the name of a stack, alone or as organization/project/stack",
    "staging",
    /^(?:[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\/[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}\/)?[A-Za-z0-9_][A-Za-z0-9_.-]{0,99}$/,
);

export const token = text(
    "must be 3 to 32 of a-z, 0-9 and - (none at the ends)",
    "2026-11-21a",
    /^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/,
);
export const digest = text(
    "must be the digest of a receipt, as `pulumi stack output` prints it",
    `sha256:${"0123456789abcdef".repeat(4)}`,
    /^sha256:[0-9a-f]{64}$/,
);

/** Of accounts and groups on hosts, as useradd takes them on both families of systems. */
export const accountName = text(
    "must be a name of letters, digits and . _ -, 32 at most, with a letter or _ first",
    "ada",
    /^[A-Za-z_][A-Za-z0-9_.-]{0,31}$/,
);

/** Names in a directory may have a domain. */
export const login = text("must be the name of a login user", "posit-operator", (value) =>
    value === "root"
        ? "is root; log in as an account of the program's own that may use sudo, so that hosts tell who did what and root's login can stay closed"
        : /^[A-Za-z_][A-Za-z0-9_.@-]{0,63}$/.test(value)
          ? undefined
          : "must be a name of letters, digits and . _ @ -, with a letter or _ first",
);

const bastion = z
    .strictObject({
        address: hostAddress.describe("Its address or name."),
        port: port.optional().describe("Its SSH port; 22 when absent."),
        user: login.describe("Login user on it."),
        hostKey: hostKey.describe("Its public host key."),
    })
    .describe("A host that leads to the others by SSH.");

const ssh = z
    .strictObject({
        user: login.default("posit-operator").describe("Login user; may use sudo without a password."),
        port: port.default(22).describe("SSH port; new hosts have it by their image."),
        bastion: bastion.optional(),
    })
    .prefault({})
    .describe("How hosts are reached.");

export function nearestOf(word: string, known: readonly string[]): string | undefined {
    const nearest = [...known].sort((a, b) => distance(a, word) - distance(b, word))[0];
    return nearest !== undefined && distance(nearest, word) <= Math.max(2, word.length / 2) ? nearest : undefined;
}

const override = z.strictObject({
    gate: text("must be the name of a gate", "serve.back", (value) => {
        const nearest = nearestOf(value, gateNames);
        return (gateNames as readonly string[]).includes(value)
            ? undefined
            : nearest === undefined
              ? `is no gate; there are ${gateNames.join(", ")}`
              : `is no gate; did you mean "${nearest}"?`;
    }).describe(`The gate that is overridden, as the refusal names it: ${gateNames.join(", ")}.`),
    reason: text(
        "must say why, in at least ten characters",
        "agreed with the owners on 2026-11-20, ticket 4711",
        (value) =>
            value.trim().length < 10
                ? "must say why, in at least ten characters"
                : controlCharacters.test(value) || value.length > 500
                  ? "must be one line of at most 500 characters"
                  : undefined,
    ).describe("Why; printed at every `up` until the override is removed."),
});

const project = text(
    "must be 2 to 31 of a-z, 0-9 and single -, beginning with a letter and not ending in -",
    "acme-posit",
    /^(?=.{2,31}$)[a-z][a-z0-9]*(-[a-z0-9]+)*$/,
).describe("Value of the Project tag and first part of physical names.");

export const common = {
    project,
    tags: companyTags,
    ssh,
    overrides: z.array(override).default([]).describe("Gates that a person overrides, each with a reason."),
};
