import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { encodeLine, parseLine } from '../../../producer/ledger/line';
import { readLedger } from '../../../producer/ledger/read-ledger';
import { temporaryFolder } from '../../support/temporary-folder';
import { entryArbitrary } from './ledger-factory';

const path = join(temporaryFolder('ledger-line'), 'ledger.ndjson');
const header = encodeLine({
  kind: 'header',
  header: { ledger: 1, stream: 's', startedAt: 't', options: {}, files: [] },
});

describe('a line of a ledger', () => {
  it('comes back as it was written', () => {
    fc.assert(fc.property(entryArbitrary, (line) => expect(parseLine(encodeLine(line))).toEqual(line)));
  });

  it('names an accepted event, and its place by the names that the archive uses', () => {
    const line = encodeLine({
      kind: 'accepted',
      ...{ eventId: 'e1', shardId: 'shardId-000000000002', sequenceNumber: '49', subSequenceNumber: 7 },
      ...{ key: '2:17', injected: 'late', mayBeTwice: true },
    });

    expect(line).toBe(
      '{"accepted":"e1","shardId":"shardId-000000000002","sequenceNumber":"49","subSequenceNumber":7,"key":"2:17","injected":"late","mayBeTwice":true}\n',
    );
  });

  it('is none where it was cut', () => {
    fc.assert(
      fc.property(entryArbitrary, fc.nat(), (line, at) => {
        const whole = encodeLine(line).trimEnd();
        expect(parseLine(whole.slice(0, at % whole.length))).toBeUndefined();
      }),
    );
  });

  it.each([
    'null',
    '[]',
    '7',
    '{}',
    '{"accepted":"e"}',
    '{"failed":"e","reason":"mood","code":"c"}',
    '{"totals":{}}',
  ])('is not %s', (text) => expect(parseLine(text)).toBeUndefined());
});

describe('a ledger', () => {
  const readAll = async () => {
    const entries = [];
    for await (const entry of readLedger(path)) entries.push(entry);
    return entries;
  };

  it('is read up to where it was cut off, at any byte', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(entryArbitrary, { maxLength: 5 }), fc.nat(), async (lines, cut) => {
        const texts = lines.map((line) => Buffer.from(encodeLine(line)));
        const bytes = Buffer.concat(texts);
        const length = cut % (bytes.length + 1);
        writeFileSync(path, Buffer.concat([Buffer.from(header), bytes.subarray(0, length)]));

        let end = 0;
        // A line counts with its last brace; its line feed may be missing.
        const whole = lines.filter((_, index) => {
          end += texts[index]!.length;
          return end - 1 <= length;
        });
        expect(await readAll()).toEqual(whole);
      }),
      { numRuns: 200 },
    );
  });

  it('is read on where a further run goes on after a line that was cut off', async () => {
    writeFileSync(path, `${header}{"begun":3}\n{"accepted":"e1","sh\n{"resumed":"t"}\n{"begun":4}\n`);

    expect(await readAll()).toEqual([
      { kind: 'begun', events: 3 },
      { kind: 'resumed', at: 't' },
      { kind: 'begun', events: 4 },
    ]);
  });

  it.each([
    ['', 'is no ledger: it is empty'],
    ['{"eventId":"e1"}\n', 'is no ledger: its first line is not'],
    [`${header}{"begun":3}\n{"accep\n{"begun":4}\n`, 'is damaged: line 3'],
    [`${header}${header}`, 'is damaged: line 2'],
    ['{"ledger":2}\n', 'has version 2; this program reads version 1'],
    ['{"ledger":1,"stream":"s"}\n', 'is damaged: its first line lacks a member'],
  ])('is refused if it holds %j', async (text, message) => {
    writeFileSync(path, text);

    await expect(readAll()).rejects.toThrow(message);
  });

  it('is refused if it is not there', async () => {
    await expect(readLedger('/nowhere/ledger').next()).rejects.toThrow(
      'the ledger /nowhere/ledger cannot be read',
    );
  });
});
