// Tags in EC2: with the call that makes a thing, and later on what has this stack's tags. Which things a step can make says which it can tag.
import { made, on, own, Scopes, Side } from "./kinds";

export function tagScopes(actions: string[], scopes: Scopes, side: Side): Scopes {
    const makes = made(side).label;
    const creators = actions.filter(
        (action) => action.startsWith("ec2:") && typesMadeBy(action, scopes, makes).length > 0,
    );
    const types = [...new Set(creators.flatMap((action) => typesMadeBy(action, scopes, makes)))];
    const { conditions } = made(side);
    const withTheCall = {
        label: "TagsOfNew",
        conditions: {
            StringEquals: {
                "ec2:CreateAction": creators.map((action) => action.slice("ec2:".length)),
                ...conditions?.StringEquals,
            },
        },
    };
    const later = types.map((type) => on(type, own(side)));
    return {
        "ec2:CreateTags": [...types.map((type) => on(type, withTheCall)), ...later],
        "ec2:DeleteTags": later,
    };
}

function typesMadeBy(action: string, scopes: Scopes, makes: string): string[] {
    return (scopes[action] ?? []).filter(({ label }) => label === makes).map(({ type }) => type);
}
