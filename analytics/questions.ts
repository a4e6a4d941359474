import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A question that many have, ready to be asked; its text runs in Athena and here. */
export interface Question {
  /** What it is asked for by: the name of its file. */
  readonly name: string;
  /** What it answers, in a sentence. */
  readonly about: string;
  readonly sql: string;
}

const folder = join(__dirname, 'queries');

/** Every question of `analytics/queries`, by name. The comment at a file's head says what it answers. */
export function readQuestions(): readonly Question[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.sql'))
    .sort()
    .map((file) => {
      const sql = readFileSync(join(folder, file), 'utf8');
      const about = /^-- (.+)/.exec(sql)?.[1];
      if (about === undefined) throw new Error(`analytics/queries/${file} does not say what it answers`);
      return { name: file.slice(0, -'.sql'.length), about, sql };
    });
}
