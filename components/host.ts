// One virtual machine: instance with an encrypted root volume and IMDSv2 only, first-boot data, and its own host key.
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { utils } from "ssh2";
import type { OsFamily } from "../logic/operatingSystems";
import { operatorHome, operatorUid } from "../logic/operator";
import { reveal, Secret } from "../logic/secret";
import { HostAddress } from "../remote/connection";
import { answerOf, Runner } from "./runner";
import { revealed } from "./secrets";

export interface HostArgs {
    ami: string;
    /** What the image has to be of; the host says whether it is. */
    family: OsFamily;
    instanceType: string;
    subnetId: pulumi.Input<string>;
    securityGroupIds: pulumi.Input<string>[];
    /** Its subnet gives a public address to what does not refuse one. */
    refusesPublicAddress: boolean;
    /** Name of its IAM instance profile. */
    instanceProfile?: string;
    /** GiB */
    rootVolumeSize: number;
    kmsKeyId?: string;
    /** The login user that first boot creates, with sudo and the operator's public key. */
    user: string;
    port?: number;
    bastion?: HostAddress["bastion"];
    /** OpenSSH private key of the operator. */
    privateKey: Secret<string>;
    /**
     * OpenSSH ed25519 private key that the host shows on the very first connection only. It reaches the host by user data,
     * which others in the account may read; so the host makes a key of its own at once and this one is worth nothing afterwards.
     */
    bootstrapHostKey: Secret<string>;
    tags: Record<string, string>;
    /** Refuse termination by API calls, and replacement by the engine; for an environment that serves. */
    deletionProtection: boolean;
}

export class Host extends pulumi.ComponentResource {
    readonly instance: aws.ec2.Instance;
    readonly address: pulumi.Output<string>;
    /** The key that the host made for itself; what every later connection pins. */
    readonly hostKey: pulumi.Output<string>;
    readonly target: pulumi.Output<HostAddress>;
    readonly runner: Runner;

    constructor(name: string, args: HostArgs, opts?: pulumi.ComponentResourceOptions) {
        super("posit:index:Host", name, {}, opts);
        this.instance = new aws.ec2.Instance(
            `${name}-instance`,
            {
                ami: args.ami,
                instanceType: args.instanceType,
                subnetId: args.subnetId,
                vpcSecurityGroupIds: args.securityGroupIds,
                // The provider says a plain "no" to EC2 (terraform-provider-aws, internal/service/ec2/ec2_instance.go, buildNetworkInterfaceOpts: seen in code; #411: tried).
                ...(args.refusesPublicAddress && { associatePublicIpAddress: false }),
                iamInstanceProfile: args.instanceProfile,
                userData: revealed(args.bootstrapHostKey, (hostKey) => firstBootData(args, hostKey)),
                metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
                rootBlockDevice: {
                    encrypted: true,
                    volumeType: "gp3",
                    volumeSize: args.rootVolumeSize,
                    kmsKeyId: args.kmsKeyId,
                },
                // In the request itself: policies that ask for tags on volumes look there, and `rootBlockDevice.tags` come after it (decision 34).
                volumeTags: { ...args.tags, Name: name },
                disableApiTermination: args.deletionProtection,
                tags: { ...args.tags, Name: name },
            },
            {
                parent: this,
                // A changed AMI or user data must not stop or replace a server that holds data: rebuild on purpose only.
                // Tags of volumes are read back of all that are attached, so those of data volumes would be a difference each time.
                // Whether it has a public address is read back too, and an address that somebody attaches later would have it replaced.
                ignoreChanges: ["ami", "userData", "volumeTags", "associatePublicIpAddress"],
                // A volume attached to the old instance can't be attached to the new one.
                deleteBeforeReplace: true,
                protect: args.deletionProtection,
            },
        );
        this.address = this.instance.privateIp;
        const reach = { port: args.port, user: args.user, privateKey: args.privateKey, bastion: args.bastion };
        const firstContact = new Runner({
            target: this.address.apply((address) => ({ ...reach, address, hostKey: publicKey(args.bootstrapHostKey) })),
            host: this.instance,
        });
        const key = firstContact.ask(
            `${name}-host-key`,
            { script: "hostkey", repeat: "once", triggers: [this.instance.id] },
            // The key that this connection pins is gone after the first contact: nothing may make the engine dial again.
            { parent: this, ignoreChanges: ["connection", "stdin", "create", "update"] },
        );
        this.hostKey = answerOf(key).apply((answer) => answer.hostKey);
        this.target = pulumi
            .all([this.address, this.hostKey])
            .apply(([address, hostKey]) => ({ ...reach, address, hostKey }));
        const reachable = new Runner({ target: this.target, host: this.instance });
        const ready = reachable.run(
            `${name}-ready`,
            {
                script: "ready",
                repeat: "once",
                variables: { FAMILY: args.family },
                triggers: [this.instance.id],
            },
            { parent: this },
        );
        this.runner = reachable.after(ready);
        this.registerOutputs({ address: this.address, hostKey: this.hostKey });
    }
}

/** cloud-config; JSON is YAML, so no renderer is needed. */
function firstBootData(args: HostArgs, bootstrapHostKey: string): string {
    const cloudConfig = {
        users: [
            {
                name: args.user,
                uid: String(operatorUid),
                homedir: operatorHome(args.user),
                sudo: "ALL=(ALL) NOPASSWD:ALL",
                shell: "/bin/bash",
                lock_passwd: true,
                ssh_authorized_keys: [publicKey(args.privateKey)],
            },
        ],
        ssh_pwauth: false,
        disable_root: true,
        ssh_deletekeys: true,
        ssh_keys: {
            // sshd refuses a key without its last newline, which `pulumi config set` takes off
            ed25519_private: `${bootstrapHostKey.trimEnd()}\n`,
            ed25519_public: publicKey(args.bootstrapHostKey),
        },
    };
    return `#cloud-config\n${JSON.stringify(cloudConfig, null, 1)}\n`;
}

/** "ssh-ed25519 AAAA…" of a private key, which is no secret. Throws when the text is not a private key without passphrase. */
export function publicKey(privateKey: Secret<string>): string {
    const parsed = utils.parseKey(reveal(privateKey));
    if (parsed instanceof Error) {
        throw new Error(`not an OpenSSH private key without passphrase: ${parsed.message}`);
    }
    return `${parsed.type} ${parsed.getPublicSSH().toString("base64")}`;
}
