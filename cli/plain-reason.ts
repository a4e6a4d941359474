/** What the system says of a file or folder, by the code of its error. */
const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is not there',
  EACCES: 'this user may not open it',
  EPERM: 'this user may not change it',
  EISDIR: 'it is a directory',
  ENOTDIR: 'a part of its path is no directory',
  EEXIST: 'something else is there',
  ENOSPC: 'there is no room on the disk',
  EROFS: 'its disk is read-only',
  EMFILE: 'too many files are open',
};

/** Why a file or folder cannot be used, in plain words where there are any. */
export function plainReason(error: unknown): string {
  if (typeof error !== 'object' || error === null) return String(error);
  const [code, message]: unknown[] = [Reflect.get(error, 'code'), Reflect.get(error, 'message')];
  return (typeof code === 'string' ? reasons[code] : undefined) ?? String(message);
}
