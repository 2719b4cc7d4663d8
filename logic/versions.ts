// Posit's version strings: "2026.04.0+526.pro2", "2025.12.0-14".

/** Negative, zero or positive, as Array.sort wants it; numbers are compared part by part. */
export function compareVersions(a: string, b: string): number {
    const parts = (version: string) => version.match(/\d+/g)?.map(Number) ?? [];
    const [left, right] = [parts(a), parts(b)];
    for (let index = 0; index < Math.max(left.length, right.length); index++) {
        const difference = (left[index] ?? 0) - (right[index] ?? 0);
        if (difference !== 0) {
            return difference;
        }
    }
    return 0;
}
