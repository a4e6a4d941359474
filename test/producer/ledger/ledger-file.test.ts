import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openLedgerFile } from '../../../producer/ledger/ledger-file';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('ledger-file');
const line = { kind: 'begun', events: 3 } as const;

describe('the file of a ledger', () => {
  it('is readable by its owner only, and has the lines once they are flushed', () => {
    const path = join(folder, 'new');
    const file = openLedgerFile(path, 'new');
    file.add(line);
    expect(readFileSync(path, 'utf8')).toBe('');
    file.flush();
    expect(readFileSync(path, 'utf8')).toBe('{"begun":3}\n');
    file.add(line);
    file.close();

    expect(readFileSync(path, 'utf8')).toBe('{"begun":3}\n{"begun":3}\n');
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('does not keep many lines in memory', () => {
    const path = join(folder, 'many');
    const file = openLedgerFile(path, 'new');
    for (let i = 0; i < 50_000; i++) file.add(line);

    expect(statSync(path).size).toBeGreaterThan(50_000 * 12 - 70_000);
    file.close();
  });

  it('is never begun where there is a file', () => {
    const path = join(folder, 'there');
    writeFileSync(path, 'mine');

    expect(() => openLedgerFile(path, 'new')).toThrow(
      `--ledger ${path} is there already: go on with it by --resume`,
    );
    expect(readFileSync(path, 'utf8')).toBe('mine');
  });

  it.each([
    ['{"begun":1}\n', '{"begun":1}\n{"begun":3}\n'],
    ['{"begun":1}\n{"beg', '{"begun":1}\n{"beg\n{"begun":3}\n'],
  ])('goes on behind %j', (before, after) => {
    const path = join(folder, 'torn');
    writeFileSync(path, before);
    const file = openLedgerFile(path, 'resume');
    file.add(line);
    file.close();

    expect(readFileSync(path, 'utf8')).toBe(after);
  });

  // A device of Linux on which every write fails.
  (existsSync('/dev/full') ? it : it.skip)(
    'writes no more after a write that failed, and says why each time',
    () => {
      const file = openLedgerFile('/dev/full', 'resume');
      file.add(line);

      expect(() => file.flush()).toThrow(
        'the ledger /dev/full cannot be written: there is no room on the disk',
      );
      expect(() => file.flush()).toThrow('there is no room on the disk');
      expect(() => file.close()).not.toThrow();
    },
  );
});
