// The kinds of entry points, a line each; their order is the reference page's.
import { external } from "./external";
import { route53 } from "./route53";

export const entryPointKinds = [route53, external] as const;
