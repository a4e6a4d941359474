import type { SoakResult } from '../../chaos/soak';
import { resultTable } from '../../chaos/table';

const result: SoakResult = {
  seed: 'seven',
  folder: '/there',
  acts: { 'shard split': 3, 'kill -9 of the runner, started again': 12 },
  injected: {
    'kinesis PutRecords cut after': 4,
    'kinesis GetRecords cut after': 5,
    's3 PutObject throttle': 6,
  },
  broken: { 'Sandbox.Timedout': 2 },
  agreement: { exact: true, accepted: 900, onFailure: 0 },
  ledgers: [1, 2].map((n) => ({
    exact: true,
    ledger: { accepted: 100 * n, failed: 10 * n, ambiguous: n },
    found: 0,
    archived: 0,
    counted: 0,
    furtherCopies: 7 * n,
    firstDifferences: [],
  })),
  comparison: {
    events: 950,
    valid: 940,
    invalid: 10,
    duplicates: 8,
    archivedLines: 945,
    archivedAgain: 5,
    differences: [],
  },
  problems: [],
  exact: true,
};

describe('The table of a soak', () => {
  it('has what was injected and survived, operations added up, and what was counted', () => {
    expect(resultTable(result)).toBe(`fault                                 injected  survived
shard split                                  3         3
kill -9 of the runner, started again        12        12
kinesis: cut after                           9         9
s3: throttle                                 6         6

Broken invocations: 2 Sandbox.Timedout
Ledgers: 300 accepted, 30 failed, 3 ambiguous; 21 further copies in the stream
Stream: 950 events, 940 valid (8 duplicates), 10 invalid
Archive: 945 lines, 5 of them delivered again
On-failure objects: 0 records
Everything agrees.
Seed seven; everything is in /there
`);
  });

  it('does not say that anything was survived where something differs', () => {
    const text = resultTable({ ...result, exact: false, problems: ['total 10:00: 3, and the stream has 4'] });
    expect(text).toContain('shard split                                  3         ?\n');
    expect(text).toContain('NOT everything agrees:\n  total 10:00: 3, and the stream has 4\n');
  });
});
