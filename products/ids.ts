// The three products, in the order in which they are installed and opened: the other two fetch packages from the first.

export const productIds = ["packageManager", "workbench", "connect"] as const;

export type ProductId = (typeof productIds)[number];
