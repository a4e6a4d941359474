/** A function that does nothing: what loading any file takes. */
export async function handler(): Promise<string> {
  return 'nothing';
}
