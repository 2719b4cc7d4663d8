// The tables, as the kit of the lab's providers takes them.
import { databases } from "./databases";
import { machines } from "./machines";
import { network } from "./network";
import type { Table } from "./row";

export const tables: Record<string, Table> = { ...network, ...machines, ...databases };

export interface Facts {
    forceNew: string[];
    optionalComputed: string[];
    computed: string[];
    inputs: string[];
    kept: string[];
    sets: string[];
}

/** Throws for a type that has no table: the lab would have to guess. */
export function factsOf(token: string): Facts {
    const table = tables[token];
    if (!table) {
        throw new Error(`lab/aws/tables has no table for ${token}: add one, from the provider's schema`);
    }
    const rows = Object.entries(table.properties).map(([name, row]) => ({ name, words: row.split(" ") }));
    const having = (word: string) => rows.filter(({ words }) => words.includes(word)).map(({ name }) => name);
    return {
        forceNew: having("new"),
        optionalComputed: having("filled"),
        computed: having("computed"),
        inputs: rows
            .filter(({ name, words }) => !words.includes("computed") && !name.includes("."))
            .map(({ name }) => name),
        kept: having("kept"),
        sets: having("set"),
    };
}
