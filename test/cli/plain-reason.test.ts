import { readFileSync } from 'node:fs';
import { plainReason } from '../../cli/plain-reason';

function failing(action: () => unknown): unknown {
  try {
    action();
  } catch (error) {
    return error;
  }
  throw new Error('it did not fail');
}

describe('why a file cannot be used', () => {
  it('is said in plain words', () => {
    expect(plainReason(failing(() => readFileSync('/no/such/file')))).toBe('it is not there');
    expect(plainReason(failing(() => readFileSync('/')))).toBe('it is a directory');
  });

  it('is what the error says where there are no better words', () => {
    expect(plainReason(new Error('odd'))).toBe('odd');
    expect(plainReason(Object.assign(new Error('odder'), { code: 'EODD' }))).toBe('odder');
    expect(plainReason('thrown')).toBe('thrown');
  });
});
