// Declared settings that can't be written into production's files without a doubt, said before anything is built. What the files say stays in
// here; only names of settings, and how often they stand there, go out.
import type { EnvironmentConfig } from "../config/schema";
import type { ProductionOutputs } from "../contract/production";
import { inOrder, products } from "../products";
import { reveal } from "./secret";

export function unclearSettings(config: EnvironmentConfig, production: ProductionOutputs | undefined): string[] {
    return inOrder.flatMap((product) => {
        const published = production?.secrets[product];
        const files = published && reveal(published).files;
        return products[product]
            .unclear(files, config[product].settings)
            .map((reason) => `posit:${product}.settings: ${reason}`);
    });
}
