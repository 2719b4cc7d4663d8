// Where moto answers otherwise than AWS: left out of what is compared. One that nothing meets any longer fails.
import type { Resource } from "../exports";

export interface Gap {
    type: string;
    input: string;
    when?(inputs: Resource["inputs"]): boolean;
    why: string;
}

const toGroup = ({ referencedSecurityGroupId }: Resource["inputs"]) => referencedSecurityGroupId !== undefined;
const lost =
    "moto 5.2.5 keeps a rule's description with a range only; EC2's model has one with a group too (UserIdGroupPair.Description)";

export const gaps: Gap[] = [
    {
        type: "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        input: "description",
        when: toGroup,
        why: lost,
    },
    { type: "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", input: "description", when: toGroup, why: lost },
    {
        type: "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
        input: "tags",
        why: "moto 5.2.5 loses the TagSpecifications of CreateTransitGatewayVpcAttachment; EC2's model has them",
    },
];

export function gapOf(resource: Resource, input: string): Gap | undefined {
    return gaps.find(
        (gap) => gap.type === resource.type && gap.input === input && (gap.when?.(resource.inputs) ?? true),
    );
}
