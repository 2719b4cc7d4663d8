// The one way from a secret of the program to a value of the engine: whatever is made of it is a secret there too.
import * as pulumi from "@pulumi/pulumi";
import { reveal, Secret } from "../logic/secret";

/** Its content, or what `make` makes of that, held as a secret in state and in every log. */
export function revealed<T>(secret: pulumi.Input<Secret<T>>): pulumi.Output<T>;
export function revealed<T, U>(secret: pulumi.Input<Secret<T>>, make: (content: T) => U): pulumi.Output<U>;
export function revealed<T>(secret: pulumi.Input<Secret<T>>, make: (content: T) => unknown = (content) => content) {
    return pulumi.secret(asIs(secret).apply((held) => make(reveal(held))));
}

/** As an output of just that type: the SDK's own unwraps types as well as values, and would take a secret's type apart. */
export function asIs<T>(input: pulumi.Input<T>): pulumi.Output<T> {
    return pulumi.output(input) as unknown as pulumi.Output<T>;
}
