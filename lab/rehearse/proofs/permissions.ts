// Is all that the lab's `aws` was asked for in the policies of deploy/iam? Their actions alone: who may do what to which thing is AWS's to say.
import { notAllowed } from "../../../deploy/iam/covered";
import { policiesFor } from "../../../deploy/iam/policies";
import { readValues } from "../../../deploy/iam/values";
import { exampleFile } from "../../../deploy/iam/write";
import type { AskedOfProvider } from "../../../deploy/iam/covered";

export function outsidePolicies(asked: AskedOfProvider[]): string[] {
    const values = readValues(exampleFile);
    // A permission that only they need is in the policies where there are any.
    const withRoles = { ...values, environment: { ...values.environment, instanceRoles: ["host"] } };
    return notAllowed(asked, Object.values(policiesFor(withRoles)));
}
