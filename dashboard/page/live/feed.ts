import { batch, effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ApiError } from '../../../query/answers';
import { ask, keptAnswer } from './answers';
import { heard, heardNothing, pulse, wakings } from './pulse';

/** An answer that is kept up to date. */
export interface Feed<Answer> {
  /** The latest; of the question before, until the next one is answered. */
  readonly answer: ReadonlySignal<Answer | undefined>;
  readonly error: ReadonlySignal<ApiError | undefined>;
  /** Whether `answer` is of an earlier question. */
  readonly isStale: ReadonlySignal<boolean>;
  /** Stops asking. */
  stop(): void;
}

/** In how many beats something is asked for once: every 2, 6 and 60 seconds. A range that is over changes by latecomers only. */
const paces = { now: 1, calm: 3, past: 30 } as const;
export type Pace = keyof typeof paces;

/**
 * Asks for `path` now, when it changes, and again at its pace. Undefined asks nothing, and has no answer.
 */
export function feed<Answer>(
  path: ReadonlySignal<string | undefined>,
  pace: ReadonlySignal<Pace>,
): Feed<Answer> {
  const answer = signal<Answer | undefined>(undefined);
  const error = signal<ApiError | undefined>(undefined);
  const isStale = signal(true);
  let current: string | undefined;
  let beatsUnasked = 0;
  let woken = 0;

  const askFor = async (question: string): Promise<void> => {
    const outcome = await ask<Answer>(question);
    if (question !== current) return;
    if (outcome.kind === 'silence') {
      beatsUnasked = paces.past;
      heardNothing();
      return;
    }
    // What was refused may be answered the next time, also where nothing else changes.
    if (outcome.kind === 'refused') beatsUnasked = paces.past;
    batch(() => {
      isStale.value = false;
      error.value = outcome.kind === 'refused' ? outcome.error : undefined;
      answer.value = outcome.kind === 'answer' ? outcome.answer : undefined;
    });
    heard();
  };

  const stop = effect(() => {
    const question = path.value;
    void pulse.value;
    const isWoken = wakings.value !== woken;
    woken = wakings.value;
    untracked(() => {
      const isNew = question !== current;
      current = question;
      beatsUnasked++;
      if (question === undefined) {
        answer.value = undefined;
        error.value = undefined;
        return;
      }
      if (isNew) {
        const before = keptAnswer<Answer>(question);
        isStale.value = before === undefined;
        if (before !== undefined) answer.value = before;
      }
      if (!isNew && !isWoken && beatsUnasked < paces[pace.value]) return;
      beatsUnasked = 0;
      void askFor(question);
    });
  });
  return {
    answer,
    error,
    isStale,
    stop: () => {
      current = undefined;
      stop();
    },
  };
}
