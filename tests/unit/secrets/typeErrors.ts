// What must not compile where a secret is: each line that is marked is an error, and a mark without one is an error too (`tsc --noEmit`, part
// of `make test`). Nothing here runs.
import * as pulumi from "@pulumi/pulumi";
import type { DatabaseServerArgs } from "../../../components/databaseServer";
import type { DatabasesArgs } from "../../../components/databases";
import type { EnvironmentArgs } from "../../../components/environment";
import type { HostArgs } from "../../../components/host";
import type { ProductArgs } from "../../../components/product";
import type { ProductDatabaseArgs } from "../../../components/productDatabase";
import type { RunArgs } from "../../../components/runner";
import { revealed } from "../../../components/secrets";
import type { EnvironmentConfig, ProductionConfig } from "../../../config/schema";
import type { EnvironmentPublishedSecrets } from "../../../contract/environment";
import type { ProductionOutputs, ProductSecrets } from "../../../contract/production";
import { reveal, Secret } from "../../../logic/secret";
import type { HostAddress } from "../../../remote/connection";
import type { HostDatabase, PostgresAccess } from "../../../databases";

declare const secret: Secret<string>;

// @ts-expect-error -- no text
export const text: string = secret;
// @ts-expect-error -- nor put into one
export const filledIn = `password=${secret}`;
// @ts-expect-error -- nor added to one
export const added = "password=" + secret;
// @ts-expect-error -- nor has it a text's methods
export const trimmed = secret.trim();
export const revealedText: string = reveal(secret);

// @ts-expect-error -- a text is no secret
export const plain: Secret<string> = "hunter2";
// @ts-expect-error -- nor is any symbol
export const symbol: Secret<string> = Symbol("hunter2");
// @ts-expect-error -- nor one of something else
export const other: Secret<number> = secret;
// @ts-expect-error -- and nothing else is revealed
reveal("hunter2");

// @ts-expect-error -- the engine takes no secret of ours: `revealed` makes one of its own
export const input: pulumi.Input<string> = secret;
export const output: pulumi.Output<string> = revealed(secret);
// @ts-expect-error -- nor do a command's variables
export const variables: RunArgs["variables"] = { PASSWORD: secret };

// @ts-expect-error -- arguments of components
export const master: DatabaseServerArgs["masterPassword"] = "hunter2";
// @ts-expect-error -- the same
export const roles: DatabasesArgs["passwords"]["connect"] = { main: "hunter2" };
// @ts-expect-error -- the same
export const role: ProductDatabaseArgs["password"] = "hunter2";
// @ts-expect-error -- the same
export const product: ProductArgs["databasePassword"] = "hunter2";
// @ts-expect-error -- the same
export const files: ProductArgs["production"] = { files: [], passwords: [] };
// @ts-expect-error -- the same
export const operator: HostArgs["privateKey"] = "hunter2";
// @ts-expect-error -- the same
export const bootstrap: HostArgs["bootstrapHostKey"] = "hunter2";
// @ts-expect-error -- the same
export const environment: EnvironmentArgs["secrets"]["databaseMasterPassword"] = "hunter2";

// @ts-expect-error -- what live connections get
export const key: HostAddress["privateKey"] = "hunter2";
// @ts-expect-error -- the same
export const bastion: NonNullable<HostAddress["bastion"]>["privateKey"] = "hunter2";
// @ts-expect-error -- the same
export const asked: PostgresAccess["password"] = "hunter2";
// @ts-expect-error -- the same
export const dumped: NonNullable<HostDatabase["server"]>["password"] = "hunter2";

// @ts-expect-error -- what the doors give
export const configured: string = ({} as EnvironmentConfig).secrets.sshPrivateKey;
// @ts-expect-error -- the same
export const listed: string | undefined = ({} as ProductionConfig).secrets.databasePasswords.connect.main;
// @ts-expect-error -- the same
export const published: string | undefined = ({} as EnvironmentPublishedSecrets).databasePasswords.connect?.main;
// @ts-expect-error -- the same
export const produced: ProductSecrets = ({} as ProductionOutputs).secrets.connect;
