import fc from 'fast-check';
import type { TimedItem } from '../../../producer/sources/event-source';
import { type MergeWindow, mergeByTime, mergeWindow } from '../../../producer/sources/merge';

/** An item of a file; undefined: a line that says no time. */
function item(file: string, line: number, at: number | undefined, lineBytes = 2): TimedItem {
  const outgoing = () => ({ data: Buffer.from('{}'), partitionKey: 'k' });
  return { ok: true, file, line, at, lineBytes, outgoing };
}

async function* source(file: string, times: readonly (number | undefined)[], onRead = () => {}) {
  for (const [index, at] of times.entries()) {
    onRead();
    yield item(file, index + 1, at);
  }
}

async function merged(
  files: Readonly<Record<string, readonly (number | undefined)[]>>,
  window?: MergeWindow,
): Promise<string[]> {
  const sources = Object.entries(files).map(([file, times]) => source(file, times));
  const places: string[] = [];
  for await (const { file, line } of mergeByTime(sources, (each) => each, window))
    places.push(`${file}${line}`);
  return places;
}

describe('several inputs', () => {
  it('are merged by time, at one time in the order given', async () => {
    expect(await merged({ a: [1, 4, 9], b: [2, 4, 5], c: [] })).toEqual(['a1', 'b1', 'a2', 'b2', 'b3', 'a3']);
  });

  it('may be a little out of order themselves', async () => {
    expect(await merged({ a: [5, 3, 8], b: [4, 6] })).toEqual(['a2', 'b1', 'a1', 'b2', 'a3']);
  });

  it('have an event that is later than the window reaches passed on as soon as it is read', async () => {
    const files = { a: [5, 6, 7, 8, 1, 9], b: [20] };

    expect(await merged(files, { items: 2, bytes: 99 })).toEqual(['a1', 'a2', 'a5', 'a3', 'a4', 'a6', 'b1']);
    expect(await merged(files, { items: 99, bytes: 5 })).toEqual(['a1', 'a2', 'a5', 'a3', 'a4', 'a6', 'b1']);
    expect(await merged(files, { items: 4, bytes: 99 })).toEqual(['a5', 'a1', 'a2', 'a3', 'a4', 'a6', 'b1']);
  });

  it('have a line without a time follow the one before it', async () => {
    expect(await merged({ a: [undefined, 7, undefined], b: [1, 8] })).toEqual(['a1', 'b1', 'a2', 'a3', 'b2']);
  });

  it('are wholly in order, and nothing is lost or doubled, if each is in order', async () => {
    const times = fc.array(fc.nat(50)).map((list) => list.sort((a, b) => a - b));
    await fc.assert(
      fc.asyncProperty(fc.array(times, { maxLength: 5 }), async (files) => {
        const sources = files.map((list, index) => source(`${index}`, list));
        const seen: (number | undefined)[] = [];
        for await (const each of mergeByTime(sources, (it) => it)) seen.push(each.ok ? each.at : undefined);

        expect(seen).toEqual(files.flat().sort((a, b) => a - b));
      }),
    );
  });

  it('are wholly in order where no event is further from its place than the window', async () => {
    const jitter = fc.array(fc.nat(9), { maxLength: 60 });
    await fc.assert(
      fc.asyncProperty(fc.array(jitter, { maxLength: 4 }), async (files) => {
        // Ten steps a line, so that jitter reaches no further than the next.
        const times = files.map((list) => list.map((late, index) => index * 10 - late * 2));
        const sources = times.map((list, index) => source(`${index}`, list));
        const seen: (number | undefined)[] = [];
        for await (const each of mergeByTime(sources, (it) => it)) seen.push(each.ok ? each.at : undefined);

        expect(seen).toEqual(times.flat().sort((a, b) => a - b));
      }),
    );
  });

  it('hold one item each and the window, however long they are', async () => {
    const times = Array.from({ length: 20_000 }, (_, index) => index);
    let read = 0;
    let passedOn = 0;
    let most = 0;
    const sources = ['a', 'b', 'c'].map((file) => source(file, times, () => read++));
    for await (const _item of mergeByTime(sources, (it) => it)) {
      passedOn++;
      most = Math.max(most, read - passedOn);
    }

    expect(passedOn).toBe(60_000);
    expect(most).toBeLessThanOrEqual(3 + mergeWindow.items);
  });

  it('are all closed when nobody reads on', async () => {
    const closed: string[] = [];
    async function* closing(file: string) {
      try {
        yield* source(file, [1, 2, 3]);
      } finally {
        closed.push(file);
      }
    }
    for await (const _item of mergeByTime([closing('a'), closing('b')], (it) => it)) break;

    expect(closed).toEqual(['a', 'b']);
  });
});
