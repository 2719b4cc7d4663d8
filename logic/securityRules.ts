// What the security groups of an environment open: a group for each host, and one for the databases. Pure; components/network.ts makes a resource
// of each rule, so that a review shows what opens.
import type { NetworkConfig } from "../config/network";
import { byProduct, inOrder, PerProduct, ProductId, products } from "../products";
import { usualPorts } from "../products/endpoint";
import { ports } from "./ports";
import type { Answering } from "./publicEndpoints";

export type SecurityGroupKey = ProductId | "database";

/** One opened path. */
export interface PlannedRule {
    group: SecurityGroupKey;
    /** A state key within its group. It tells the range, so that another range in the list moves none of them. */
    name: string;
    direction: "ingress" | "egress";
    description: string;
    protocol: "tcp" | "udp";
    port: number;
    /** Either a range or another group. */
    cidr?: string;
    peer?: SecurityGroupKey;
}

export interface Opened extends Pick<
    NetworkConfig,
    "operatorCidrs" | "userCidrs" | "packageCidrs" | "storageCidrs" | "dnsCidrs"
> {
    sshPort: number;
    answering: PerProduct<Answering>;
}

type Peer = Pick<PlannedRule, "cidr" | "peer">;
type Rule = Omit<PlannedRule, "group">;

export function plannedRules(opened: Opened): PlannedRule[] {
    return [
        ...inOrder.flatMap((product) => hostRules(product, opened).map((rule) => ({ ...rule, group: product }))),
        ...databaseRules(opened).map((rule) => ({ ...rule, group: "database" as const })),
    ];
}

function hostRules(product: ProductId, opened: Opened): Rule[] {
    const { operatorCidrs, userCidrs, packageCidrs, storageCidrs, dnsCidrs, sshPort, answering } = opened;
    const { port } = answering[product];
    const others = inOrder.filter((other) => other !== product);
    const [into, out] = [tcp("ingress"), tcp("egress")];
    return [
        ...operatorCidrs.map((cidr) => into(`ssh-${slugOf(cidr)}`, "SSH from operators", sshPort, { cidr })),
        ...[...new Set([...userCidrs, ...operatorCidrs])].map((cidr) =>
            into(`users-${slugOf(cidr)}`, "Users", port, { cidr }),
        ),
        ...others.map((peer) => into(`from-${products[peer].slug}`, `From ${products[peer].title}`, port, { peer })),
        ...others.map((peer) =>
            out(`to-${products[peer].slug}`, `To ${products[peer].title}`, answering[peer].port, { peer }),
        ),
        ...frontRules(opened),
        out("database", "To the product databases", ports.postgres, { peer: "database" }),
        ...packageCidrs.flatMap((cidr) =>
            Object.values(usualPorts).map((web) =>
                out(`packages-${slugOf(cidr)}-${web}`, "Package repositories", web, { cidr }),
            ),
        ),
        ...(products[product].hasHomes ? storageCidrs : []).map((cidr) =>
            out(`storage-${slugOf(cidr)}`, "Shared homes", ports.nfs, { cidr }),
        ),
        ...dnsCidrs.flatMap((cidr) => [
            out(`dns-tcp-${slugOf(cidr)}`, "Name resolution", ports.dns, { cidr }),
            {
                ...out(`dns-udp-${slugOf(cidr)}`, "Name resolution", ports.dns, { cidr }),
                protocol: "udp" as const,
            },
        ]),
    ];
}

/** To what answers in front of the products: their names lead there on hosts too. A range of packages may open the same already, and EC2 refuses a rule that is there. */
function frontRules({ answering, packageCidrs }: Opened): Rule[] {
    const web: number[] = Object.values(usualPorts);
    const places = byProduct(answering).flatMap(([, { front, endpoint }]) =>
        front === undefined ? [] : [{ cidr: `${front}/32`, port: endpoint.port }],
    );
    return [...new Map(places.map((place) => [place.port, place])).values()]
        .filter(({ cidr, port }) => !(packageCidrs.includes(cidr) && web.includes(port)))
        .map(({ cidr, port }) => tcp("egress")(`front-${port}`, "To what is in front of the products", port, { cidr }));
}

function databaseRules({ operatorCidrs }: Opened): Rule[] {
    const into = tcp("ingress");
    return [
        ...operatorCidrs.map((cidr) =>
            into(`operators-${slugOf(cidr)}`, "Roles and databases from operators", ports.postgres, { cidr }),
        ),
        ...inOrder.map((peer) =>
            into(`from-${products[peer].slug}`, `From ${products[peer].title}`, ports.postgres, { peer }),
        ),
    ];
}

const tcp =
    (direction: PlannedRule["direction"]) =>
    (name: string, description: string, port: number, peer: Peer): Rule => ({
        name: `${direction}-${name}`,
        direction,
        description,
        protocol: "tcp",
        port,
        ...peer,
    });

/** "10.1.0.0/24" → "10-1-0-0-24". */
export function slugOf(cidr: string): string {
    return cidr.replace(/[./]/g, "-");
}
