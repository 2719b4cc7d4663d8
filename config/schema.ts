// The configuration of a stack: one schema per role. Its reference page (docs/configuration.md) is generated from here:
// `describe` gives the text, `meta({ examples })` an example, `meta({ caution })` what can destroy data.
import { z } from "zod";
import { perProduct } from "./common";
import { environmentSchema } from "./environment";
import { productionSchema } from "./production";

export { productIds } from "../products/ids";
export { environmentSchema } from "./environment";
export { CaptureConfig, DatabaseConfig, productionSchema } from "./production";

/** SQLite has none, and one on the product's own host is not asked. */
const databasePasswords = perProduct(z.string().min(1).optional());
export const environmentSecrets = z.strictObject({
    sshPrivateKey: z.string().describe("OpenSSH private key of the operator."),
    bootstrapHostKey: z
        .string()
        .describe("OpenSSH ed25519 private key that new hosts show on the first connection only."),
    databaseMasterPassword: z.string().min(8),
    databasePasswords: databasePasswords.describe("Passwords of the product roles in this environment."),
});
export const productionSecrets = z.strictObject({
    sshPrivateKey: z.string().describe("OpenSSH private key of the operator."),
    databasePasswords: databasePasswords.describe("Passwords of the product roles of the current databases."),
});

export type EnvironmentSecrets = z.infer<typeof environmentSecrets>;
export type ProductionSecrets = z.infer<typeof productionSecrets>;
export type EnvironmentConfig = z.infer<typeof environmentSchema> & { secrets: EnvironmentSecrets };
export type ProductionConfig = z.infer<typeof productionSchema> & { secrets: ProductionSecrets };
export type StackConfig = EnvironmentConfig | ProductionConfig;
