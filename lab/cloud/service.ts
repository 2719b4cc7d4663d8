// What the daemon gives to each of its services (machines, databases, DNS), and what a service gives back.
//
// A service lives in its own folder and never reaches into another's. It keeps its records in its own part of the
// cloud's state (`context.records`), answers its actions (`handlers`) and tells who of its things stands in the network
// (`members`), so that security groups can be enforced for hosts and databases alike.
import type { Action, Request, Response, SecurityGroup, Subnet, Tags, Thing, Vpc } from "./api";

export type Handlers = { [A in Action]?: (request: Request<A>) => Promise<Response<A>> };

/** Something with an address in a subnet: a host or a database server. */
export interface NetworkMember {
    /** The resource's own id: an instance's id, a DB instance's identifier. */
    id: string;
    /** Network namespace it lives in, as `namespaceName` made it. */
    namespace: string;
    subnetId: string;
    address: string;
    securityGroupIds: string[];
}

export interface Service {
    handlers: Handlers;
    /**
     * Called once when the daemon starts, with the networks in place: picks up what still runs from an earlier daemon,
     * starts again what should run and doesn't (after a crash or a reboot of the machine).
     */
    start(): Promise<void>;
    /**
     * Called when the whole lab is stopped in an orderly way (not when only the daemon restarts: hosts and database
     * servers outlive it). What is left afterwards is ended by its entry in the process ledger.
     */
    stop(): Promise<void>;
    /** Everything of this service that has an address and security groups, whether it runs or not. */
    members(): NetworkMember[];
    /** The holder of the tags of the thing with this id, if it is this service's (`SetTags` replaces its `tags`). */
    tagged(id: string): { tags: Tags } | undefined;
}

export interface RunOptions {
    /** Run inside this network namespace. */
    namespace?: string;
    /** Sent to the command's standard input. */
    input?: string;
    env?: Record<string, string>;
    cwd?: string;
    /** Seconds after which the command is ended and the call fails; 60 when not given. */
    timeout?: number;
}

export interface DaemonProcess {
    /** Unique in the lab, for example "postgres-staging": the key in the process ledger and the log file's name. */
    name: string;
    command: string[];
    namespace?: string;
    env?: Record<string, string>;
    cwd?: string;
}

export interface CloudContext {
    /** The networks' records, read-only for other services than the network's own. */
    readonly vpcs: Readonly<Record<string, Vpc>>;
    readonly subnets: Readonly<Record<string, Subnet>>;
    readonly securityGroups: Readonly<Record<string, SecurityGroup>>;
    /** Records without machinery, for example a DB subnet group: `type` "aws:rds/subnetGroup:SubnetGroup". */
    readonly things: Readonly<Record<string, Thing>>;

    /** A service's own part of the state: created from `initial` once, kept across restarts, mutable. Plain JSON only. */
    records<T extends object>(service: string, initial: T): T;
    /** Writes the whole state to disk, atomically. Done after every request anyway; call it in background work. */
    save(): void;
    /** A line in the daemon's log. Never secrets. */
    log(message: string): void;
    /** A new id as AWS shapes them: newId("vol") → "vol-0123456789abcdef0". */
    newId(kind: string): string;

    /** Runs a command to its end; answers its standard output; fails with its last lines of standard error. */
    run(command: string[], options?: RunOptions): Promise<string>;
    /** Starts a process that outlives the daemon, entered in the ledger by pid and start time; output goes to the logs. */
    startProcess(process: DaemonProcess): Promise<{ pid: number }>;
    /** The pid of a process of the ledger that still runs (the same one, not a later one with its pid). */
    findProcess(name: string): number | undefined;
    /** Ends a process of the ledger (SIGTERM, or `signal`; SIGKILL after `graceSeconds`, 10 when not given) and its entry. */
    endProcess(name: string, options?: { signal?: NodeJS.Signals; graceSeconds?: number }): Promise<void>;
    /** Polls until `check` answers something other than undefined or false; fails naming `what`. */
    waitFor<T>(
        what: string,
        check: () => Promise<T | undefined | false> | T | undefined | false,
        seconds: number,
    ): Promise<T>;
    /** Goes on with work after the answer was sent; a failure is logged and given to `onError`. */
    background(what: string, work: () => Promise<void>, onError?: (error: Error) => void): void;
    /** One at a time per key, in order of asking: exclusive("volume vol-…", work). */
    exclusive<T>(key: string, work: () => Promise<T>): Promise<T>;

    /** "pl1a2b-" and eight characters made from the id: same id, same name. */
    namespaceName(id: string): string;
    /** A free address of the subnet (from .10 upward), or `wanted` when it is free; taken as soon as `members` tells of it. */
    allocateAddress(subnetId: string, wanted?: string): string;
    /** Creates the namespace with lo and eth0 at `address` on the subnet's bridge, default route, resolver; idempotent. */
    createNamespace(namespace: string, subnetId: string, address: string): Promise<void>;
    /** Removes it, its veth too. Processes in it must have ended. */
    removeNamespace(namespace: string): Promise<void>;
    /** Enforces the security groups for all members of all services; call it after a member came, went or changed groups. */
    applySecurityGroups(): Promise<void>;
    /** Lets through the router what the route tables lead to; call it after a table or a gateway came, went or changed. */
    applyRoutes(): Promise<void>;
    /** Refuses (InvalidGroup.NotFound, or InvalidParameterCombination across VPCs) groups that aren't of this VPC. */
    checkSecurityGroups(groupIds: string[], vpcId: string): void;
}
