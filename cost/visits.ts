/**
 * How many different things a number of events has: statistics of the generated clicks that the bill is made for, 200
 * visitors at once, each of whom stays for nine events, some of them on one page.
 */
const atOnce = 200;
const leavingShare = 0.11;
const visitorsOfSessions = 0.82;
const viewShare = 0.67;

export function sessionsIn(events: number): number {
  const ofThose = valuesIn(events, atOnce);
  return ofThose + leavingShare * (events - ofThose);
}

export function visitorsIn(events: number): number {
  return visitorsOfSessions * sessionsIn(events);
}

/** Visits to pages: what a visitor does on one page at a time is one. */
export function visitsIn(events: number): number {
  return viewShare * events + (1 - viewShare) * Math.min(sessionsIn(events), events);
}

/** Of some values that are all about as frequent, those that so many events have. */
export function valuesIn(events: number, values: number): number {
  return values * (1 - Math.exp(-events / values));
}

/** Different pages, of so many that are visited, the n-th as 1/n. */
export function pagesIn(events: number, pages: number): number {
  return sumOverPages(pages, (share) => 1 - Math.exp(-share * visitsIn(events)));
}

/** Adds up over pages what each comes to by its share of the visits. */
export function sumOverPages(pages: number, ofPage: (share: number) => number): number {
  // The sum of 1/n, by Euler's formula.
  const harmonic = Math.log(pages) + 0.5772 + 1 / (2 * pages) - 1 / (12 * pages ** 2);
  let sum = 0;
  for (let rank = 1; rank <= pages; ) {
    // The first pages one by one, and the rest in groups that hardly differ in popularity.
    const count = Math.min(Math.max(1, Math.floor(rank / 50)), pages - rank + 1);
    sum += count * ofPage(1 / (rank + (count - 1) / 2) / harmonic);
    rank += count;
  }
  return sum;
}
