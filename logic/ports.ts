// Ports of what is no product: HTTP's own stand in products/endpoint.ts, a product's in its description.
export const ports = { ssh: 22, dns: 53, nfs: 2049, postgres: 5432 } as const;
