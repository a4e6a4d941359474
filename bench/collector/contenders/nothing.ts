/** Answers, and that is all. */
export async function handler() {
  return { statusCode: 204 };
}
