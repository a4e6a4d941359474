/** What stands in an event beside its type; undefined leaves a field out. */
export type Fields = Readonly<Record<string, unknown>>;
