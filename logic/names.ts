// Logical names and tags. Logical names are state keys: fixed, and never a stack's role; only what belongs to one capture carries
// that capture's token.
import { ProductId, products } from "../products";
import { rdsName } from "./physicalNames";

/** Tags of everything. A company's own never stand in the place of these: captures are found by them. */
export function commonTags(
    { project, tags }: { project: string; tags?: Record<string, string> },
    stack: string,
): Record<string, string> {
    return { ...tags, Project: project, Environment: stack, ManagedBy: "pulumi" };
}

/** Keys that this program gives a value. */
export function ownTag(key: string): boolean {
    return ["Project", "Environment", "ManagedBy", "Name"].includes(key) || /^posit:/i.test(key);
}

/** Of 50 that AWS takes on a resource; a captured snapshot has eight of this program's. */
export const companyTagLimit = 40;

export const captureTagNames = {
    token: "posit:capture",
    warmUp: "posit:warm-up",
    /** "unproven" until the manifest says "complete" or "void". */
    state: "posit:capture-state",
    stack: "posit:stack",
    product: "posit:product",
    mount: "posit:mount",
} as const;

/** Tags by which a capture's snapshots are found again, whatever became of Pulumi's state. */
export function captureTags(stack: string, token: string, product?: ProductId, mount?: string): Record<string, string> {
    return {
        [captureTagNames.token]: token,
        [captureTagNames.stack]: stack,
        [captureTagNames.state]: "unproven",
        ...(product && { [captureTagNames.product]: product }),
        ...(mount && { [captureTagNames.mount]: mount }),
    };
}

/** "/var/lib/rstudio-pm" → "var-lib-rstudio-pm". */
export function mountSlug(mount: string): string {
    return mount.replace(/^\/+|\/+$/g, "").replace(/\//g, "-");
}

export function captureNames(token: string) {
    return {
        volume: (product: ProductId, mount: string) => `capture-${token}-${products[product].slug}-${mountSlug(mount)}`,
        warmUp: (product: ProductId, mount: string) =>
            `capture-${token}-warm-up-${products[product].slug}-${mountSlug(mount)}`,
        state: (product: ProductId, mount: string) =>
            `capture-${token}-state-${products[product].slug}-${mountSlug(mount)}`,
        server: (server: string) => `capture-${token}-database-${server}`,
        serverWarmUp: (server: string) => `capture-${token}-warm-up-database-${server}`,
        record: (product: ProductId) => `capture-${token}-record-${products[product].slug}`,
        serverSnapshotIdentifier: (server: string) =>
            rdsName(["posit", token, server], { longest: 255, distinct: true }),
        /** With room for the number that one taken before makes necessary. */
        serverWarmUpIdentifier: (server: string) =>
            rdsName(["posit", "warm-up", token, server], { longest: 250, distinct: true }),
    };
}
