// The lab's package repository, as everything outside lab/products sees it.
export { buildRepository } from "./products/build";
export { serveRepository } from "./products/serve";
