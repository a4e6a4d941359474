export interface Lifetime {
  /** The port as a process sees it that may be killed: after `kill`, no call ever answers. */
  wrap<T extends object>(port: T): T;
  kill(): void;
  /** Kills just after the n-th call from now has taken effect and before its answer is seen. */
  killAfterCalls(n: number): void;
  dead(): boolean;
}

/**
 * Stands in for `kill -9` inside one test process: the code goes on existing, but none of its ports answers
 * any more, so it can change nothing. An answer under way at the death is lost; its effect may have happened.
 */
export function createLifetime(): Lifetime {
  let dead = false;
  let callsLeft = Number.POSITIVE_INFINITY;
  const never = new Promise<never>(() => {});

  const mortalCall = async (call: () => unknown) => {
    if (dead) return never;
    callsLeft -= 1;
    const last = callsLeft <= 0;
    try {
      const answer = await call();
      return dead || last ? await never : answer;
    } catch (error) {
      if (dead || last) return never;
      throw error;
    } finally {
      if (last) dead = true;
    }
  };

  return {
    wrap: <T extends object>(port: T): T =>
      new Proxy(port, {
        get(target, key) {
          const member: unknown = Reflect.get(target, key);
          if (typeof member !== 'function') return member;
          if (key === 'now') return () => Reflect.apply(member, target, []);
          return (...args: unknown[]) => mortalCall(() => Reflect.apply(member, target, args));
        },
      }),
    kill: () => {
      dead = true;
    },
    killAfterCalls: (n) => {
      callsLeft = n;
    },
    dead: () => dead,
  };
}
