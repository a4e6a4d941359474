import { once } from 'node:events';
import type { Readable } from 'node:stream';

/** What a command says, as far as it is kept. */
export interface Speech {
  readonly stream: Readable;
  text(): string;
}

/** Resolves once a command has said the text; rejects if it has ended before. */
export async function untilSaid(text: string, said: Speech, ended: Promise<unknown>): Promise<void> {
  let hasEnded = false;
  void ended.then(() => {
    hasEnded = true;
  });
  while (!said.text().includes(text)) {
    if (hasEnded) throw new Error(`ended before it said "${text}":\n${said.text()}`);
    await Promise.race([once(said.stream, 'data'), ended]);
  }
}
