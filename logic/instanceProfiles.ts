// Which IAM instance profile a new host gets, and whether somebody has thought of production's. Pure.
import { ProductId, products } from "../products";

/** A host that is to have none says so. */
const none = "none";

interface Declared {
    instanceProfile?: string;
}

export function givenProfile({ instanceProfile }: Declared): string | undefined {
    return instanceProfile === none ? undefined : instanceProfile;
}

/** @param theirs ARN of production's; empty or absent where it has none, or nobody could tell. */
export function undeclaredProfile(
    product: ProductId,
    { instanceProfile }: Declared,
    theirs: string | undefined,
): string | undefined {
    if (!theirs || instanceProfile !== undefined) {
        return undefined;
    }
    const name = theirs.slice(theirs.lastIndexOf("/") + 1);
    return `${products[product].title}'s host in production has the instance profile ${name}, by whose rights content may read buckets and call services, and this one would have none: set posit:${product}.instanceProfile to the name of one with the rights that it needs here, or to \`${none}\``;
}
