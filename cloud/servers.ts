// A database server as the cloud has it, and how far it is. Asked by its identifier, before anything is registered.
import * as aws from "@pulumi/aws";
import { z } from "zod";
import { ifThere } from "./refused";

export interface ServerQuestions {
    server: typeof aws.rds.getInstance;
    resource: typeof aws.cloudcontrol.getResource;
}

export const serverQuestions: ServerQuestions = {
    server: (args) => aws.rds.getInstance(args),
    resource: (args) => aws.cloudcontrol.getResource(args),
};

// The service's own code (API reference of DescribeDBInstances), and terraform-provider-aws's words for it (cloud/capture/snapshots.ts).
const noServer = /\bDBInstanceNotFound|no matching RDS DB Instance found|Your query returned no results/;

/** `undefined` when there is no such server; one that can't be asked for is no answer. */
export async function serverIfThere(
    dbInstanceIdentifier: string,
    ask: ServerQuestions["server"] = serverQuestions.server,
): Promise<aws.rds.GetInstanceResult | undefined> {
    return ifThere(ask({ dbInstanceIdentifier }), noServer);
}

const known = z.object({ DBInstanceStatus: z.string().optional() });

/**
 * RDS's word for its state. The data source of a server leaves it out, and has no address of one that is being made, nor of one that never will be; Cloud Control
 * reads all that CloudFormation knows (its schema of AWS::RDS::DBInstance: DBInstanceStatus, read-only; the identifier is the primary one).
 */
export async function serverStatus(
    identifier: string,
    ask: ServerQuestions["resource"] = serverQuestions.resource,
): Promise<string | undefined> {
    const { properties } = await ask({ typeName: "AWS::RDS::DBInstance", identifier });
    return known.parse(JSON.parse(properties)).DBInstanceStatus;
}
