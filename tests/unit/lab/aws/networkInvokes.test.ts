// The lab's look-ups of a network that is there, by the program's own words (cloud/existingNetwork.ts), against a cloud that has one. The cloud is
// played at its socket; the real one is lab/cloud (make lab-test).
import assert from "node:assert/strict";
import * as fs from "node:fs";
import * as http from "node:http";
import * as os from "node:os";
import * as path from "node:path";
import { existingNetwork } from "../../../../cloud/existingNetwork";
import { networkInvokes } from "../../../../lab/aws/networkInvokes";

const there: Record<string, object> = {
    "vpc-1": {
        ...{ vpcId: "vpc-1", cidrBlock: "10.30.0.0/16", tags: {}, defaultSecurityGroupId: "sg-1" },
        ...{ enableDnsSupport: true, enableDnsHostnames: true, mainRouteTableId: "rtb-1" },
    },
    "subnet-1": {
        ...{ subnetId: "subnet-1", vpcId: "vpc-1", tags: {} },
        ...{ cidrBlock: "10.30.1.0/24", availabilityZone: "us-east-1a" },
    },
};

describe("the lab's look-ups of a network", () => {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), "lab-cloud-"));
    const socket = path.join(folder, "socket");
    const earlier = process.env.POSIT_LAB_CLOUD;
    const server = http.createServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
            const { request: asked } = JSON.parse(Buffer.concat(chunks).toString()) as { request: object };
            const [id] = Object.values(asked) as string[];
            const found = there[id];
            response.statusCode = found ? 200 : 400;
            response.end(JSON.stringify(found ?? { code: "InvalidSubnetID.NotFound", message: `no ${id}` }));
        });
    });
    before((done) => {
        process.env.POSIT_LAB_CLOUD = socket;
        server.listen(socket, done);
    });
    after(() => {
        server.close();
        fs.rmSync(folder, { recursive: true });
        if (earlier === undefined) delete process.env.POSIT_LAB_CLOUD;
        else process.env.POSIT_LAB_CLOUD = earlier;
    });

    it("answer what the program asks, and the provider's words for what is not there", async () => {
        const ask = (name: string) => async (args?: { id?: string }) =>
            networkInvokes[`aws:ec2/${name}:${name}`]({ id: args?.id }, {});
        const found = await existingNetwork({ vpcId: "vpc-1", subnetIds: ["subnet-1", "subnet-2"] }, {
            getVpc: ask("getVpc"),
            getSubnet: ask("getSubnet"),
        } as unknown as Parameters<typeof existingNetwork>[1]);
        assert.deepEqual(found, {
            vpc: { cidrs: ["10.30.0.0/16"], dnsSupport: true },
            subnets: [
                { id: "subnet-1", found: { vpcId: "vpc-1", zone: "us-east-1a", publicAddresses: false } },
                { id: "subnet-2", found: undefined },
            ],
        });
    });
});
