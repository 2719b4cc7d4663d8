// Errors as the engine reads them.
import * as grpc from "@grpc/grpc-js";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

/** Of a resource that stands and is not finished: the engine takes it into its state, and updates it in its next run. */
export class InitFailed extends Error {
    constructor(
        readonly id: string,
        readonly properties: Struct,
        readonly inputs: Struct | undefined,
        reason: string,
    ) {
        super(reason);
    }
}

/** Details travel as the engine's own Node providers send them (@pulumi/pulumi, provider/server.js). */
export function grpcError(error: Error): Partial<grpc.ServiceError> {
    const metadata = new grpc.Metadata();
    if (error instanceof InitFailed) {
        const detail = new ErrorResourceInitFailed();
        detail.setId(error.id);
        detail.setProperties(error.properties);
        detail.setInputs(error.inputs);
        detail.setReasonsList([error.message]);
        const packed = new Any();
        packed.pack(detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
        const status = new Status();
        status.setCode(grpc.status.UNKNOWN);
        status.setMessage(error.message);
        status.addDetails(packed);
        metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
    }
    return { code: grpc.status.UNKNOWN, message: error.message, metadata };
}
