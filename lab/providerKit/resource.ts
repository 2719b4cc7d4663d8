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

export interface ResourceType {
    /** A change of one of these replaces the resource. */
    forceNew: string[];
    /** Inputs that the cloud fills in when absent: their absence is no difference. */
    optionalComputed?: string[];
    /** Inputs that are compared with what the cloud answered last, not with what was given then: as Terraform's providers compare all. */
    readBack?: string[];
    /** Outputs that nobody gives. */
    computed: string[];
    /** Outputs that are secret whatever the inputs were. */
    secretOutputs?: string[];
    /** Filled in by Check. */
    defaults?: (inputs: Properties, configuration: Properties) => Properties;
    /** Words for people, one per wrong property. */
    check?: (inputs: Properties) => { property: string; reason: string }[];
    create(inputs: Properties, context: OperationContext): Promise<Created>;
    /** `undefined`: it is gone. `inputs` are absent for an import. */
    read?(
        id: string,
        inputs: Properties | undefined,
        outputs: Properties,
    ): Promise<(Created & { inputs: Properties }) | undefined>;
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
