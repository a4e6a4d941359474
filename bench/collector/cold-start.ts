import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type Column, type Contender, compare, type Result, type Rounds } from '../compare';
import type { BundledCollector } from './bundle';
import { pageViews } from './page-views';

export const coldStartColumns: readonly Column[] = [
  { head: 'import, CPU ms', figure: 'importMs', places: 1 },
  { head: 'first request, CPU ms', figure: 'firstMs', places: 1 },
  { head: 'both', figure: 'bothMs', places: 1 },
  { head: '× peer’s', figure: 'bothMs', places: 2, peer: 'peer' },
];

/** In a process of its own, without this project's loader: what Lambda does with a bundle. */
const program = `
const cpuMs = () => { const { user, system } = process.cpuUsage(); return (user + system) / 1000; };
const event = JSON.parse(process.argv[2]);
const started = cpuMs();
const { handler } = require(process.argv[1]);
const imported = cpuMs();
handler(event).then(({ statusCode }) => {
  const bothMs = cpuMs() - started;
  const importMs = imported - started;
  require('node:fs').writeSync(1, JSON.stringify({ statusCode, importMs, firstMs: bothMs - importMs, bothMs }));
  process.exit();
});`;

/** Loads each bundle in a new process and has it answer a page view, in turns. */
export function measureColdStarts(bundles: readonly BundledCollector[], rounds: Rounds): Promise<Result[]> {
  const run = promisify(execFile);
  const contenders = bundles.map(
    ({ name, what, file, environment }): Contender<string> => ({
      ...{ name, what },
      turn: async (event) => {
        const { stdout } = await run(process.execPath, ['-e', program, file, event], {
          env: { ...process.env, ...environment, NODE_NO_WARNINGS: '1' },
        });
        const { statusCode, ...figures } = JSON.parse(stdout);
        return { right: statusCode === 204, figures };
      },
    }),
  );
  return compare(contenders, coldStartColumns, rounds, () => JSON.stringify(pageViews(1)));
}
