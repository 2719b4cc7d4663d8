// The three descriptions by product.
import { connect } from "./connect";
import { ProductDescription } from "./description";
import { ProductId } from "./ids";
import { packageManager } from "./packageManager";
import { workbench } from "./workbench";

export { ConfigFile, EnvironmentFacts, ProductDescription } from "./description";
export { ProductId, productIds } from "./ids";

export const products: Record<ProductId, ProductDescription> = { packageManager, workbench, connect };
