// What both roles' configurations are made of.
import { z } from "zod";

export const perProduct = <T extends z.ZodType>(schema: T) =>
    z.strictObject({ packageManager: schema, workbench: schema, connect: schema });

export const cidr = z.string().regex(/^\d{1,3}(\.\d{1,3}){3}\/\d{1,2}$/, "must be an IPv4 range such as 10.20.0.0/16");
export const cidrs = z.array(cidr);
export const hostKey = z
    .string()
    .regex(
        /^(ssh-ed25519|ecdsa-sha2-nistp\d+|ssh-rsa) [A-Za-z0-9+/=]+/,
        "must be a public key such as `ssh-ed25519 AAAA…` (ssh-keyscan -t ed25519 HOST, compared with the host's own)",
    );
export const dnsName = z
    .string()
    .regex(/^(?=.{1,253}$)([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/, "must be a lower-case DNS name");
export const stackName = z.string().min(1);
export const absolutePath = z.string().startsWith("/", "must be an absolute path");
export const token = z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{1,30}[a-z0-9]$/, "must be 3 to 32 of a-z, 0-9 and -, for example 2026-11-21a");
export const digest = z
    .string()
    .regex(/^sha256:[0-9a-f]{64}$/, "must be the digest of a receipt, as `pulumi stack output` prints it");

const bastion = z
    .strictObject({
        address: z.string(),
        port: z.number().int().positive().optional(),
        user: z.string(),
        hostKey,
    })
    .describe("A host that leads to the others by SSH.");

const ssh = z
    .strictObject({
        user: z.string().default("posit-operator").describe("Login user; may use sudo without a password."),
        port: z.number().int().positive().default(22).describe("SSH port."),
        bastion: bastion.optional(),
    })
    .prefault({})
    .describe("How hosts are reached.");

const override = z.strictObject({
    gate: z.string().describe("The gate that is overridden, as the refusal names it."),
    reason: z
        .string()
        .min(10, "must say why, in at least ten characters")
        .describe("Why; printed at every `up` until the override is removed."),
});

const project = z
    .string()
    .regex(/^[a-z][a-z0-9-]{1,30}$/, "must be 2 to 31 of a-z, 0-9 and -, beginning with a letter")
    .describe("Value of the Project tag and first part of physical names.")
    .meta({ examples: ["acme-posit"] });

export const common = {
    project,
    ssh,
    overrides: z.array(override).default([]).describe("Gates that a person overrides, each with a reason."),
};
