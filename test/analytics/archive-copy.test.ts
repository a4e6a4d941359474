import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { openCopy } from '../../analytics/duckdb/archive-copy';
import { clickJson } from '../support/click-factory';
import { temporaryFolder } from '../support/temporary-folder';
import { archiveLines, click, memoryArchive, objectKey, rowsOf, sessionOver } from './memory-archive';

const folder = temporaryFolder('query-copy');
let copies = 0;
const newFile = (): string => join(folder, `${++copies}.duckdb`);

const pageIn = (page: string) => archiveLines([click({ page })], `shard-of-${page}`);

async function pagesIn(...[source, file]: Parameters<typeof sessionOver>): Promise<unknown[]> {
  const session = await sessionOver(source, file);
  const pages = await rowsOf(session, 'SELECT page FROM archive ORDER BY page');
  session.close();
  return pages.map(({ page }) => page);
}

describe('The copy of the archive', () => {
  it('fetches what is new, fetches again what has changed, and forgets what is gone', async () => {
    const file = newFile();
    const [kept, changed, gone, added] = ['kept', 'changed', 'gone', 'added'].map(objectKey) as [
      string,
      string,
      string,
      string,
    ];
    const source = memoryArchive({ [kept]: pageIn('/a'), [changed]: pageIn('/b'), [gone]: pageIn('/c') });
    expect(await pagesIn(source, file)).toEqual(['/a', '/b', '/c']);

    source.fetched.length = 0;
    source.bodies.set(changed, gzipSync(pageIn('/d')));
    source.bodies.delete(gone);
    source.bodies.set(added, gzipSync(pageIn('/e')));
    expect(await pagesIn(source, file)).toEqual(['/a', '/d', '/e']);
    expect(source.fetched.sort()).toEqual([added, changed]);
  });

  it('keeps nothing of what is gone or was changed, in no free block of its file either', async () => {
    const file = newFile();
    const visitors = ['visitor-of-before', 'visitor-that-stays'];
    const [erased, kept] = visitors.map((visitorId) =>
      archiveLines(Array.from({ length: 2_000 }, () => click({ visitorId }))),
    );
    const source = memoryArchive({ [objectKey('one')]: erased!, [objectKey('two')]: kept! });
    await pagesIn(source, file);
    expect(readFileSync(file).includes('visitor-of-before')).toBe(true);
    source.bodies.set(objectKey('one'), gzipSync(archiveLines([click({ visitorId: 'nobody' })])));
    expect(await pagesIn(source, file)).toHaveLength(2_001);
    expect(readFileSync(file).includes('visitor-of-before')).toBe(false);
    expect(readFileSync(file).includes('visitor-that-stays')).toBe(true);
  });

  it('goes on where it was interrupted, with nothing twice', async () => {
    const file = newFile();
    const source = memoryArchive({ [objectKey('one')]: pageIn('/a'), [objectKey('two')]: pageIn('/b') });
    const copy = await openCopy(file);
    const plan = await copy.plan(source, () => true);
    await expect(copy.bring(plan, source, () => {}, AbortSignal.abort())).rejects.toThrow();
    const broken = { ...source, get: () => Promise.reject(new Error('the connection was cut')) };
    await expect(copy.bring(plan, broken, () => {})).rejects.toThrow('cut');
    copy.close();
    expect(await pagesIn(source, file)).toEqual(['/a', '/b']);
  });

  it('has members that only later lines have, and passes over what is no JSON', async () => {
    const many = archiveLines(Array.from({ length: 30_000 }, () => click({ page: '/a' })));
    const last = archiveLines([click({ page: '/b', campaign: 'spring' })], 'another');
    const source = memoryArchive({ [objectKey('one')]: `${many}no line of ours\n${last}` });
    const session = await sessionOver(source, newFile());
    expect(await rowsOf(session, 'SELECT count(*) AS lines, max(campaign) AS campaign FROM archive')).toEqual(
      [{ lines: 30_001, campaign: 'spring' }],
    );
    session.close();
  });

  it('takes a member by its exact name, as the counters do: one that differs in case is another', async () => {
    const source = memoryArchive({
      [objectKey('one')]: archiveLines([click({ eventId: 'a', Element: '/A', TITLE: ['B'] })]),
    });
    const session = await sessionOver(source, newFile());
    expect(await rowsOf(session, 'SELECT eventId, element, title FROM archive')).toEqual([
      { eventId: 'a', element: null, title: null },
    ]);
    session.close();
  });

  it('has events that hold half a character, which DuckDB alone would drop, and all else of them as it was', async () => {
    const page = String.raw`/half \ud83d \udE00\uD83D \ud83d\ude00 \\ud83d \\\uDE00 \"`;
    const body = archiveLines([
      {
        data: clickJson({ page: '/half' }).replace('/half', page).replace(/}$/, ',"bytes":9007199254740993}'),
      },
    ]);
    const session = await sessionOver(
      memoryArchive({ [objectKey('one')]: `${body}${pageIn('/whole')}` }),
      newFile(),
    );
    expect(await rowsOf(session, 'SELECT page, bytes FROM archive ORDER BY page')).toEqual([
      { page: (JSON.parse(`"${page}"`) as string).toWellFormed(), bytes: '9007199254740993' },
      { page: '/whole', bytes: null },
    ]);
    session.close();
  });

  it('has what the transformer failed at in a table of its own, by the hour of the object', async () => {
    const document = {
      attemptsMade: 4,
      arrivalTimestamp: 1_772_359_200_000,
      errorCode: 'Lambda.FunctionError',
      rawData: 'bm8=',
    };
    const key = 'errors/processing-failed/year=2026/month=03/day=01/hour=09/one.gz';
    const session = await sessionOver(memoryArchive({ [key]: `${JSON.stringify(document)}\n` }), newFile());
    expect(await rowsOf(session, 'SELECT errorCode, rawData, hour FROM errors')).toEqual([
      { errorCode: 'Lambda.FunctionError', rawData: 'bm8=', hour: '09' },
    ]);
    session.close();
  });

  it('says how many lines it has passed over', async () => {
    const source = memoryArchive({ [objectKey('one')]: `${pageIn('/a')}no line of ours\n{"a":1}\n` });
    const copy = await openCopy(newFile());
    expect(await copy.bring(await copy.plan(source, () => true), source, () => {})).toBe(2);
    copy.close();
  });

  it('says so when its file is something else', async () => {
    const file = newFile();
    writeFileSync(file, 'no database, but long enough to be looked at as one: '.repeat(200));
    await expect(openCopy(file)).rejects.toThrow(/cannot be opened .* delete it and run again/);
  });
});
