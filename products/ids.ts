// Which products there are. Walk over what a value has of them, or make one for each, by products/each.ts: no other file lists them.
export const productIds = ["packageManager", "workbench", "connect"] as const;

export type ProductId = (typeof productIds)[number];

/** One for each product that there is. */
export type PerProduct<T> = Record<ProductId, T>;
