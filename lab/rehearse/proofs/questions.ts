// What the client is told to look at, made from what the operator of production knows.
import type { Questions } from "../../client/observe";
import type { Target } from "../../client/prober";
import type { LegacyFacts } from "../../legacy/facts";
import { people, publicUrl, publishers } from "../../legacy/world";
import { productIds, type ProductId } from "../../../products/ids";
import { products } from "../../../products";

export function questionsFrom(facts: LegacyFacts): Questions {
    return {
        packageManager: {
            url: publicUrl("packageManager"),
            repository: facts.frozen.repository,
            snapshot: facts.frozen.snapshot,
            package: facts.frozen.package,
        },
        workbench: {
            url: publicUrl("workbench"),
            users: people.map(({ name }) => ({
                name,
                password: facts.people[name]?.password ?? "",
                paths: [`/home/${name}/analysis`, `/home/${name}/analysis/figures`],
                files: [`/home/${name}/analysis/report.R`, `/home/${name}/analysis/revenue.csv`],
            })),
        },
        connect: { url: publicUrl("connect"), apiKeys: facts.connect.apiKeys, administrator: publishers[0] },
    };
}

/** What tells users that a product is there for them. */
const probePaths: Record<ProductId, string> = {
    packageManager: products.packageManager.healthPath,
    workbench: products.workbench.healthPath,
    connect: products.connect.healthPath,
};

export function probeTargets(): Target[] {
    return productIds.map((product) => ({ product, url: `${publicUrl(product)}${probePaths[product]}` }));
}
