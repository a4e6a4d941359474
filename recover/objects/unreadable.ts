/** An object, or a line of one, that is not what its key says. */
export interface Unreadable {
  readonly ok: false;
  readonly problem: string;
}
