/** Runs something whose log lines would disturb the output: they are taken and dropped, after they were formatted. */
export async function quietly<Result>(run: () => Promise<Result>): Promise<Result> {
  const { write } = process.stdout;
  process.stdout.write = () => true;
  try {
    return await run();
  } finally {
    process.stdout.write = write;
  }
}
