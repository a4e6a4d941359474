import type { Edit } from '../edited-source';

/** A mistake that somebody could make in the product, and that the model has to notice. */
export interface Mutant {
  /** What the mistaken code does, as a sentence without its subject. */
  readonly name: string;
  readonly edits: readonly Edit[];
}

/** Makes mistakes in one file: what the mistaken code does, where it stands, the text that it changes, and what stands there then. */
export function mistakesIn(file: string) {
  return (name: string, within: string, find: string, replace: string, imports = ''): Mutant => ({
    name,
    edits: [{ file, within, find, replace, imports }],
  });
}
