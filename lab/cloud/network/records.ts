// What the network's part of the cloud remembers, and how it is looked up.
import { CloudError } from "../api";
import type { Route, RouteTable, RouteTableAssociation, SecurityGroup, SecurityGroupRule, Subnet, Vpc } from "../api";

export interface NetworkRecords {
    vpcs: Record<string, Vpc>;
    subnets: Record<string, Subnet>;
    groups: Record<string, SecurityGroup>;
    rules: Record<string, SecurityGroupRule>;
    routeTables: Record<string, RouteTable>;
    routes: Record<string, Route>;
    associations: Record<string, RouteTableAssociation>;
    /** Everybody reaches everybody, tables or not. */
    openRoutes?: boolean;
}

export const emptyNetwork = (): NetworkRecords => ({
    ...{ vpcs: {}, subnets: {}, groups: {}, rules: {} },
    ...{ routeTables: {}, routes: {}, associations: {} },
});
export const zones = ["us-east-1a", "us-east-1b"];

export function found<T>(thing: T | undefined, code: string, message: string): T {
    if (thing === undefined) {
        throw new CloudError(code, message);
    }
    return thing;
}

export const vpcOf = (records: NetworkRecords, id: string): Vpc =>
    found(records.vpcs[id], "InvalidVpcID.NotFound", `The vpc ID '${id}' does not exist`);
export const subnetOf = (records: NetworkRecords, id: string): Subnet =>
    found(records.subnets[id], "InvalidSubnetID.NotFound", `The subnet ID '${id}' does not exist`);
export const groupOf = (records: NetworkRecords, id: string): SecurityGroup =>
    found(records.groups[id], "InvalidGroup.NotFound", `The security group '${id}' does not exist`);
