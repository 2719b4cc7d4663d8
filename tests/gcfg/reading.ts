// What a product would read of the settings that logic/gcfg.ts finds in a text. The program only edits; the real parser is asked for the same.
import { GcfgPlace, gcfgSettings } from "../../logic/gcfg";

/** Every value of a key, as a list would have it: a key without "=" empties it. */
export function gcfgValues(text: string, section: string, key: string, name?: string): string[] {
    return gcfgSettings(text, { section, name, key }).reduce<string[]>(
        (list, { value }) => (value === undefined ? [] : [...list, value]),
        [],
    );
}

/** The value of a key that has one: the last. A key without "=" is a switch that is on. */
export function gcfgValue(text: string, place: GcfgPlace): string | undefined {
    const all = gcfgSettings(text, place);
    return all.length === 0 ? undefined : (all[all.length - 1].value ?? "true");
}

/** Every setting that the text has, once, by the first spelling of its names. */
export function gcfgPlaces(text: string): Required<GcfgPlace>[] {
    const places: Required<GcfgPlace>[] = [];
    for (const { section, name, key } of gcfgSettings(text)) {
        const place = { section, name, key };
        if (!places.some((other) => idOf(other) === idOf(place))) places.push(place);
    }
    return places;
}

/** As the parser folds case, which the name in quotes does mind. */
export const fold = (word: string) => word.toLowerCase().replaceAll("\u017f", "s");
export const idOf = ({ section, name = "", key }: GcfgPlace) => JSON.stringify([fold(section), name, fold(key)]);
