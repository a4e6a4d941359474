import { appendFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tailLog } from '../../../local/metrics/log-tail';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('log-tail');

describe('The tail of a log', () => {
  it('has the lines that are completed from now on, each once', () => {
    const file = join(folder, 'function.log');
    writeFileSync(file, 'of an earlier run\n');
    const tail = tailLog(file);
    expect(tail.read()).toEqual([]);
    appendFileSync(file, 'one\ntwo\nthr');
    expect(tail.read()).toEqual(['one', 'two']);
    expect(tail.read()).toEqual([]);
    appendFileSync(file, 'ee é\n');
    expect(tail.read()).toEqual(['three é']);
  });

  it('begins with a file that comes later', () => {
    const file = join(folder, 'later.log');
    const tail = tailLog(file);
    expect(tail.read()).toEqual([]);
    writeFileSync(file, 'first\n');
    expect(tail.read()).toEqual(['first']);
  });

  it('reads what is longer than it takes at once', () => {
    const file = join(folder, 'long.log');
    const tail = tailLog(file);
    const line = 'é'.repeat(700_000);
    writeFileSync(file, `${line}\n${line}\n`);
    expect(tail.read()).toEqual([line, line]);
  });
});
