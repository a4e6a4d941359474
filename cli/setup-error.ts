/** A mistake in what was asked for. The message is for the person who asked: what is wrong and what to do. */
export class SetupError extends Error {
  override readonly name = 'SetupError';
}
