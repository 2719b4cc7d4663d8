// Values by product: making one for each that there is, and walking over what a value has. All in the order in which products are installed
// and opened; they are closed in the reverse.
import { products } from "./descriptions";
import { PerProduct, productIds, ProductId } from "./ids";
import { ordered } from "./order";

export const inOrder: readonly ProductId[] = ordered(productIds, (product) => products[product].after);

/** The one that the others have their packages from. */
export const repository = theRepository();

function theRepository(): ProductId {
    const found = inOrder.filter((product) => products[product].isRepository);
    if (found.length !== 1) {
        throw new Error(`one product is the repository of the others, not ${found.length}`);
    }
    return found[0];
}

/** `needed`: what was made for those that it comes after. */
export function perProduct<T>(make: (product: ProductId, needed: T[]) => T): PerProduct<T> {
    const made = new Map<ProductId, T>();
    for (const product of inOrder) {
        const needed = products[product].after.flatMap((other) => (made.has(other) ? [made.get(other)!] : []));
        made.set(product, make(product, needed));
    }
    return Object.fromEntries(made) as PerProduct<T>;
}

/** What it has, product by product; one that is undefined it has not. */
export function byProduct<T>(values: Partial<PerProduct<T>>): [ProductId, T][] {
    return inOrder.flatMap((product): [ProductId, T][] => {
        const value = values[product];
        return value === undefined ? [] : [[product, value]];
    });
}

/** Another value in the place of each that it has. */
export function mapProducts<T, R>(values: PerProduct<T>, make: (value: T, product: ProductId) => R): PerProduct<R>;
export function mapProducts<T, R>(
    values: Partial<PerProduct<T>>,
    make: (value: T, product: ProductId) => R,
): Partial<PerProduct<R>>;
export function mapProducts<T, R>(
    values: Partial<PerProduct<T>>,
    make: (value: T, product: ProductId) => R,
): Partial<PerProduct<R>> {
    return Object.fromEntries(byProduct(values).map(([product, value]) => [product, make(value, product)]));
}
