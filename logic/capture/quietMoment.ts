// The moment that database servers are restored to: a whole second in which, and around which, nobody writes. RDS takes no fractions.
// Times are of the server's own clock; docs/decisions/0014-half-a-quiet-second-before.md has the reasons.

/** A whole second is never rounded to an earlier one; this covers a clock that is being corrected. ms */
const quietBefore = 500;
/** Whoever takes the moment for all of its second restores up to the next one. ms */
const quietAfter = 1000;

/** The first moment that may be taken once the server is quiet, between half a second and one and a half later. */
export function nextQuietMoment(quietSince: Date): Date {
    return new Date(Math.ceil((quietSince.getTime() + quietBefore) / 1000) * 1000);
}

/** How long nobody may write yet, ms; nothing left at zero. */
export function quietTimeLeft(moment: Date, now: Date): number {
    return Math.max(0, moment.getTime() + quietAfter + 1 - now.getTime());
}
