// How far an environment's role reaches: what it makes has its stack's tags, what it changes or deletes had them before.
import type { PolicyValues } from "../values";
import {
    any,
    isCaptured,
    isNotCaptured,
    made,
    on,
    own,
    Scope,
    Scopes,
    serverNames,
    subnetGroupName,
    When,
} from "./kinds";
import { keyScopes } from "./keys";

export function environmentScopes(values: PolicyValues): Scopes {
    return {
        ...networkScopes(values),
        ...groupScopes(values),
        ...machineScopes(values),
        ...databaseScopes(values),
        ...keyScopes(values, values.environment.kmsKeys),
    };
}

/** A network that others made has none of our tags: then its parts are named. */
function given(type: "vpc" | "subnet", { environment }: PolicyValues): Scope {
    const { network } = environment;
    if (network === undefined) {
        return on(type, own(environment));
    }
    return on(type, { label: "Given" }, type === "vpc" ? [network.vpc] : network.subnets);
}

function networkScopes(values: PolicyValues): Scopes {
    const { environment } = values;
    const ours = own(environment);
    const fresh = made(environment);
    const table = on("route-table", ours);
    const associated = [table, on("subnet", ours)];
    const gateway = [on("internet-gateway", ours), on("vpc", ours)];
    return {
        "ec2:CreateVpc": [on("vpc", fresh)],
        "ec2:ModifyVpcAttribute": [on("vpc", ours)],
        "ec2:DeleteVpc": [on("vpc", ours)],
        "ec2:CreateSubnet": [on("subnet", fresh), on("vpc", ours)],
        "ec2:ModifySubnetAttribute": [on("subnet", ours)],
        "ec2:DeleteSubnet": [on("subnet", ours)],
        "ec2:CreateRouteTable": [on("route-table", fresh), on("vpc", ours)],
        "ec2:DeleteRouteTable": [table],
        "ec2:AssociateRouteTable": associated,
        "ec2:ReplaceRouteTableAssociation": associated,
        "ec2:DisassociateRouteTable": associated,
        "ec2:CreateRoute": [table],
        "ec2:ReplaceRoute": [table],
        "ec2:DeleteRoute": [table],
        "ec2:CreateInternetGateway": [on("internet-gateway", fresh)],
        "ec2:AttachInternetGateway": gateway,
        "ec2:DetachInternetGateway": gateway,
        "ec2:DeleteInternetGateway": [on("internet-gateway", ours)],
        "ec2:AllocateAddress": [on("elastic-ip", fresh)],
        "ec2:ReleaseAddress": [on("elastic-ip", ours)],
        // The interface is the NAT gateway's, which has no tags of ours.
        "ec2:DisassociateAddress": [on("elastic-ip", ours), on("network-interface")],
        "ec2:CreateNatGateway": [on("natgateway", fresh), on("elastic-ip", ours), on("subnet", ours), on("vpc", ours)],
        "ec2:DeleteNatGateway": [on("natgateway", ours)],
        "ec2:CreateTransitGatewayVpcAttachment": [
            on("transit-gateway-attachment", fresh),
            on("transit-gateway", any, [environment.transitGateway]),
            on("subnet", ours),
            on("vpc", ours),
        ],
        "ec2:ModifyTransitGatewayVpcAttachment": [on("transit-gateway-attachment", ours), on("subnet", ours)],
        "ec2:DeleteTransitGatewayVpcAttachment": [on("transit-gateway-attachment", ours)],
    };
}

function groupScopes(values: PolicyValues): Scopes {
    const { environment } = values;
    const group = on("security-group", own(environment));
    const newRule = [group, on("security-group-rule", made(environment))];
    return {
        "ec2:CreateSecurityGroup": [on("security-group", made(environment)), given("vpc", values)],
        "ec2:DeleteSecurityGroup": [group],
        "ec2:AuthorizeSecurityGroupIngress": newRule,
        "ec2:AuthorizeSecurityGroupEgress": newRule,
        "ec2:RevokeSecurityGroupIngress": [group],
        "ec2:RevokeSecurityGroupEgress": [group],
        "ec2:ModifySecurityGroupRules": [group, on("security-group-rule", own(environment))],
    };
}

function machineScopes(values: PolicyValues): Scopes {
    const { environment, production } = values;
    const host = on("instance", own(environment));
    const volume = on("volume", own(environment));
    const blank = { label: "Blank", conditions: { ...own(environment).conditions, Null: isNotCaptured } };
    const group = on("security-group", own(environment));
    return {
        "ec2:RunInstances": [
            on("instance", made(environment)),
            // Made with the instance; whether its root volume has tags is the configuration's business.
            on("network-interface"),
            on("volume"),
            on("image", any, [environment.image]),
            // What the image was made from.
            on("snapshot"),
            group,
            given("subnet", values),
        ],
        "ec2:StopInstances": [host],
        "ec2:StartInstances": [host],
        "ec2:TerminateInstances": [host],
        "ec2:ModifyInstanceAttribute": [host, volume, group],
        "ec2:ModifyInstanceMetadataOptions": [host],
        "ec2:AssociateIamInstanceProfile": [host],
        "ec2:ReplaceIamInstanceProfileAssociation": [host],
        "ec2:DisassociateIamInstanceProfile": [host],
        // Other groups for a host: its interface has no tags of ours.
        "ec2:ModifyNetworkInterfaceAttribute": [host, group, given("subnet", values), on("network-interface")],
        "ec2:CreateVolume": [on("volume", made(environment)), on("snapshot", capturedBy(production))],
        // The root volume, which may have no tags, is changed with its host.
        "ec2:ModifyVolume": [volume],
        // What was restored is retained; no guard is needed for that.
        "ec2:DeleteVolume": [on("volume", blank)],
        "ec2:AttachVolume": [host, volume],
        "ec2:DetachVolume": [host, volume],
        "iam:PassRole": [
            on(
                "role",
                { label: "ToHosts", conditions: { StringEquals: { "iam:PassedToService": "ec2.amazonaws.com" } } },
                environment.instanceRoles,
            ),
        ],
    };
}

/** Snapshots that a capture of that stack took. */
function capturedBy(production: PolicyValues["production"]): When {
    const { conditions } = own(production);
    return { label: "Captured", conditions: { ...conditions, Null: isCaptured } };
}

function databaseScopes({ environment, production }: PolicyValues): Scopes {
    const names = serverNames(environment);
    const newServer = on("db", made(environment), names);
    const server = on("db", own(environment), names);
    const groupNames = [subnetGroupName(environment)];
    const subnets = on("subgrp", own(environment), groupNames);
    const groups = [on("pg"), on("og")];
    const source = on("db", { label: "Source" }, production.servers);
    const final = on("snapshot", any, names);
    return {
        "rds:CreateDBSubnetGroup": [on("subgrp", made(environment), groupNames)],
        "rds:ModifyDBSubnetGroup": [subnets],
        "rds:DeleteDBSubnetGroup": [subnets],
        "rds:CreateDBInstance": [newServer, subnets, ...groups],
        "rds:RestoreDBInstanceFromDBSnapshot": [
            newServer,
            subnets,
            ...groups,
            on("snapshot", capturedBy(production), ["posit-*"]),
        ],
        "rds:RestoreDBInstanceToPointInTime": [newServer, source, subnets, ...groups, on("auto-backup")],
        "rds:ModifyDBInstance": [server, subnets, ...groups],
        "rds:RebootDBInstance": [server],
        "rds:DeleteDBInstance": [server],
        "rds:CreateDBSnapshot": [server, final],
        "rds:AddTagsToResource": [on("db", any, names), on("subgrp", any, groupNames), final],
        "rds:RemoveTagsFromResource": [server, subnets],
    };
}
