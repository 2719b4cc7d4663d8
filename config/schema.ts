// The configuration of a stack: one schema per role. Its reference page (docs/configuration.md) is generated from here:
// `describe` gives the text, `meta({ examples })` an example, `meta({ caution })` what can destroy data.
import { z } from "zod";
import type { Sealed } from "../logic/secret";
import type { DatabaseRole } from "../products";
import { strictForEachProduct } from "./common";
import { environmentSchema } from "./environment";
import { configuredKeyProblem } from "./keys";
import { controlCharacters, text } from "./leaves";
import { productionSchema } from "./production";

export { environmentSchema } from "./environment";
export { DatabaseConfig } from "../databases";
export { CaptureConfig, productionSchema } from "./production";

/** SQLite has none, and one on the product's own host is not asked. */
const password = text("must be a password of one line", undefined, (value) =>
    value === "" || controlCharacters.test(value) || value.length > 1000
        ? "must be a password of one line, 1000 characters at most"
        : undefined,
);
const databasePasswords = strictForEachProduct(
    z
        .strictObject({ main: password.optional() } satisfies Record<DatabaseRole, z.ZodType>)
        .prefault({})
        .describe("Of its databases, by role."),
);
const sshPrivateKey = text("must be a private key without passphrase", undefined, (value) =>
    configuredKeyProblem(value),
);
export const environmentSecrets = z.strictObject({
    sshPrivateKey: sshPrivateKey.describe("OpenSSH private key of the operator."),
    bootstrapHostKey: text("must be an ed25519 private key without passphrase", undefined, (value) =>
        configuredKeyProblem(value, "ssh-ed25519"),
    ).describe(
        "OpenSSH ed25519 private key that new hosts show on the first connection only; made for this, and no other key again.",
    ),
    // RDS for PostgreSQL: 8 to 128 printable ASCII characters "besides '/', '@', '\"', ' '" (its refusal's words; CreateDBInstance).
    databaseMasterPassword: text("must be 8 to 128 printable ASCII characters", undefined, (value) =>
        /^[!-~]{8,128}$/.test(value) && !/[/@"]/.test(value)
            ? undefined
            : 'must be 8 to 128 printable ASCII characters without /, @, " and blanks: RDS takes no other (`openssl rand -hex 24` makes one)',
    ).describe("Password of the databases' master user; RDS takes no /, @, \" and blank in it."),
    databasePasswords: databasePasswords.prefault({}).describe("Passwords of the product roles in this environment."),
});
export const productionSecrets = z.strictObject({
    sshPrivateKey: sshPrivateKey.describe("OpenSSH private key of the operator."),
    databasePasswords: databasePasswords
        .prefault({})
        .describe("Passwords of the product roles of the current databases."),
});

/** As config/parse.ts hands them on. */
export type EnvironmentSecrets = Sealed<z.infer<typeof environmentSecrets>>;
export type ProductionSecrets = Sealed<z.infer<typeof productionSecrets>>;
export type PlainEnvironment = z.infer<typeof environmentSchema>;
export type PlainProduction = z.infer<typeof productionSchema>;
/** Without secrets. */
export type PlainConfig = PlainEnvironment | PlainProduction;
export type EnvironmentConfig = PlainEnvironment & { secrets: EnvironmentSecrets };
export type ProductionConfig = PlainProduction & { secrets: ProductionSecrets };
export type StackConfig = EnvironmentConfig | ProductionConfig;
