// The kinds of entry points, a line each; their order is the reference page's.
export { route53 } from "./route53";
export { external } from "./external";
