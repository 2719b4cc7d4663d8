// What a rehearsal in a network that was there reads from staging's state; that the network and the way to production are real is the rehearsal's to
// prove (EXISTING=1).
import assert from "node:assert/strict";
import { missingInState, partsOfNetwork } from "../../../../lab/rehearse/existingNetwork";

const resource = (type: string, name: string, outputs = {}) => ({
    ...{ type, urn: `urn:pulumi:staging::rehearsal::posit:index:Network$${type}::${name}`, outputs },
});
const group = (name: string, vpcId = "vpc-1") => resource("aws:ec2/securityGroup:SecurityGroup", name, { vpcId });
const groups = ["packages", "workbench", "connect", "database"].map((name) => group(`posit-team-${name}`));
const tries = ["packages", "workbench", "connect"].map((name) =>
    resource("command:remote:Command", `${name}-isolation`),
);
const others = [
    resource("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule", "posit-team-connect-egress-database"),
    resource("aws:ec2/instance:Instance", "connect"),
    resource("aws:ec2/volumeAttachment:VolumeAttachment", "connect-data"),
];
const state = (...resources: ReturnType<typeof resource>[]) => ({ deployment: { resources } });

describe("staging's state, in a network that was there", () => {
    it("has groups, rules and hosts, and no part of the network", () => {
        const good = state(...groups, ...tries, ...others);
        assert.deepEqual(partsOfNetwork(good), []);
        assert.deepEqual(missingInState(good, "vpc-1"), []);
    });

    it("is found to have any part that this program makes of its own network", () => {
        const parts = [
            ...["vpc:Vpc", "subnet:Subnet", "routeTable:RouteTable", "route:Route", "natGateway:NatGateway", "eip:Eip"],
            ...["routeTableAssociation:RouteTableAssociation", "internetGateway:InternetGateway"],
        ].map((type) => `aws:ec2/${type}`);
        const all = [...parts, "aws:ec2transitgateway/vpcAttachment:VpcAttachment"];
        const found = partsOfNetwork(state(...groups, ...all.map((type) => resource(type, "one"))));
        assert.deepEqual(
            found,
            all.map((type) => `${type} one`),
        );
    });

    it("is found to lack groups or tries, and to have a group elsewhere", () => {
        assert.deepEqual(missingInState(state(...groups.slice(1), ...tries.slice(1)), "vpc-1"), [
            "3 security groups",
            "2 hosts tried to reach production",
        ]);
        const astray = state(...groups.slice(1), group("posit-team-packages", "vpc-2"), ...tries);
        assert.deepEqual(missingInState(astray, "vpc-1"), ["posit-team-packages is elsewhere"]);
    });
});
