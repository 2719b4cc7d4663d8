// Conditions between the settings of an environment.
import { z } from "zod";
import { notYet } from "../logic/operatingSystems";
import { rangesWith } from "../logic/ranges";
import { byProduct, inOrder, mapProducts, PerProduct, ProductId } from "../products";
import { isUrl } from "../products/endpoint";
import { publicEndpoint } from "../products/endpoints";
import { settingGrammars, settingProblem, settingValueProblem } from "../products/settings";
import { Between, doubles, isSystemFolder } from "./between";
import type { environmentSchema } from "./environment";
import { networkChecks } from "./networkChecks";

type Environment = z.infer<typeof environmentSchema>;

export function environmentChecks(config: Environment): Between[] {
    return [
        ...phaseChecks(config),
        ...familyChecks(config),
        ...networkChecks(config.network),
        ...equalNames("posit:names", hostNames(config.names)),
        ...frontChecks(config),
        ...inOrder.flatMap((product) => settingChecks(config, product)),
        ...runtimeChecks(config.runtimes),
        ...accountChecks(config),
    ];
}

function phaseChecks({ phase, restore, production }: Environment): Between[] {
    if (phase !== "migrate") {
        return [];
    }
    return [
        ...(restore === undefined
            ? [{ at: "posit:restore", says: "phase migrate needs the token of a capture", also: ["posit:phase"] }]
            : []),
        ...(production === undefined
            ? [
                  {
                      at: "posit:production",
                      says: "phase migrate needs the production stack that took the capture",
                      also: ["posit:phase"],
                  },
              ]
            : []),
    ];
}

function familyChecks({ operatingSystem: { family } }: Environment): Between[] {
    const reason = notYet[family];
    return reason === undefined
        ? []
        : [{ at: "posit:operatingSystem.family", says: `${family} can't be moved to: ${reason}` }];
}

/** Without scheme and port. */
export function hostNames(names: PerProduct<string>): PerProduct<string> {
    return mapProducts(names, (name) => publicEndpoint(name, 0).host);
}

/** It is asked by users, and asks the products for them. */
function frontChecks({ names, front, network }: Environment): Between[] {
    const encrypted = byProduct(names).filter(([, name]) => isUrl(name) && publicEndpoint(name, 0).scheme === "https");
    return front === undefined
        ? encrypted.map(([product, name]) => ({
              at: `posit:names.${product}`,
              says: `${name} is nothing that a product serves in this version: it answers plain HTTP. Where something ends TLS in front of the new hosts, say its address as posit:front`,
              also: ["posit:front"],
          }))
        : rangesWith(network.userCidrs, front).length > 0
          ? []
          : [
                {
                    at: "posit:front",
                    says: `${front} lies in none of posit:network.userCidrs, so the hosts would not let it in`,
                    also: ["posit:network.userCidrs"],
                },
            ];
}

/** One name leads to one product. */
export function equalNames(path: string, names: PerProduct<string>): Between[] {
    return doubles([...inOrder], (product) => names[product]).map(({ item, first }) => ({
        at: `${path}.${item}`,
        says: `is ${first}'s name too; one name leads to one product`,
        also: [`${path}.${first}`],
    }));
}

function settingChecks(config: Environment, product: ProductId): Between[] {
    const at = (setting: string) => `posit:${product}.settings[${JSON.stringify(setting)}]`;
    const { identity } = settingGrammars[product];
    const declared = Object.entries(config[product].settings);
    return [
        ...declared.flatMap(([setting, value]) => {
            const problem = settingProblem(product, setting) ?? settingValueProblem(product, setting, value);
            return problem === undefined ? [] : [{ at: at(setting), says: problem }];
        }),
        ...doubles(
            declared.map(([setting]) => setting),
            (setting) => identity(setting) ?? setting,
        ).map(({ item, first }) => ({ at: at(item), says: `is the same setting as ${first}` })),
    ];
}

function twice(path: string, items: string[]): Between[] {
    return doubles(items, (item) => item).map(({ item, index }) => ({
        at: `${path}[${index}]`,
        says: `${item} stands there twice`,
    }));
}

function runtimeChecks(runtimes: Environment["runtimes"]): Between[] {
    const languages = ["r", "python", "quarto"] as const;
    return [
        ...languages.flatMap((language) => twice(`posit:runtimes.${language}`, runtimes[language])),
        ...Object.entries(runtimes.substitutes).flatMap(([runtime, version]) => {
            const language = runtime.split(" ")[0] as (typeof languages)[number];
            return runtimes[language].includes(version)
                ? []
                : [
                      {
                          at: `posit:runtimes.substitutes[${JSON.stringify(runtime)}]`,
                          says: `${language} ${version} will not be there; add it to posit:runtimes.${language}, or name one that is`,
                          also: [`posit:runtimes.${language}`],
                      },
                  ];
        }),
    ];
}

/** Service accounts lie below: on three hosts they may have one number, and hosts/accounts.sh gives another where it is taken. */
const firstPerson = 1000;

function accountChecks({ accounts, ssh }: Environment): Between[] {
    const path = (index: number) => `posit:accounts[${index}]`;
    return [
        ...doubles(accounts, ({ name }) => name).map(({ item, index }) => ({
            at: `${path(index)}.name`,
            says: `${item.name} stands there twice`,
        })),
        ...doubles(accounts, ({ uid }) => String(uid))
            .filter(({ item }) => item.uid >= firstPerson)
            .map(({ item, first, index }) => ({
                at: `${path(index)}.uid`,
                says: `${item.uid} is ${first.name}'s number too; files would belong to both`,
                also: [`${path(accounts.indexOf(first))}.uid`],
            })),
        ...accounts.flatMap(({ name, home, groups }, index) => [
            ...(name === ssh.user || name === "root"
                ? [
                      {
                          at: `${path(index)}.name`,
                          says: `${name} is ${name === "root" ? "root" : "the account that `pulumi up` logs in with (posit:ssh.user)"}, not production's; leave it out`,
                          also: ["posit:ssh.user"],
                      },
                  ]
                : []),
            ...(home !== undefined && isSystemFolder(home)
                ? [{ at: `${path(index)}.home`, says: `${home} belongs to the operating system` }]
                : []),
            ...twice(`${path(index)}.groups`, groups ?? []),
        ]),
    ];
}
