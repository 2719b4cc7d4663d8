// Calls a hook of the program as an engine does: at the address that it was told when the hook was registered.
import { credentials } from "@grpc/grpc-js";
import { CallbacksClient } from "@pulumi/pulumi/proto/callback_grpc_pb";
import { CallbackInvokeRequest } from "@pulumi/pulumi/proto/callback_pb";
import { ResourceHookRequest, ResourceHookResponse } from "@pulumi/pulumi/proto/resource_pb";
import type { Callback } from "../recorder";

/** Why the hook failed; nothing where it did not. */
export async function callHook({ target, token }: Callback): Promise<string> {
    const client = new CallbacksClient(target, credentials.createInsecure());
    const request = new CallbackInvokeRequest();
    request.setToken(token);
    request.setRequest(new ResourceHookRequest().serializeBinary());
    try {
        return await new Promise<string>((resolve, reject) =>
            client.invoke(request, (error, response) =>
                error
                    ? reject(error)
                    : resolve(ResourceHookResponse.deserializeBinary(response.getResponse_asU8()).getError()),
            ),
        );
    } finally {
        client.close();
    }
}
