import { whyStopped } from '../../../local/faults/why-stopped';

describe('Why the laptop had to stop', () => {
  it.each([
    'IO error: /state/dynamodb/000005.log: No space left on device',
    'ENOSPC: no space left on device, write',
    'cannot save the checkpoint: EDQUOT: disk quota exceeded, open',
    'IO error: /state/kinesis/000003.log: File too large',
  ])('is a full disk: %s', (message) => {
    expect(whyStopped(new Error(message))).toBe(`there is no room on the disk for more (${message})`);
  });

  it('is said as it is otherwise', () => {
    expect(whyStopped(new Error('port 4580 is taken'))).toBe('port 4580 is taken');
    expect(whyStopped('thrown text')).toBe('thrown text');
  });
});
