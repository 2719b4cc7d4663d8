// What a product is, and values by product.
export { ConfigFile, databaseFacts, EnvironmentFacts, ProductDescription } from "./description";
export {
    DatabaseDescription,
    DatabaseRole,
    databaseRoles,
    mainRole,
    PostgresAddress,
    postgresPort,
    withRole,
} from "./databases";
export { products } from "./descriptions";
export { Endpoint } from "./endpoint";
export { byProduct, inOrder, mapProducts, perProduct, repository } from "./each";
export { PerProduct, ProductId, productIds } from "./ids";
