import { splitDescription } from '../../alarms/runbook-link';

describe("An alarm's description", () => {
  it.each([
    ['Clicks are late. Runbook: docs/operations.md#late', 'Clicks are late.', 'docs/operations.md#late'],
    ['Clicks are late (docs/operations.md#late)', 'Clicks are late', 'docs/operations.md#late'],
    [
      'Clicks are late.\nSee https://x.test/docs/operations.md#late-2',
      'Clicks are late.',
      'https://x.test/docs/operations.md#late-2',
    ],
    ['Late. operations.md#a', 'Late.', 'operations.md#a'],
  ])('%j is what it means and the section of the runbook', (text, description, runbook) => {
    expect(splitDescription(text)).toEqual({ description, runbook });
  });

  it.each(['Clicks are late.', 'docs/operations.md#late', 'Late. docs/operations.md', ''])(
    '%j has not both',
    (text) => {
      expect(splitDescription(text)).toBeUndefined();
    },
  );
});
