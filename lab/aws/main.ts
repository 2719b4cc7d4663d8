// The lab's `aws`: the resource types that the program uses, over the one-machine cloud. The only substitute for AWS there is.
import { serve } from "../providerKit/serve";
import { notingInvokes, notingResources } from "./asked";
import { databases } from "./databases";
import { invokes } from "./invokes";
import { machines } from "./machines";
import { network } from "./network";
import { records } from "./records";
import { routes } from "./routes";
import { snapshots } from "./snapshots";
import { tags } from "./tags";
import { things } from "./things";

const resources = { ...network, ...routes, ...machines, ...snapshots, ...databases, ...records, ...tags, ...things };

serve({
    name: "aws",
    version: "7.48.0",
    resources: notingResources(resources),
    invokes: notingInvokes(invokes),
});
