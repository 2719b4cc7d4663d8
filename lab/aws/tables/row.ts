// How a resource type's properties behave, as data. Which kind one is of is in the words of the SDK's own types (@pulumi/aws 7.48.0, which a test
// reads); what replaces is read in single source files of hashicorp/terraform-provider-aws (5.x and 6.x, none of exactly the version inside
// 7.48), or assumed.

/** "filled": whoever leaves it out gets the cloud's value, or the provider's default. "computed": nobody gives it. */
type Kind = "required" | "optional" | "filled" | "computed";

/**
 * "new": a change makes another resource (ForceNew, RequiresReplace). "kept": as it was given, since no API answers it. "set": without an order.
 * "assumed": no source says how that property behaves.
 */
type Row = `${Kind}${"" | " new"}${"" | " kept"}${"" | " set"}${"" | " assumed"}`;

export interface Table {
    /** Of hashicorp/terraform-provider-aws. */
    source: string;
    properties: Record<string, Row>;
}
