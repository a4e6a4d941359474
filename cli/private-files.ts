/**
 * Makes every file that this process and its children create from now on readable by their owner alone: they hold what
 * visitors did.
 */
export function keepFilesPrivate(): void {
  process.umask(0o077);
}
