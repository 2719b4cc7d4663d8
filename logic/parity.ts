// Compares production's inventory with what an environment declares: what content or files would miss there is an error.
import type { EnvironmentConfig } from "../config/schema";
import type { Inventory } from "../contract/production";
import { byProduct, Endpoint, PerProduct, ProductId, products, repository } from "../products";
import { undeclaredProfile } from "./instanceProfiles";
import { addressConflicts, answeringOf } from "./publicEndpoints";

export interface ParityFinding {
    level: "error" | "note";
    product: ProductId;
    /** Stable, for the receipt. */
    what: string;
    /** For people: who is concerned, and what to do. */
    detail: string;
}

export interface StandingEnvironment {
    /** Where its products listen. */
    ports: PerProduct<number>;
    /** What its receipt says of parity, by `what`. */
    found: string[];
}

/**
 * Everything that differs; nothing but one error while production has published no inventory.
 * @param entryPoints where production's lead users, when it has some.
 * @param standing of an environment that goes on with the capture that it has.
 */
export function compareParity(
    config: EnvironmentConfig,
    inventory: PerProduct<Inventory> | undefined,
    entryPoints?: PerProduct<Endpoint>,
    standing?: StandingEnvironment,
): ParityFinding[] {
    if (!inventory) {
        // Of none of them is anything known, and the others begin after this one.
        const detail =
            "production has published no inventory yet: set posit:production and run `pulumi up` on that stack, then here again";
        return [{ level: "error", product: repository, what: "no inventory", detail }];
    }
    return [
        ...byProduct(inventory).flatMap(([product, theirs]) => [
            ...refusals(product, theirs),
            ...runtimes(product, config, theirs),
            ...accounts(product, config, theirs),
            ...profiles(product, config, theirs),
        ]),
        ...addresses(config, inventory, entryPoints, standing),
    ];
}

function addresses(
    config: EnvironmentConfig,
    inventory: PerProduct<Inventory>,
    entryPoints: PerProduct<Endpoint> | undefined,
    standing: StandingEnvironment | undefined,
): ParityFinding[] {
    const found = addressConflicts(answeringOf(config, inventory, standing?.ports), inventory, entryPoints).map(
        ({ product, detail }): ParityFinding => ({
            level: "error",
            product,
            what: `public address of ${product}`,
            detail,
        }),
    );
    // A version that looks at more does not take back what was accepted, perhaps while production is closed.
    return standing === undefined ? found : found.filter(({ what }) => standing.found.includes(what));
}

function refusals(product: ProductId, inventory: Inventory): ParityFinding[] {
    return inventory.findings
        .filter((finding) => finding.verdict !== "supported")
        .map((finding) => ({
            level: finding.verdict === "refused" ? ("error" as const) : ("note" as const),
            product,
            what: finding.code,
            detail: `${finding.detail}; ${finding.remedy}`,
        }));
}

/** What posit:runtimes has. */
const languages = ["r", "python", "quarto"] as const;

function runtimes(product: ProductId, config: EnvironmentConfig, inventory: Inventory): ParityFinding[] {
    return inventory.runtimesInUse
        .map((used) => ({ ...used, language: used.language.toLowerCase() }))
        .filter(({ language, version }) => {
            const known = languages.find((one) => one === language);
            const declared = known === undefined ? [] : config.runtimes[known];
            return !declared.includes(version);
        })
        .map(({ language, version, content }): ParityFinding => {
            const runtime = `${language} ${version}`;
            const users = content.map((item) => `"${item.name}" of ${item.owner}`).join(", ") || "production";
            const substitute: string | undefined = config.runtimes.substitutes[runtime];
            const remedy = languages.some((one) => one === language)
                ? `add it to posit:runtimes.${language}, or name a substitute: posit:runtimes.substitutes["${runtime}"]`
                : `posit:runtimes has ${languages.join(", ")} only, so see that nobody needs that content, and override the gate "parity" with that reason`;
            return {
                level: substitute === undefined ? "error" : "note",
                product,
                what: `runtime ${runtime}`,
                detail:
                    substitute === undefined
                        ? `${users} uses ${runtime}; ${remedy}`
                        : `${users} uses ${runtime}; ${language} ${substitute} stands in for it (posit:runtimes.substitutes), so look at that content before the cutover`,
            };
        });
}

function profiles(product: ProductId, config: EnvironmentConfig, inventory: Inventory): ParityFinding[] {
    const detail = undeclaredProfile(product, config[product], inventory.instanceProfile);
    // Asked before content is there: whoever restores a final capture has users waiting, and what reads this newly must not hold them up.
    const level = config.phase === "install" ? "error" : "note";
    return detail === undefined ? [] : [{ level, product, what: `instance profile of ${product}`, detail }];
}

function accounts(product: ProductId, config: EnvironmentConfig, inventory: Inventory): ParityFinding[] {
    return inventory.accounts.flatMap((account) => {
        const declared = config.accounts.find((candidate) => candidate.name === account.name);
        const what = `account ${account.name}`;
        const theirs = account.groups ?? [];
        const groups = theirs.length > 0 ? `, groups: [${theirs.join(", ")}]` : "";
        const numbers = `{name: ${account.name}, uid: ${account.uid}, gid: ${account.gid}${groups}}`;
        const finding = (detail: string): ParityFinding => ({ level: "error", product, what, detail });
        if (!declared) {
            return [finding(`${products[product].title} in production has it; add ${numbers} to posit:accounts`)];
        }
        const missing = theirs.filter((group) => !declared.groups?.includes(group));
        return [
            ...(declared.uid === account.uid && declared.gid === account.gid
                ? []
                : [finding(`has other numbers in production: ${numbers}`)]),
            ...(missing.length === 0
                ? []
                : [finding(`is in ${missing.join(", ")} in production, and not here: ${numbers}`)]),
        ];
    });
}
