// The descriptions by product.
import { connect } from "./connect";
import { ProductDescription } from "./description";
import { PerProduct } from "./ids";
import { packageManager } from "./packageManager";
import { workbench } from "./workbench";

export const products: PerProduct<ProductDescription> = { packageManager, workbench, connect };
