import { etagOf } from '../../../domain/http/etag';

it('A body has one entity tag, as text and as bytes, and every other body another one', () => {
  expect(etagOf('Café')).toBe(etagOf(Buffer.from('Café')));
  expect(etagOf('Café')).toMatch(/^"[\w-]{22}"$/);
  expect(new Set(['', 'a', 'b', 'ab', ' a'].map((body) => etagOf(body))).size).toBe(5);
});
