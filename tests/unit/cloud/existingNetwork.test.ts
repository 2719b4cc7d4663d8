// What is asked of the cloud about a network that is there, and what its answers mean. The provider is played: shapes and words are those of its
// data sources (terraform-provider-aws, internal/service/ec2/vpc_data_source.go and vpc_subnet_data_source.go).
import assert from "node:assert/strict";
import type * as aws from "@pulumi/aws";
import { existingNetwork } from "../../../cloud/existingNetwork";

type Ask = Parameters<typeof existingNetwork>[1];
const subnet = { vpcId: "vpc-1", availabilityZone: "us-east-1a", mapPublicIpOnLaunch: false };
const vpc = { cidrBlock: "10.30.0.0/16", enableDnsSupport: true };
const played = (answers: Record<string, object | Error>): Ask => {
    const answer = async (args?: { id?: string }) => {
        const found = answers[args?.id ?? ""];
        if (found instanceof Error) throw found;
        return found;
    };
    return { getVpc: answer, getSubnet: answer } as unknown as Ask;
};
const asked = (answers: Record<string, object | Error>) =>
    existingNetwork({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] }, played(answers));

describe("a network that is there, as the cloud has it", () => {
    it("has its first range and those that were added, and of each subnet VPC and zone", async () => {
        const association = (cidrBlock: string, state: string) => ({ associationId: "a", cidrBlock, state });
        const cidrBlockAssociations: aws.types.output.ec2.GetVpcCidrBlockAssociation[] = [
            association("10.30.0.0/16", "associated"),
            association("10.31.0.0/16", "associating"),
            association("10.32.0.0/16", "disassociated"),
        ];
        const other = { ...subnet, availabilityZone: "us-east-1b", mapPublicIpOnLaunch: true };
        const answers = { "vpc-1": { ...vpc, cidrBlockAssociations }, "subnet-1": subnet, "subnet-2": other };
        assert.deepEqual(await asked(answers), {
            vpc: { cidrs: ["10.30.0.0/16", "10.31.0.0/16"], dnsSupport: true },
            subnets: [
                { id: "subnet-1", found: { vpcId: "vpc-1", zone: "us-east-1a", publicAddresses: false } },
                { id: "subnet-2", found: { vpcId: "vpc-1", zone: "us-east-1b", publicAddresses: true } },
            ],
        });
    });

    it("is not there by the provider's words, and by EC2's", async () => {
        const answers = {
            "vpc-1": new Error("invocation of aws:ec2/getVpc:getVpc returned an error: no matching EC2 VPC found"),
            "subnet-1": subnet,
            "subnet-2": new Error("api error InvalidSubnetID.NotFound: The subnet ID 'subnet-2' does not exist"),
        };
        const { vpc: found, subnets } = await asked(answers);
        assert.equal(found, undefined);
        assert.deepEqual(
            subnets.map(({ found: one }) => one?.zone),
            ["us-east-1a", undefined],
        );
    });

    it("is not taken for gone where it may not be asked", async () => {
        const refused = new Error(
            "api error UnauthorizedOperation: You are not authorized to perform: ec2:DescribeVpcs",
        );
        await assert.rejects(
            asked({ "vpc-1": refused, "subnet-1": subnet, "subnet-2": subnet }),
            /UnauthorizedOperation/,
        );
    });
});
