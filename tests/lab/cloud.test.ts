// The cloud's machines for real: hosts boot, volumes carry data through snapshots and reboots, VPCs can't reach each other,
// AWS's refusals are given, and nothing is left behind. Needs root; about a minute once the images are built.
import * as assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { Instance } from "../../lab/cloud/api";
import { companyGateway } from "../../lab/cloud/network/reach";
import { eventually, refused } from "./assertions";
import { leadToCompany } from "./routes";
import { createTestLab } from "./testLab";
import type { TestLab } from "./testLab";

const zone = "us-east-1a";
const tags = { Project: "test" };
const debian12 = "ami-0000000000000d12";
const debian13 = "ami-0000000000000d13";

describe("the one-machine cloud", function () {
    this.timeout(300_000);
    let lab: TestLab;
    let keys: string;
    let production: Instance;
    let staging: Instance;
    let stagingGroup: string;
    let volumeId: string;
    let snapshotId: string;

    before(async () => {
        lab = createTestLab();
        keys = path.join(lab.folder, "keys");
        fs.mkdirSync(keys);
        for (const name of ["user", "host"]) {
            execFileSync("ssh-keygen", ["-q", "-t", "ed25519", "-N", "", "-f", path.join(keys, name)]);
        }
        await lab.lifecycle("start");
    });

    after(async () => {
        await lab.lifecycle("remove");
        fs.rmSync(lab.folder, { recursive: true, force: true });
    });

    const key = (name: string): string => fs.readFileSync(path.join(keys, name), "utf8");

    function userData(): string {
        const config = {
            ssh_keys: { ed25519_private: key("host"), ed25519_public: key("host.pub") },
            users: [
                {
                    name: "admin",
                    shell: "/bin/bash",
                    sudo: "ALL=(ALL) NOPASSWD:ALL",
                    ssh_authorized_keys: [key("user.pub").trim()],
                },
            ],
        };
        return Buffer.from(`#cloud-config\n${JSON.stringify(config)}`).toString("base64");
    }

    async function ssh(instance: Instance, script: string): Promise<string> {
        const known = path.join(keys, "known_hosts");
        fs.writeFileSync(known, `${instance.privateIp} ${key("host.pub")}`);
        const options = [
            `UserKnownHostsFile=${known}`,
            "StrictHostKeyChecking=yes",
            "ConnectTimeout=3",
            "BatchMode=yes",
        ];
        const flags = [...options.flatMap((option) => ["-o", option]), "-i", path.join(keys, "user")];
        return lab.within("op", ["ssh", ...flags, `admin@${instance.privateIp}`, "sudo bash -s"], `set -e\n${script}`);
    }

    async function environment(cidr: string, subnetCidr: string, imageId: string): Promise<[Instance, string]> {
        const { vpcId } = await lab.call("CreateVpc", { cidrBlock: cidr, tags });
        const { subnetId } = await lab.call("CreateSubnet", {
            vpcId,
            cidrBlock: subnetCidr,
            availabilityZone: zone,
            tags,
        });
        await leadToCompany(lab, vpcId, [subnetId]);
        const { groupId } = await lab.call("CreateSecurityGroup", {
            vpcId,
            groupName: "hosts",
            description: "hosts",
            tags,
        });
        const rule = { groupId, tags };
        await lab.call("AuthorizeRule", { ...rule, direction: "egress", protocol: "-1", cidr: "0.0.0.0/0" });
        // Every address may come in on 22, so that only the router's isolation keeps the VPCs apart.
        await lab.call("AuthorizeRule", {
            ...rule,
            direction: "ingress",
            protocol: "tcp",
            fromPort: 22,
            toPort: 22,
            cidr: "0.0.0.0/0",
        });
        const instance = await lab.call("RunInstance", {
            imageId,
            instanceType: "t3.small",
            subnetId,
            securityGroupIds: [groupId],
            userData: userData(),
            tags,
        });
        return [instance, groupId];
    }

    const by = (id: string): string => `/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_${id.replace("-", "")}`;

    async function completed(id: string): Promise<void> {
        await eventually(async () => {
            const { snapshots } = await lab.call("DescribeSnapshots", { snapshotIds: [id] });
            assert.equal(snapshots[0].state, "completed");
        }, 30);
    }

    it("boots a Debian 12 and a Debian 13 host that do what their user data says", async () => {
        [production] = await environment("10.10.0.0/16", "10.10.1.0/24", debian12);
        [staging, stagingGroup] = await environment("10.20.0.0/16", "10.20.1.0/24", debian13);
        assert.equal(production.privateIp, "10.10.1.10");
        for (const [host, codename] of [[production, "bookworm"] as const, [staging, "trixie"] as const]) {
            await eventually(() => ssh(host, "true"), 30);
            const out = await ssh(host, "cloud-init status --wait; . /etc/os-release; echo $VERSION_CODENAME");
            assert.match(out, /status: done/);
            assert.match(out, new RegExp(codename));
            assert.match(await ssh(host, "systemctl is-system-running --wait"), /running/);
        }
    });

    it("keeps the VPCs apart and lets only the groups' rules in", async () => {
        const reach = (port: number, address: string): string =>
            `timeout 2 bash -c '</dev/tcp/${address}/${port}' && echo reached || echo blocked`;
        assert.match(await ssh(staging, reach(22, production.privateIp)), /blocked/);
        assert.match(await ssh(production, reach(22, staging.privateIp)), /blocked/);
        const listen = "systemd-run --quiet --unit=listen nc -lk 8080; sleep 0.5";
        await ssh(staging, listen);
        const users = (): Promise<string> => lab.within("us", ["bash", "-c", reach(8080, staging.privateIp)]);
        assert.match(await users(), /blocked/);
        const { ruleId } = await lab.call("AuthorizeRule", {
            groupId: stagingGroup,
            direction: "ingress",
            protocol: "tcp",
            fromPort: 8080,
            toPort: 8080,
            cidr: "10.1.0.0/24",
            tags,
        });
        assert.match(await users(), /reached/);
        await lab.call("RevokeRule", { ruleId });
        assert.match(await users(), /blocked/);
    });

    it("leads out of a subnet only what its route table does", async () => {
        const reached = (): Promise<string> =>
            lab.within("us", [
                "bash",
                "-c",
                `timeout 2 bash -c '</dev/tcp/${staging.privateIp}/22' && echo reached || echo blocked`,
            ]);
        const { vpcId } = await lab.call("DescribeSubnet", { subnetId: staging.subnetId });
        const { routeTableId } = await lab.call("CreateRouteTable", { vpcId, tags });
        assert.match(await reached(), /reached/);
        await refused(
            lab.call("AssociateRouteTable", { routeTableId, subnetId: staging.subnetId }),
            "Resource.AlreadyAssociated",
        );
        await refused(
            lab.call("CreateRoute", {
                routeTableId,
                destinationCidrBlock: "10.20.0.2/32",
                transitGatewayId: companyGateway,
            }),
            "InvalidParameterValue",
            /equal to or more specific/,
        );
        await lab.call("OpenRoutes", { open: true });
        assert.match(await reached(), /reached/);
        await lab.call("OpenRoutes", { open: false });
        await lab.call("DeleteRouteTable", { routeTableId });
    });

    it("gives a volume to a host, with a file system that survives a reboot", async () => {
        ({ volumeId } = await lab.call("CreateVolume", { availabilityZone: zone, size: 1, encrypted: true, tags }));
        const { instanceId } = production;
        await lab.call("AttachVolume", { volumeId, instanceId, device: "/dev/sdf" });
        const fstab = `${by(volumeId)} /data ext4 defaults,nofail 0 2`;
        const boot = "cat /proc/sys/kernel/random/boot_id /proc/1/stat | cut -d' ' -f 1,22 | tail -1";
        const first = await ssh(
            production,
            `mkfs.ext4 -q ${by(volumeId)}; mkdir /data; echo '${fstab}' >> /etc/fstab; mount /data
            echo one > /data/file; sync -f /data; ${boot}`,
        );
        await lab.call("RebootInstance", { instanceId });
        await eventually(async () => assert.notEqual(await ssh(production, boot), first), 30);
        assert.equal(await eventually(() => ssh(production, "mountpoint -q /data; cat /data/file"), 10), "one\n");
    });

    it("snapshots the content of the moment of the request, pending at first", async () => {
        const snapshot = await lab.call("CreateSnapshot", { volumeId, tags: { ...tags, "posit:capture": "a" } });
        ({ snapshotId } = snapshot);
        assert.equal(snapshot.state, "pending");
        assert.equal(snapshot.encrypted, true);
        await ssh(production, "echo two > /data/file; sync -f /data");
        await refused(lab.call("CreateSnapshot", { volumeId, tags }), "SnapshotCreationPerVolumeRateExceeded");
        await refused(
            lab.call("CreateVolume", { availabilityZone: zone, snapshotId, tags }),
            "IncorrectState", // not completed yet
        );
        await completed(snapshotId);
        const filters = [{ name: "tag:posit:capture", values: ["a"] }];
        const { snapshots } = await lab.call("DescribeSnapshots", { filters });
        assert.deepEqual(
            snapshots.map((each) => each.snapshotId),
            [snapshotId],
        );
    });

    it("restores a snapshot into another VPC's host", async () => {
        const restored = await lab.call("CreateVolume", { availabilityZone: zone, snapshotId, tags });
        assert.equal(restored.size, 1);
        assert.equal(restored.encrypted, true);
        const { instanceId } = staging;
        await lab.call("AttachVolume", { volumeId: restored.volumeId, instanceId, device: "/dev/sdf" });
        assert.equal(
            await ssh(staging, `mkdir /mnt/r; mount ${by(restored.volumeId)} /mnt/r; cat /mnt/r/file`),
            "one\n",
        );
        await ssh(staging, "umount /mnt/r");
        await lab.call("DetachVolume", { volumeId: restored.volumeId, instanceId });
        assert.match(await ssh(staging, `[ -e ${by(restored.volumeId)} ] && echo there || echo gone`), /gone/);
        await lab.call("DeleteVolume", { volumeId: restored.volumeId });
    });

    it("refuses what AWS refuses", async () => {
        const { subnetId, instanceId } = production;
        const run = { imageId: debian12, instanceType: "t3.small", subnetId, securityGroupIds: [], tags };
        await refused(lab.call("RunInstance", { ...run, instanceType: "t9.huge" }), "InvalidParameterValue");
        await refused(lab.call("RunInstance", { ...run, imageId: "ami-0" }), "InvalidAMIID.NotFound");
        await refused(
            lab.call("RunInstance", { ...run, securityGroupIds: [stagingGroup] }),
            "InvalidParameterCombination",
        );
        await refused(
            lab.call("AttachVolume", { volumeId, instanceId: staging.instanceId, device: "/dev/sdg" }),
            "VolumeInUse",
        );
        await refused(lab.call("DeleteVolume", { volumeId }), "VolumeInUse");
        await refused(lab.call("DeleteSecurityGroup", { groupId: stagingGroup }), "DependencyViolation");
        await refused(lab.call("DeleteSubnet", { subnetId }), "DependencyViolation");
        const other = await lab.call("CreateVolume", { availabilityZone: "us-east-1b", size: 2, tags });
        await refused(
            lab.call("AttachVolume", { volumeId: other.volumeId, instanceId, device: "/dev/sdg" }),
            "InvalidVolume.ZoneMismatch",
        );
        await refused(lab.call("ModifyVolume", { volumeId: other.volumeId, size: 1 }), "InvalidParameterValue");
        await lab.call("DeleteVolume", { volumeId: other.volumeId });
        await refused(lab.call("DescribeVolume", { volumeId: other.volumeId }), "InvalidVolume.NotFound");
    });

    it("goes on after the daemon was killed, its hosts untouched", async () => {
        const ledger = path.join(lab.folder, ".lab/cloud/processes/cloud.json");
        const before = await ssh(production, "cut -d' ' -f 22 /proc/1/stat");
        process.kill((JSON.parse(fs.readFileSync(ledger, "utf8")) as { pid: number }).pid, "SIGKILL");
        await lab.lifecycle("start");
        const { state } = await lab.call("DescribeInstance", { instanceId: production.instanceId });
        assert.equal(state, "running");
        assert.equal(await ssh(production, "cut -d' ' -f 22 /proc/1/stat"), before);
    });

    it("brings hosts and volumes back after the whole lab was stopped", async () => {
        await lab.lifecycle("stop");
        assert.deepEqual(leftovers(lab), []);
        await lab.lifecycle("start");
        assert.equal(await eventually(() => ssh(production, "mountpoint -q /data; cat /data/file"), 30), "two\n");
    });

    it("loses the power and comes back with what was synced", async () => {
        const { instanceId } = production;
        await ssh(production, "echo three > /data/file; sync -f /data");
        await lab.call("CutPower", { instanceId });
        assert.equal((await lab.call("DescribeInstance", { instanceId })).state, "stopped");
        await lab.call("StartInstance", { instanceId });
        assert.equal(await eventually(() => ssh(production, "mountpoint -q /data; cat /data/file"), 30), "three\n");
    });

    it("completes a snapshot sooner when little is new since the last", async () => {
        await ssh(production, "dd if=/dev/urandom of=/data/big bs=1M count=300 status=none; sync -f /data");
        // EBS refuses two of a volume within a moment, the one of an earlier test among them.
        const request = async (): Promise<{ id: string; started: number }> => {
            const started = Date.now();
            return { id: (await lab.call("CreateSnapshot", { volumeId, tags })).snapshotId, started };
        };
        const seconds = async (): Promise<number> => {
            const { id, started } = await eventually(request, 30);
            await completed(id);
            return (Date.now() - started) / 1000;
        };
        const first = await seconds();
        const second = await seconds();
        assert.ok(first > 2 && second < first - 0.8, `${first} s, then ${second} s`);
    });

    it("cleans up after daemon and supervisors were killed", async () => {
        for (const name of ["cloud", `host-${production.instanceId}`]) {
            const entry = path.join(lab.folder, `.lab/cloud/processes/${name}.json`);
            process.kill((JSON.parse(fs.readFileSync(entry, "utf8")) as { pid: number }).pid, "SIGKILL");
        }
        await lab.lifecycle("stop");
        assert.deepEqual(leftovers(lab), []);
        await lab.lifecycle("start");
        assert.equal(await eventually(() => ssh(production, "mountpoint -q /data; cat /data/file"), 30), "three\n");
    });

    it("terminates hosts and takes everything away", async () => {
        for (const { instanceId } of [production, staging]) {
            await lab.call("TerminateInstance", { instanceId });
            assert.equal((await lab.call("DescribeInstance", { instanceId })).state, "terminated");
        }
        assert.equal((await lab.call("DescribeVolume", { volumeId })).state, "available");
        await lab.call("DeleteSecurityGroup", { groupId: stagingGroup });
        await lab.call("DeleteSubnet", { subnetId: staging.subnetId });
        await lab.lifecycle("remove");
        assert.deepEqual(leftovers(lab), []);
        assert.equal(fs.existsSync(path.join(lab.folder, ".lab")), false);
    });
});

/** Namespaces, loop devices, mounts, control groups and interfaces that still carry the lab's name or path. */
function leftovers(lab: TestLab): string[] {
    const text = [
        fs.readdirSync("/run/netns").join("\n"),
        execFileSync("losetup", ["--list", "--noheadings", "--output", "NAME,BACK-FILE"]).toString(),
        fs.readFileSync("/proc/self/mountinfo", "utf8"),
        execFileSync("ip", ["-brief", "link"]).toString(),
        ...["systemd", "memory", "pids", "unified", "."]
            .map((name) => path.join("/sys/fs/cgroup", name))
            .filter((folder) => fs.existsSync(folder))
            .map((folder) => fs.readdirSync(folder).join("\n")),
        fs.existsSync("/etc/netns") ? fs.readdirSync("/etc/netns").join("\n") : "",
    ].join("\n");
    return text.split("\n").filter((line) => line.includes(lab.prefix) || line.includes(lab.folder));
}
