// What the lab's cloud refuses of things that AWS has only once.
import assert from "node:assert/strict";
import { companyGateway } from "../../../../lab/cloud/network/reach";
import { completed, kindOf } from "../../../../lab/cloud/thingKinds";

const network = { subnets: {} };
const refusalOf = (type: string, properties: Record<string, unknown>, ...others: ReturnType<typeof completed>[]) =>
    kindOf(type).refuses?.(properties, others)?.code;

describe("a second one of what there can be one of", () => {
    it("is refused with AWS's code: a gateway of a VPC, a NAT gateway of an address, an attachment of a VPC", () => {
        const address = completed("aws:ec2/eip:Eip", "eipalloc-1", {}, network);
        const cases: [type: string, own: Record<string, unknown>, other: Record<string, unknown>, code: string][] = [
            ["aws:ec2/internetGateway:InternetGateway", { vpcId: "a" }, { vpcId: "b" }, "InvalidParameterValue"],
            [
                ...(["aws:ec2/natGateway:NatGateway", { allocationId: "eipalloc-1" }, {}] as const),
                "Resource.AlreadyAssociated",
            ],
            [
                "aws:ec2transitgateway/vpcAttachment:VpcAttachment",
                { transitGatewayId: companyGateway, vpcId: "a" },
                { transitGatewayId: companyGateway, vpcId: "b" },
                "DuplicateTransitGatewayAttachment",
            ],
        ];
        for (const [type, own, other, code] of cases) {
            const made = completed(type, "made-1", own, network);
            assert.equal(refusalOf(type, own, address), undefined, type);
            assert.equal(refusalOf(type, own, address, made), code);
            assert.equal(refusalOf(type, other, address, made), undefined, type);
        }
    });
});
