/** Told of a call that failed and will be made again: what was tried, and the error. For a log, not for a decision. */
export type OnFault = (what: string, error: unknown) => void;
