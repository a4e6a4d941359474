/**
 * Milliseconds that the fastest of several tries took, the first that is quick enough being the last. What else runs on
 * the machine makes single tries slow; work that grows by the square makes all of them slow.
 *
 * @param attempt is given the number of the try, so that it can do what no memory has the answer to
 */
export function fastestTime(enoughMs: number, attempt: (number: number) => void, tries = 10): number {
  let fastest = Number.POSITIVE_INFINITY;
  for (let number = 0; number < tries && fastest > enoughMs; number++) {
    const start = performance.now();
    attempt(number);
    fastest = Math.min(fastest, performance.now() - start);
  }
  return fastest;
}
