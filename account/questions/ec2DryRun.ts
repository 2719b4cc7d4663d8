// EC2: requests that are judged and not carried out (`DryRun`): the nearest thing to trying a permission. Each changes nothing, whatever it is
// called: EC2 answers DryRunOperation where it would have been carried out (API reference, "Common request parameters").
import {
    AllocateAddressCommand,
    CreateSnapshotCommand,
    CreateVolumeCommand,
    CreateVpcCommand,
    RunInstancesCommand,
    type _InstanceType,
} from "@aws-sdk/client-ec2";
import { codeOf, firstLine, isOfCredentials } from "../answer";
import type { Cloud } from "../cloud";
import type { TriedPermission } from "../facts";

const DryRun = true;

export interface PlannedBuilding {
    /** Of a network that is to be made. */
    vpcCidr?: string;
    /** Where hosts will be, of one that is there. */
    subnetId?: string;
    image: string;
    instanceTypes: string[];
    /** Absent where it can't be told. */
    zone?: string;
    kmsKeyId?: string;
    nat: boolean;
}

/** What an environment makes first, with what its configuration says. */
export function triedBuilding({ ec2 }: Cloud, planned: PlannedBuilding): Promise<TriedPermission[]> {
    const { vpcCidr, subnetId, image, instanceTypes, zone, kmsKeyId, nat } = planned;
    const encrypted = { Encrypted: true, ...(kmsKeyId !== undefined && { KmsKeyId: kmsKeyId }) };
    return Promise.all([
        ...(vpcCidr === undefined
            ? []
            : [tried("ec2:CreateVpc", vpcCidr, () => ec2.send(new CreateVpcCommand({ DryRun, CidrBlock: vpcCidr })))]),
        ...(zone === undefined
            ? []
            : [
                  tried("ec2:CreateVolume", `a volume in ${zone}`, () => {
                      const volume = { AvailabilityZone: zone, Size: 1, VolumeType: "gp3", ...encrypted } as const;
                      return ec2.send(new CreateVolumeCommand({ DryRun, ...volume }));
                  }),
              ]),
        ...[...new Set(instanceTypes)].map((type) =>
            tried("ec2:RunInstances", `${image} as ${type}`, () =>
                ec2.send(
                    new RunInstancesCommand({
                        DryRun,
                        ImageId: image,
                        InstanceType: type as _InstanceType,
                        MinCount: 1,
                        MaxCount: 1,
                        ...(subnetId === undefined
                            ? { Placement: { AvailabilityZone: zone } }
                            : { SubnetId: subnetId }),
                    }),
                ),
            ),
        ),
        ...(nat
            ? [
                  tried("ec2:AllocateAddress", "an address for the NAT gateway", () =>
                      ec2.send(new AllocateAddressCommand({ DryRun, Domain: "vpc" })),
                  ),
              ]
            : []),
    ]);
}

/** What a capture asks for, of each volume. */
export function triedSnapshots({ ec2 }: Cloud, volumeIds: string[]): Promise<TriedPermission[]> {
    return Promise.all(
        volumeIds.map((id) =>
            tried("ec2:CreateSnapshot", id, () => ec2.send(new CreateSnapshotCommand({ DryRun, VolumeId: id }))),
        ),
    );
}

async function tried(action: string, on: string, ask: () => Promise<unknown>): Promise<TriedPermission> {
    try {
        await ask();
    } catch (error) {
        if (isOfCredentials(error)) {
            throw error;
        }
        const code = codeOf(error);
        if (code === "DryRunOperation") {
            return { action, on, verdict: "allowed" };
        }
        // An image of the Marketplace that nobody has subscribed to: the same request would fail for everybody.
        const isDenied = code === "UnauthorizedOperation" || code === "OptInRequired";
        return { action, on, verdict: isDenied ? "denied" : "unclear", says: `${code}: ${firstLine(error)}` };
    }
    throw new Error(
        `${action} was asked with DryRun and answered as if it had been carried out: look for what it made`,
    );
}
