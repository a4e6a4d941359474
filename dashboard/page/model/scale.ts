/** Marks of an axis from 0 to at least `most`: four or so, of whole and even numbers. */
export function evenMarks(most: number): readonly number[] {
  const rough = Math.max(most / 4, 1);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((digit) => digit * power).find((size) => size >= rough)!;
  const count = Math.max(Math.ceil(most / step), 1);
  return Array.from({ length: count + 1 }, (_, mark) => mark * step);
}
