import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseProfile } from '../../../local/fault-injection/parse-profile';
import { profiles } from '../../../local/fault-injection/profiles';
import { readProfile } from '../../../local/fault-injection/read-profile';
import { temporaryFolder } from '../../support/temporary-folder';

const folder = temporaryFolder('profile');
const rule = { service: 's3', kind: 'throttle', probability: 0.25 };
const problemsOf = (...faults: object[]) => parseProfile({ faults }).problems;

describe('A chaos profile', () => {
  it.each(Object.keys(profiles))('has the form that a file must have: %s', (name) => {
    expect(parseProfile(profiles[name as keyof typeof profiles]).problems).toEqual([]);
  });

  it.each([
    [{ ...rule, service: 'sqs' }, 'faults[0].service is "sqs"; allowed: kinesis, dynamodb, s3'],
    [{ ...rule, kind: 'fire' }, 'faults[0].kind is "fire"; allowed: throttle, error, slow, cut, partial'],
    [{ ...rule, probability: 1.5 }, 'faults[0].probability is 1.5; allowed: a number from 0 to 1'],
    [
      { ...rule, operations: [] },
      'faults[0].operations is []; allowed: a list of names such as "PutRecords"',
    ],
    [
      { ...rule, after: true },
      'faults[0].after is true; allowed: true or false, and true with error, slow, cut only',
    ],
    [{ ...rule, chance: 1 }, 'faults[0].chance is not known; allowed: service, operations, kind'],
    [{ ...rule, kind: 'slow' }, 'faults[0].delayMs is undefined; allowed: [shortest, longest]'],
    [{ ...rule, kind: 'slow', delayMs: [9, 3] }, 'faults[0].delayMs is [9,3]; allowed: [shortest, longest]'],
    [{ ...rule, delayMs: [3, 9] }, 'faults[0].delayMs is [3,9]; allowed: [shortest, longest]'],
    [
      { ...rule, kind: 'partial', share: 0.5 },
      'faults[0].kind is "partial"; allowed with service "kinesis" and operations ["PutRecords"]',
    ],
  ])('is refused with the place, the value and what is allowed: %j', (wrong, message) => {
    expect(problemsOf(wrong).join('\n')).toContain(message);
  });

  it('may not fail more requests of an operation than there are', () => {
    const named = { service: 's3', kind: 'cut', probability: 0.5, operations: ['GetObject'] };
    expect(problemsOf({ ...rule, probability: 0.6 }, named)).toEqual([
      'the probabilities for GetObject of s3 add up to 1.1; allowed: 1 at most',
    ]);
    expect(problemsOf({ ...rule, probability: 0.5 }, named)).toEqual([]);
  });

  it('may be a file', async () => {
    const file = join(folder, 'mine.json');
    const profile = { faults: [rule], shardLimits: { recordsPerSecond: 7 } };
    writeFileSync(file, JSON.stringify(profile));
    expect(await readProfile(file)).toEqual(profile);
    writeFileSync(file, '{"faults":[{}]}');
    await expect(readProfile(file)).rejects.toThrow(`--chaos ${file}:\n  faults[0].service is undefined`);
    writeFileSync(file, '{');
    await expect(readProfile(file)).rejects.toThrow(`--chaos ${file} is not JSON`);
    await expect(readProfile('thunder')).rejects.toThrow(
      '--chaos is "thunder"; allowed: limits, throttled, flaky, storm, table-throttled, ',
    );
  });
});
