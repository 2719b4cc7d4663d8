// Values that policies are made for, in every shape that changes one.
import { readValues, PolicyValues } from "../../../deploy/iam/values";
import { exampleFile } from "../../../deploy/iam/write";

export const example = readValues(exampleFile);

const { production, environment } = example;
const otherKey = "arn:aws:kms:us-east-1:111122223333:key/11111111-1111-1111-1111-111111111111";

export const shapes: Record<string, PolicyValues> = {
    "the templates": example,
    "a network that others made": {
        ...example,
        environment: { ...environment, network: { vpc: "vpc-1", subnets: ["subnet-1", "subnet-2"] } },
    },
    "hosts with a role, two keys": {
        ...example,
        environment: { ...environment, instanceRoles: ["host"], kmsKeys: [...environment.kmsKeys, otherKey] },
    },
    "a transit gateway of another account, a stack with a name that RDS does not take": {
        ...example,
        environment: {
            ...environment,
            stack: "Prod_EU",
            transitGateway: "arn:aws:ec2:us-east-1:999922223333:transit-gateway/tgw-1",
        },
    },
    "no keys of one's own, no records, every volume": {
        ...example,
        partition: "aws-us-gov",
        production: { ...production, kmsKeys: [], entryPoints: undefined, volumes: ["*"], servers: ["*"] },
        environment: { ...environment, kmsKeys: [], image: "*" },
    },
};
