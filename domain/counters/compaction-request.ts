/** What an invocation of the compactor may ask for. The schedule sends `{}`. */
export interface CompactionRequest {
  /** Takes every delta, however young it is. */
  readonly everything?: boolean;
}

/** Asks for items that lack nothing. */
export const compactEverything: CompactionRequest = { everything: true };

/** What the compactor answers. */
export interface CompactionAnswer {
  /** Whether nothing is left of what was asked for. */
  readonly done: boolean;
}
