// What one resource type of a lab provider has to say; the kit does the rest of the protocol.
import { Properties } from "./values";

export interface OperationContext {
    /** Aborted when the engine cancels. */
    signal: AbortSignal;
    /** Seconds; 0 when the program gave none. */
    timeout: number;
    /** The provider's configuration. */
    configuration: Properties;
}

export interface Created {
    id: string;
    outputs: Properties;
}

/** Begun, and not finished: what stands goes into the engine's state, and its next run goes on from there. */
export class Unfinished extends Error {
    constructor(
        readonly id: string,
        readonly outputs: Properties,
        reason: Error,
    ) {
        super(reason.message);
    }
}

export interface ResourceType {
    /** A change of one of these replaces the resource. */
    forceNew: string[];
    /** Inputs that the cloud fills in when absent: their absence is no difference. */
    optionalComputed?: string[];
    /**
     * All that a program may give, of a type that is answered from a cloud: its outputs are the cloud's words, and what the program gives now is
     * compared with those, as Terraform's providers do. Without it outputs are what was given.
     */
    inputs?: string[];
    /** Of a type without `inputs`: those that are compared with what was answered last, not with what was given then. */
    readBack?: string[];
    /** Inputs that stand as they were given, since no API answers them. */
    kept?: string[];
    /** Lists without an order. */
    sets?: string[];
    /** Names of what replaces for a reason that lies in both. */
    replacing?: (olds: Properties, news: Properties) => string[];
    /** Outputs that nobody gives. */
    computed: string[];
    /** Outputs that are secret whatever the inputs were. */
    secretOutputs?: string[];
    /** Filled in by Check. */
    defaults?: (inputs: Properties, configuration: Properties) => Properties;
    /** Words for people, one per wrong property. */
    check?: (inputs: Properties) => { property: string; reason: string }[];
    /** May throw what is Unfinished. */
    create(inputs: Properties, context: OperationContext): Promise<Created>;
    /** `undefined`: it is gone. `inputs` are absent for an import; those in the answer may be, of a type with `inputs`. */
    read?(
        id: string,
        inputs: Properties | undefined,
        outputs: Properties,
    ): Promise<(Created & { inputs?: Properties }) | undefined>;
    update?(
        id: string,
        inputs: Properties,
        outputs: Properties,
        context: OperationContext,
        oldInputs: Properties,
    ): Promise<Properties>;
    delete(id: string, outputs: Properties, context: OperationContext): Promise<void>;
}

export type Invoke = (args: Properties, configuration: Properties) => Promise<Properties>;

export interface ProviderDefinition {
    name: string;
    version: string;
    resources: Record<string, ResourceType>;
    invokes: Record<string, Invoke>;
    configure?: (configuration: Properties) => Promise<void>;
}
