// The isolated network of an environment: its own VPC, not peered with anything, or what is there already; and one security group per host and
// one for the databases. Each rule is a resource of its own with a description, so that a review shows what opens.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LeftNetwork } from "../logic/leftNetwork";
import type { NetworkPlace } from "../logic/networkPlace";
import { plannedRoutes } from "../logic/routes";
import { Opened, PlannedRule, plannedRules, SecurityGroupKey, slugOf } from "../logic/securityRules";
import { PerProduct, perProduct, products } from "../products";
import { natGatewayReady } from "./natGatewayReady";

export interface NetworkArgs extends Opened {
    place: NetworkPlace;
    tags: Record<string, string>;
    /** What of it a run that ended has left: it is taken over (decision 43). */
    left: LeftNetwork;
}

type OwnPlace = Extract<NetworkPlace, { kind: "own" }>;

interface Placed {
    vpcId: pulumi.Input<string>;
    subnets: { id: pulumi.Input<string>; zone: string }[];
    /** What leads out of it and in. */
    routes: pulumi.Resource[];
}

export class Network extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Input<string>;
    /** Hosts live in the first; the databases may be in any. */
    readonly subnets: Placed["subnets"];
    readonly hostGroups: PerProduct<aws.ec2.SecurityGroup>;
    readonly databaseGroup: aws.ec2.SecurityGroup;
    /** Everything a host needs before its first boot can reach the outside. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Network", name, {}, opts);
        const { place } = args;
        const { vpcId, subnets, routes } =
            place.kind === "own"
                ? this.own(name, place, args)
                : { vpcId: place.vpcId, subnets: place.subnets, routes: [] };
        this.vpcId = vpcId;
        this.subnets = subnets;
        const group = (key: string, description: string) =>
            new aws.ec2.SecurityGroup(
                `${name}-${key}`,
                { vpcId, description, tags: { ...args.tags, Name: `${name}-${key}` } },
                { parent: this },
            );
        this.databaseGroup = group("database", "Product databases");
        this.hostGroups = perProduct((product) => group(products[product].slug, `${products[product].title} host`));
        this.ready = [...routes, ...plannedRules(args).map((rule) => this.rule(name, rule, args.tags))];
        this.registerOutputs({ vpcId });
    }

    private own(name: string, place: OwnPlace, args: NetworkArgs): Placed {
        const { tags, left } = args;
        const vpc = new aws.ec2.Vpc(
            `${name}-vpc`,
            { cidrBlock: place.network.vpcCidr, enableDnsHostnames: true, tags: { ...tags, Name: name } },
            { parent: this, import: left.vpc },
        );
        const subnets = place.network.zones.map((zone, index) => {
            const cidrBlock = place.network.subnetCidrs[index];
            const subnet = new aws.ec2.Subnet(
                `${name}-subnet-${index + 1}`,
                { vpcId: vpc.id, availabilityZone: zone, cidrBlock, tags },
                { parent: this, import: left.subnets[cidrBlock] },
            );
            return { id: subnet.id, zone };
        });
        return { vpcId: vpc.id, subnets, routes: this.routes(name, vpc, subnets, place, args) };
    }

    /** Of the private subnets; logic/routes.ts says which. */
    private routes(
        name: string,
        vpc: aws.ec2.Vpc,
        subnets: Placed["subnets"],
        { network }: OwnPlace,
        { tags, left }: NetworkArgs,
    ): pulumi.Resource[] {
        const child = { parent: this };
        const table = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags }, child);
        const associations = subnets.map(
            (subnet, index) =>
                new aws.ec2.RouteTableAssociation(
                    `${name}-subnet-${index + 1}-routes`,
                    { subnetId: subnet.id, routeTableId: table.id },
                    child,
                ),
        );
        const { transitGatewayId, natSubnetCidr } = network;
        const attachment =
            transitGatewayId === undefined
                ? undefined
                : new aws.ec2transitgateway.VpcAttachment(
                      `${name}-transit`,
                      { transitGatewayId, vpcId: vpc.id, subnetIds: subnets.map((subnet) => subnet.id), tags },
                      { ...child, import: left.transit },
                  );
        const nat =
            natSubnetCidr === undefined ? undefined : this.nat(name, vpc, network.zones[0], natSubnetCidr, tags, left);
        const routes = plannedRoutes(network).map(({ destination: destinationCidrBlock, via }) =>
            via === "nat"
                ? new aws.ec2.Route(
                      `${name}-default`,
                      {
                          routeTableId: table.id,
                          natGatewayId: left.nat === undefined ? nat?.id : nat?.id.apply((id) => natGatewayReady(id)),
                          destinationCidrBlock,
                      },
                      child,
                  )
                : new aws.ec2.Route(
                      `${name}-to-${slugOf(destinationCidrBlock)}`,
                      { routeTableId: table.id, transitGatewayId, destinationCidrBlock },
                      { ...child, dependsOn: attachment && [attachment] },
                  ),
        );
        return [...associations, ...routes];
    }

    /** In a public subnet of its own. */
    private nat(
        name: string,
        vpc: aws.ec2.Vpc,
        availabilityZone: string,
        cidrBlock: string,
        tags: Record<string, string>,
        left: LeftNetwork,
    ): aws.ec2.NatGateway {
        const child = { parent: this };
        const subnet = new aws.ec2.Subnet(
            `${name}-nat-subnet`,
            { vpcId: vpc.id, availabilityZone, cidrBlock, tags },
            { ...child, import: left.subnets[cidrBlock] },
        );
        const gateway = new aws.ec2.InternetGateway(
            `${name}-gateway`,
            { vpcId: vpc.id, tags },
            { ...child, import: left.gateway },
        );
        const publicTable = new aws.ec2.RouteTable(`${name}-nat-routes`, { vpcId: vpc.id, tags }, child);
        const toGateway = new aws.ec2.Route(
            `${name}-nat-default`,
            { routeTableId: publicTable.id, gatewayId: gateway.id, destinationCidrBlock: "0.0.0.0/0" },
            child,
        );
        const association = new aws.ec2.RouteTableAssociation(
            `${name}-nat-subnet-routes`,
            { subnetId: subnet.id, routeTableId: publicTable.id },
            child,
        );
        const address = new aws.ec2.Eip(
            `${name}-nat-address`,
            { domain: "vpc", tags },
            { ...child, import: left.address },
        );
        return new aws.ec2.NatGateway(
            `${name}-nat`,
            { subnetId: subnet.id, allocationId: address.id, tags },
            { ...child, dependsOn: [toGateway, association], import: left.nat },
        );
    }

    private rule(name: string, rule: PlannedRule, tags: Record<string, string>): pulumi.Resource {
        const kind = rule.direction === "ingress" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
        return new kind(
            `${name}-${slugOfGroup(rule.group)}-${rule.name}`,
            {
                securityGroupId: this.groupOf(rule.group).id,
                ipProtocol: rule.protocol,
                fromPort: rule.port,
                toPort: rule.port,
                cidrIpv4: rule.cidr,
                referencedSecurityGroupId: rule.peer && this.groupOf(rule.peer).id,
                description: rule.description,
                tags,
            },
            { parent: this },
        );
    }

    private groupOf(key: SecurityGroupKey): aws.ec2.SecurityGroup {
        return key === "database" ? this.databaseGroup : this.hostGroups[key];
    }
}

function slugOfGroup(key: SecurityGroupKey): string {
    return key === "database" ? key : products[key].slug;
}
