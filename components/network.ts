// The isolated network of an environment: its own VPC, not peered with anything, and one security group per host and
// one for the databases. Each rule is a resource of its own with a description, so that a review shows what opens.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ports } from "../logic/ports";
import type { Answering } from "../logic/publicEndpoints";
import { byProduct, inOrder, PerProduct, perProduct, ProductId, products } from "../products";
import { usualPorts } from "../products/endpoint";

export interface NetworkArgs {
    vpcCidr: string;
    /** One subnet per zone; the first two are used by the database server's subnet group. */
    zones: string[];
    subnetCidrs: string[];
    /** Where `pulumi up` comes from: SSH to the hosts, Postgres to the database server. */
    operatorCidrs: string[];
    sshPort: number;
    answering: PerProduct<Answering>;
    /** Where users come from: the products' ports. */
    userCidrs: string[];
    /** Package repositories and mirrors: the only places outside that hosts may call (TCP 80 and 443). */
    packageCidrs: string[];
    /** File servers of shared homes (TCP 2049, on the host that has homes only). */
    storageCidrs: string[];
    /** Resolvers. */
    dnsCidrs: string[];
    /** A public subnet for a NAT gateway; without it the only way out is the transit gateway. */
    natSubnetCidr?: string;
    /** Leads to operators and users; without it they come by the bastion. */
    transitGatewayId?: string;
    tags: Record<string, string>;
}

/** One opened path; the name is a state key. It tells the range, so that another range in the list moves none of them. */
interface Rule {
    name: string;
    direction: "ingress" | "egress";
    description: string;
    protocol: "tcp" | "udp";
    fromPort: number;
    cidr?: string;
    group?: pulumi.Input<string>;
}

export class Network extends pulumi.ComponentResource {
    readonly vpcId: pulumi.Output<string>;
    readonly subnets: { id: pulumi.Output<string>; zone: string }[];
    readonly hostGroups: PerProduct<aws.ec2.SecurityGroup>;
    readonly databaseGroup: aws.ec2.SecurityGroup;
    /** Everything a host needs before its first boot can reach the outside. */
    readonly ready: pulumi.Resource[];

    constructor(name: string, args: NetworkArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Network", name, {}, opts);
        const vpc = new aws.ec2.Vpc(
            `${name}-vpc`,
            { cidrBlock: args.vpcCidr, enableDnsHostnames: true, tags: { ...args.tags, Name: name } },
            { parent: this },
        );
        this.vpcId = vpc.id;
        this.subnets = args.zones.map((zone, index) => ({
            id: new aws.ec2.Subnet(
                `${name}-subnet-${index + 1}`,
                { vpcId: vpc.id, availabilityZone: zone, cidrBlock: args.subnetCidrs[index], tags: args.tags },
                { parent: this },
            ).id,
            zone,
        }));
        const routes = this.routes(name, vpc, args);
        const group = (key: string, description: string) =>
            new aws.ec2.SecurityGroup(
                `${name}-${key}`,
                { vpcId: vpc.id, description, tags: { ...args.tags, Name: `${name}-${key}` } },
                { parent: this },
            );
        this.databaseGroup = group("database", "Product databases");
        this.hostGroups = perProduct((product) => group(products[product].slug, `${products[product].title} host`));
        const rules = inOrder.flatMap((product) => this.hostRules(name, product, args));
        const databaseRules = this.addRules(
            `${name}-database`,
            this.databaseGroup,
            databaseIngress(args, this.hostGroups),
            args,
        );
        this.ready = [...routes, ...rules, ...databaseRules];
        this.registerOutputs({ vpcId: this.vpcId });
    }

    /** Routes of the private subnets: out by NAT for packages, to operators and users by the transit gateway. */
    private routes(name: string, vpc: aws.ec2.Vpc, args: NetworkArgs): pulumi.Resource[] {
        const child = { parent: this };
        const table = new aws.ec2.RouteTable(`${name}-routes`, { vpcId: vpc.id, tags: args.tags }, child);
        const associations = this.subnets.map(
            (subnet, index) =>
                new aws.ec2.RouteTableAssociation(
                    `${name}-subnet-${index + 1}-routes`,
                    { subnetId: subnet.id, routeTableId: table.id },
                    child,
                ),
        );
        const inward = args.transitGatewayId ? this.transit(name, vpc, table, args.transitGatewayId, args) : [];
        const outward = args.natSubnetCidr ? [this.natRoute(name, vpc, table, args.natSubnetCidr, args)] : [];
        return [...associations, ...inward, ...outward];
    }

    private natRoute(name: string, vpc: aws.ec2.Vpc, table: aws.ec2.RouteTable, cidrBlock: string, args: NetworkArgs) {
        const child = { parent: this };
        const tags = args.tags;
        const subnet = new aws.ec2.Subnet(
            `${name}-nat-subnet`,
            { vpcId: vpc.id, availabilityZone: args.zones[0], cidrBlock, tags },
            child,
        );
        const gateway = new aws.ec2.InternetGateway(`${name}-gateway`, { vpcId: vpc.id, tags }, child);
        const publicTable = new aws.ec2.RouteTable(`${name}-nat-routes`, { vpcId: vpc.id, tags }, child);
        const everywhere = { destinationCidrBlock: "0.0.0.0/0" };
        const toGateway = new aws.ec2.Route(
            `${name}-nat-default`,
            { routeTableId: publicTable.id, gatewayId: gateway.id, ...everywhere },
            child,
        );
        const association = new aws.ec2.RouteTableAssociation(
            `${name}-nat-subnet-routes`,
            { subnetId: subnet.id, routeTableId: publicTable.id },
            child,
        );
        const address = new aws.ec2.Eip(`${name}-nat-address`, { domain: "vpc", tags }, child);
        const nat = new aws.ec2.NatGateway(
            `${name}-nat`,
            { subnetId: subnet.id, allocationId: address.id, tags },
            { ...child, dependsOn: [toGateway, association] },
        );
        return new aws.ec2.Route(
            `${name}-default`,
            { routeTableId: table.id, natGatewayId: nat.id, ...everywhere },
            child,
        );
    }

    private transit(
        name: string,
        vpc: aws.ec2.Vpc,
        table: aws.ec2.RouteTable,
        transitGatewayId: string,
        args: NetworkArgs,
    ) {
        const attachment = new aws.ec2transitgateway.VpcAttachment(
            `${name}-transit`,
            { transitGatewayId, vpcId: vpc.id, subnetIds: this.subnets.map((subnet) => subnet.id), tags: args.tags },
            { parent: this },
        );
        const cidrs = [...new Set([...args.operatorCidrs, ...args.userCidrs, ...args.dnsCidrs, ...args.storageCidrs])];
        return cidrs.map(
            (destinationCidrBlock) =>
                new aws.ec2.Route(
                    `${name}-to-${slugOf(destinationCidrBlock)}`,
                    { routeTableId: table.id, transitGatewayId, destinationCidrBlock },
                    { parent: this, dependsOn: [attachment] },
                ),
        );
    }

    private hostRules(name: string, product: ProductId, args: NetworkArgs): pulumi.Resource[] {
        const { slug } = products[product];
        const { port } = args.answering[product];
        const others = inOrder.filter((other) => other !== product);
        const rules: Rule[] = [
            ...args.operatorCidrs.map((cidr) =>
                tcp("ingress", `ssh-${slugOf(cidr)}`, "SSH from operators", args.sshPort, { cidr }),
            ),
            ...[...new Set([...args.userCidrs, ...args.operatorCidrs])].map((cidr) =>
                tcp("ingress", `users-${slugOf(cidr)}`, "Users", port, { cidr }),
            ),
            ...others.map((other) =>
                tcp("ingress", `from-${products[other].slug}`, `From ${products[other].title}`, port, {
                    group: this.hostGroups[other].id,
                }),
            ),
            ...others.map((other) =>
                tcp("egress", `to-${products[other].slug}`, `To ${products[other].title}`, args.answering[other].port, {
                    group: this.hostGroups[other].id,
                }),
            ),
            ...this.frontRules(args),
            tcp("egress", "database", "To the product databases", ports.postgres, { group: this.databaseGroup.id }),
            ...args.packageCidrs.flatMap((cidr) =>
                Object.values(usualPorts).map((web) =>
                    tcp("egress", `packages-${slugOf(cidr)}-${web}`, "Package repositories", web, { cidr }),
                ),
            ),
            ...(products[product].hasHomes ? args.storageCidrs : []).map((cidr) =>
                tcp("egress", `storage-${slugOf(cidr)}`, "Shared homes", ports.nfs, { cidr }),
            ),
            ...args.dnsCidrs.flatMap((cidr) => [
                tcp("egress", `dns-tcp-${slugOf(cidr)}`, "Name resolution", ports.dns, { cidr }),
                {
                    ...tcp("egress", `dns-udp-${slugOf(cidr)}`, "Name resolution", ports.dns, { cidr }),
                    protocol: "udp" as const,
                },
            ]),
        ];
        return this.addRules(`${name}-${slug}`, this.hostGroups[product], rules, args);
    }

    /** To what answers in front of the products: their names lead there on hosts too. */
    private frontRules({ answering }: NetworkArgs): Rule[] {
        const places = byProduct(answering).flatMap(([, { front, endpoint }]) =>
            front === undefined ? [] : [{ cidr: `${front}/32`, port: endpoint.port }],
        );
        return [...new Map(places.map((place) => [place.port, place])).values()].map(({ cidr, port }) =>
            tcp("egress", `front-${port}`, "To what is in front of the products", port, { cidr }),
        );
    }

    private addRules(
        prefix: string,
        group: aws.ec2.SecurityGroup,
        rules: Rule[],
        args: NetworkArgs,
    ): pulumi.Resource[] {
        return rules.map((rule) => {
            const kind =
                rule.direction === "ingress" ? aws.vpc.SecurityGroupIngressRule : aws.vpc.SecurityGroupEgressRule;
            return new kind(
                `${prefix}-${rule.name}`,
                {
                    securityGroupId: group.id,
                    ipProtocol: rule.protocol,
                    fromPort: rule.fromPort,
                    toPort: rule.fromPort,
                    cidrIpv4: rule.cidr,
                    referencedSecurityGroupId: rule.group,
                    description: rule.description,
                    tags: args.tags,
                },
                { parent: this },
            );
        });
    }
}

function tcp(
    direction: Rule["direction"],
    name: string,
    description: string,
    fromPort: number,
    peer: { cidr?: string; group?: pulumi.Input<string> },
): Rule {
    return { name: `${direction}-${name}`, direction, description, protocol: "tcp", fromPort, ...peer };
}

function databaseIngress(args: NetworkArgs, hostGroups: PerProduct<aws.ec2.SecurityGroup>): Rule[] {
    return [
        ...args.operatorCidrs.map((cidr) =>
            tcp("ingress", `operators-${slugOf(cidr)}`, "Roles and databases from operators", ports.postgres, { cidr }),
        ),
        ...byProduct(hostGroups).map(([product, { id }]) =>
            tcp("ingress", `from-${products[product].slug}`, `From ${products[product].title}`, ports.postgres, {
                group: id,
            }),
        ),
    ];
}

/** "10.1.0.0/24" → "10-1-0-0-24". */
function slugOf(cidr: string): string {
    return cidr.replace(/[./]/g, "-");
}
