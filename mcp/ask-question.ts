import { printAnswer } from '../analytics/answer';
import { bringCopy, defaultMaxMiB } from '../analytics/bring-copy';
import { refuseUnbounded } from '../analytics/command-line';
import { connectArchive } from '../analytics/connection';
import { openSession } from '../analytics/duckdb/session';
import { explained } from '../cli/explain-aws-error';
import { parseInstants } from '../cli/instant';
import type { Place } from '../cli/place';
import type { AskQuestion } from './question-tool';

const silent = { progress: { show: () => {}, end: () => {} }, note: () => {} };

/** Answers questions from the archive of a pipeline, of which it first brings its copy up to date. */
export function questionsOf(place: Place): AskQuestion {
  return async ({ sql }, { from, to }) => {
    const range = parseInstants({ from, to });
    refuseUnbounded(range, place);
    const connection = await connectArchive(place);
    try {
      await bringCopy(connection, { range, maxMiB: defaultMaxMiB }, silent);
    } catch (error) {
      throw explained(error, connection.context);
    } finally {
      await connection.close();
    }
    const session = await openSession(connection.copyFile, range);
    try {
      const parts: string[] = [];
      const write = async (text: string) => void parts.push(text);
      await printAnswer(await session.run(sql), 'json', write, 0);
      return parts.join('');
    } finally {
      session.close();
    }
  };
}
