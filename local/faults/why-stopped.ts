/** Why the laptop had to stop, in words for whoever runs it. Its state is on disk and whole, whatever it was. */
export function whyStopped(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  // LevelDB has the system's words, Node its code, and a limit on the size of files other words.
  return /ENOSPC|No space left|EDQUOT|quota exceeded|EFBIG|File too large/i.test(text)
    ? `there is no room on the disk for more (${text})`
    : text;
}
