import { type EventPattern, matches, unknownIn } from '../../../local/event-bus/event-pattern';

const event = {
  source: 'shop.web',
  'detail-type': 'click',
  detail: { visitorId: 'v-3', page: '', count: 0, tags: ['a', 'b'], nested: { ok: true, none: null } },
};

describe('An event pattern', () => {
  it.each<[boolean, EventPattern]>([
    [true, { source: ['shop.app', 'shop.web'] }],
    [false, { source: ['shop.app'] }],
    [true, { source: ['shop.web'], detail: { visitorId: ['v-3'] } }],
    [false, { source: ['shop.web'], detail: { visitorId: ['v-4'] } }],
    [true, { detail: { count: [0] } }],
    [false, { detail: { count: ['0'] } }],
    [true, { detail: { nested: { none: [null] } } }],
    [true, { detail: { tags: ['b', 'x'] } }],
    [false, { detail: { tags: ['x'] } }],
    [true, { source: [{ prefix: 'shop.' }] }],
    [false, { source: [{ prefix: 'web' }] }],
    [true, { detail: { page: [{ exists: true }] } }],
    [false, { detail: { referrer: [{ exists: true }] } }],
    [true, { detail: { referrer: [{ exists: false }] } }],
    [true, { detail: { visitorId: [{ 'anything-but': '' }] } }],
    [false, { detail: { page: [{ 'anything-but': [''] }] } }],
    [false, { detail: { referrer: [{ 'anything-but': [''] }] } }],
    [false, { detail: { visitorId: { deeper: ['v-3'] } } }],
  ])('matches (%s) by %j', (expected, pattern) => {
    expect(unknownIn(pattern)).toBeUndefined();
    expect(matches(pattern, event)).toBe(expected);
  });

  it.each([
    [{ source: [{ suffix: 'web' }] }, 'source'],
    [{ detail: { count: [{ numeric: ['>', 0] }] } }, 'detail.count'],
    [{ $or: [{ source: ['a'] }] }, '$or'],
    [{ source: [] }, 'source'],
    [{ source: 'shop.web' }, 'source'],
    [{ detail: {} }, 'detail'],
    [{ detail: { page: [{ exists: true, prefix: '/' }] } }, 'detail.page'],
    [{}, 'the pattern'],
  ])('that the laptop cannot evaluate is named: %j', (pattern, place) => {
    expect(unknownIn(pattern)).toBe(place);
  });
});
