// What a schema can't say: conditions between settings, of both roles.
import { z } from "zod";
import { Between, doubles } from "./between";
import { environmentChecks } from "./environmentChecks";
import { productionChecks } from "./productionChecks";
import { environmentSchema, productionSchema } from "./schema";
import { child } from "./schemaTree";

type Plain = z.infer<typeof environmentSchema> | z.infer<typeof productionSchema>;

/** @param secrets as they came: they may have problems of their own. */
export function crossChecks(config: Plain, secrets: unknown, stack: string): Between[] {
    return [
        ...(config.role === "environment" ? environmentChecks(config) : productionChecks(config, secrets)),
        ...thisVeryStack(config, stack),
        ...doubles(config.overrides, ({ gate }) => gate).map(({ item, index }) => ({
            at: `posit:overrides[${index}].gate`,
            says: `${item.gate} is overridden already; one reason for each`,
        })),
        ...keyUsedTwice(secrets),
    ];
}

function thisVeryStack(config: Plain, stack: string): Between[] {
    const named: [string, string | undefined][] =
        config.role === "environment"
            ? [["posit:production", config.production]]
            : [
                  ["posit:current.stack", "stack" in config.current ? config.current.stack : undefined],
                  ["posit:serve.stack", config.serve === "current" ? undefined : config.serve.stack],
                  ...config.environments.map((name, index): [string, string] => [`posit:environments[${index}]`, name]),
              ];
    return named
        .filter(([, name]) => name === stack)
        .map(([at]) => ({ at, says: `is this very stack; name the other side's` }));
}

/** The bootstrap key reaches hosts by user data, which others in the account may read. */
function keyUsedTwice(secrets: unknown): Between[] {
    const [operator, bootstrap] = ["sshPrivateKey", "bootstrapHostKey"].map((key) => child(secrets, key));
    return typeof operator === "string" && typeof bootstrap === "string" && operator.trim() === bootstrap.trim()
        ? [
              {
                  at: "posit:secrets.bootstrapHostKey",
                  says: "is the operator's own key (sshPrivateKey), and everybody who may read the hosts' user data would have it. Make one for this alone: `ssh-keygen -t ed25519 -N ''`, then `pulumi config set --secret --path posit:secrets.bootstrapHostKey`",
              },
          ]
        : [];
}
