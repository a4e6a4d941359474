/** npm passes a terminal's Ctrl-C on, so one key press may arrive twice. */
const sameKeyPressMs = 1000;

/** Exit code of a command that was aborted by a second Ctrl-C. */
export const abortedExitCode = 130;

/**
 * Aborts when the process is asked to end (Ctrl-C, SIGTERM), so that a command can finish what it began. A second
 * request, more than a second later, ends the process at once with `abortedExitCode`.
 *
 * @param lastWords what is printed then
 */
export function interruptSignal(lastWords: string): AbortSignal {
  const stop = new AbortController();
  let stoppedAt: number | undefined;
  const onSignal = (): void => {
    const now = performance.now();
    stoppedAt ??= now;
    if (now - stoppedAt > sameKeyPressMs) {
      process.stderr.write(`${lastWords}\n`);
      process.exit(abortedExitCode);
    }
    stop.abort();
  };
  process.on('SIGINT', onSignal);
  process.on('SIGTERM', onSignal);
  return stop.signal;
}

/** Resolves when a signal is aborted. */
export function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
  });
}
