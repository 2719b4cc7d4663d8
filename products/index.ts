// What a product is, and values by product.
export { ConfigFile, databaseFacts, EnvironmentFacts, ProductDescription } from "./description";
export { DatabaseRole, databaseRoles, PostgresAddress, postgresPort, ProductDatabase, withRole } from "./databases";
export { products } from "./descriptions";
export { Endpoint } from "./endpoint";
export { byProduct, inOrder, mapProducts, perProduct } from "./each";
export { PerProduct, ProductId, productIds } from "./ids";
