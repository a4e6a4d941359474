import fc from 'fast-check';
import { firstView, formatView, metrics, parseView, type View } from '../../dashboard/page/model/view';

describe('The address of the page', () => {
  it('has nothing of what is as at first', () => {
    expect(formatView(firstView)).toBe('');
  });

  it('is read as what it was written from, whatever the values hold', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
    const views = fc.record(
      {
        range: fc.constantFrom('live', 'today', 'yesterday', '24h', '7d', '30d', 'month'),
        window: fc.constantFrom('minute', 'hour', 'day'),
        compare: fc.boolean(),
        zone: text,
        metric: fc.constantFrom(...metrics),
        selected: fc.record({ dimension: text, value: fc.string({ unit: 'binary', maxLength: 40 }) }),
        all: text,
        search: text,
      },
      { requiredKeys: ['range', 'compare', 'metric'] },
    );
    fc.assert(fc.property(views, (view) => expect(parseView(formatView(view as View))).toEqual(view)));
  });

  it('keeps a range of two times to the minute', () => {
    const view: View = {
      ...firstView,
      range: 'custom',
      from: Date.parse('2026-11-01T09:30Z'),
      to: Date.parse('2026-11-02T10:45Z'),
    };
    expect(parseView(formatView(view))).toEqual(view);
  });

  it.each([
    ['?range=century', firstView],
    ['?range=custom', firstView],
    ['?range=custom&from=2026-11-02T00:00:00Z&to=2026-11-01T00:00:00Z', firstView],
    ['?range=custom&from=soon&to=later', firstView],
    ['?metric=love&window=fortnight&compare=next', firstView],
    ['?value=%2Fhome', firstView],
  ])('%s, which nobody wrote, shows what the page shows at first', (query, view) => {
    expect(parseView(query)).toEqual(view);
  });
});
