import fc from 'fast-check';
import { counterValue, maxValueBytes } from '../../domain/counters/counter-value';
import { entryKey, idsKey, itemKey, logPartition, readItemKey } from '../../domain/counters/table-layout';
import { formatWindow, windowStart } from '../../domain/counters/window';
import { referrerHost } from '../../domain/derived/referrer';
import { deviceOf } from '../../domain/derived/user-agent';
import { eventIndex, linesPerSubsequence, positionOf } from '../../domain/event/position';

describe('A value longer than 200 bytes', () => {
  it('is cut at the boundary of a character', () => {
    expect(counterValue('x'.repeat(200))).toEqual({ value: 'x'.repeat(200), cut: false });
    expect(counterValue('x'.repeat(201))).toEqual({ value: 'x'.repeat(200), cut: true });
    expect(counterValue(`${'x'.repeat(199)}é`)).toEqual({ value: 'x'.repeat(199), cut: true });
    expect(counterValue(`${'x'.repeat(198)}😀`)).toEqual({ value: 'x'.repeat(198), cut: true });
  });

  it('never leaves more bytes, nor half a character, nor another beginning', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 60, maxLength: 300 }), (text) => {
        const { value, cut } = counterValue(text);
        expect(Buffer.byteLength(value)).toBeLessThanOrEqual(maxValueBytes);
        expect(text.toWellFormed().startsWith(value)).toBe(true);
        expect(cut).toBe(value.length < text.length);
        expect(value.isWellFormed()).toBe(true);
      }),
    );
  });

  it('is escaped if it is called as the values that had no room are, and stays unlike any other', () => {
    const called = ['(other)', '\\(other)', '\\\\(other)'];
    expect(called.map((raw) => counterValue(raw).value)).toEqual([
      '\\(other)',
      '\\\\(other)',
      '\\\\\\(other)',
    ]);
    const names = ['(other) ', ' (other)', '(others)', '/(other)', '\\', '\\/(other)', 'other'];
    expect(names.map((raw) => counterValue(raw).value)).toEqual(names);
    expect(counterValue(`${'\\'.repeat(193)}(other)`)).toEqual({
      value: `${'\\'.repeat(194)}(other`,
      cut: true,
    });
  });

  it('holds U+FFFD for a surrogate that stands alone, as the table would', () => {
    expect(counterValue('a\ud800b')).toEqual({ value: 'a\ufffdb', cut: false });
  });
});

describe('The key of an item', () => {
  it('gives back of which item it is, also of a window long ago and of a stream with a slash', () => {
    for (const start of [0, Date.parse('2026-03-01T09:59:00Z'), Date.parse('9999-12-31T23:59:00Z')]) {
      const address = { group: 'page', bucket: 31, size: 'minute', start } as const;
      const key = itemKey(address, 'my#clicks/shardId-000000000007');
      expect(readItemKey(key)).toEqual({ ...address, shardKey: 'my#clicks/shardId-000000000007' });
    }
    expect(itemKey({ group: 'summary', bucket: 0, size: 'day', start: 0 }, 'clicks/a')).toEqual({
      pk: 'summary#0',
      sk: 'day#1970-01-01T00:00:00Z#clicks/a',
    });
  });

  it('is no entry’s, no delta’s and no ids’', () => {
    const others = [
      entryKey('clicks/a'),
      { pk: logPartition('clicks/a'), sk: '001:7:0000001' },
      { pk: logPartition('clicks/a'), sk: '0' },
      idsKey('clicks/a', '001:7:0000001!000002', 'token'),
    ];
    expect(others.map(readItemKey)).toEqual(others.map(() => undefined));
  });
});

describe('Positions', () => {
  const largestRecord = 10 * 1024 * 1024;
  /** A record of nothing takes six bytes in an aggregate. */
  const mostInnerRecords = Math.floor(largestRecord / 6);

  it('have as text the order that sequence numbers and indexes have as numbers', () => {
    const place = fc.record({
      sequence: fc.bigInt({ min: 0n, max: 10n ** 129n - 1n }),
      index: fc.oneof(
        fc.integer({ min: linesPerSubsequence - 3, max: linesPerSubsequence + 3 }),
        fc.nat({ max: linesPerSubsequence - 1 }),
        fc.nat({ max: eventIndex(mostInnerRecords, linesPerSubsequence) }),
      ),
    });
    const near = place.chain((first) =>
      fc.tuple(
        fc.constant(first),
        fc.oneof(
          place,
          place.map(({ index }) => ({ ...first, index })),
        ),
      ),
    );
    fc.assert(
      fc.property(near, ([a, b]) => {
        const byNumber =
          a.sequence === b.sequence ? Math.sign(a.index - b.index) : a.sequence < b.sequence ? -1 : 1;
        const [left, right] = [
          positionOf(String(a.sequence), a.index),
          positionOf(String(b.sequence), b.index),
        ];
        expect(left < right ? -1 : left > right ? 1 : 0).toBe(byNumber);
      }),
    );
  });

  it('have room for every line of every inner record of the largest record', () => {
    expect(largestRecord / 'x\n'.length).toBeLessThan(linesPerSubsequence);
    const last = eventIndex(mostInnerRecords, largestRecord / 2);
    expect(Number.isSafeInteger(last)).toBe(true);
    expect(positionOf('7', last) > positionOf('7', last - 1)).toBe(true);
    expect(positionOf('8', 0) > positionOf('7', last)).toBe(true);
  });

  it('of a record that is no aggregate are as they were before there were aggregates', () => {
    expect(positionOf('4959', eventIndex(0, 12))).toBe('004:4959:0000012');
    expect(positionOf('4959', eventIndex(3, 12))).toBe('004:4959:~00000030000012');
  });

  it.each(['', '01', '-1', 'abc', '1'.repeat(130)])('refuse %j as a sequence number', (text) => {
    expect(() => positionOf(text, 0)).toThrow(`sequence number "${text}"`);
  });
});

describe('A referrer', () => {
  it.each([
    ['http://www.Example.com:8080/path?q=1', 'www.example.com'],
    ['https://example.org', 'example.org'],
    ['android-app://com.google.android.gm/', 'com.google.android.gm'],
    ['-', undefined],
    ['', undefined],
    [undefined, undefined],
    ['/relative', undefined],
    ['http://', undefined],
    ['about:blank', undefined],
    ['not a url://', undefined],
  ])('%j has the host %j', (referrer, host) => {
    expect(referrerHost(referrer)).toBe(host);
  });

  it('has a host of 253 characters at the most', () => {
    expect(referrerHost(`https://${'h'.repeat(253)}/`)).toBe('h'.repeat(253));
    expect(referrerHost(`https://${'h'.repeat(254)}/`)).toBeUndefined();
    // In ASCII it is longer than as it is written.
    const characters = Array.from({ length: 150 }, (_, index) => String.fromCharCode(0x4e00 + index * 97));
    expect(referrerHost(`https://${characters.join('')}/`)).toBeUndefined();
  });

  it('is read up to the end of its origin, which must end within 300 characters', () => {
    expect(referrerHost(`https://example.com/${'path/'.repeat(50_000)}`)).toBe('example.com');
    expect(referrerHost(`https://example.com?${'query'.repeat(50_000)}`)).toBe('example.com');
    expect(referrerHost(`https://${'u'.repeat(279)}@example.com/`)).toBe('example.com');
    expect(referrerHost(`https://${'u'.repeat(281)}@example.com/`)).toBeUndefined();
  });

  it('that is short has the host that its whole URL has, whatever is in it', () => {
    const parts = [
      ...[
        'http',
        'https',
        'file',
        'app',
        ':',
        '//',
        '://',
        '/',
        '\\',
        '?',
        '#',
        '@',
        '%41',
        '中',
        ' ',
        '\t',
        '\n',
      ],
      ...[
        'a.example',
        'Example.COM',
        '[::1]',
        '127.1',
        ':80',
        'user:word@',
        '/path',
        '?u=https://b.example/',
      ],
    ];
    let hosts = 0;
    const referrer = fc
      .tuple(
        fc.constantFrom('', ' ', 'https://', 'http://', 'app://', 'https:///', 'file://'),
        fc.array(fc.constantFrom(...parts), { maxLength: 10 }),
      )
      .map(([beginning, rest]) => beginning + rest.join(''));
    fc.assert(
      fc.property(referrer, (text) => {
        const whole = text.includes('://') && URL.canParse(text) ? new URL(text).hostname.toLowerCase() : '';
        if (whole !== '') hosts++;
        expect(referrerHost(text)).toBe(whole || undefined);
      }),
      { numRuns: 5_000 },
    );
    expect(hosts).toBeGreaterThan(500);
  });
});

describe('A user agent', () => {
  const iPhone =
    'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1';
  const iPad =
    'Mozilla/5.0 (iPad; CPU OS 16_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.6 Mobile/15E148 Safari/604.1';
  const pixel =
    'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36';
  const tab =
    'Mozilla/5.0 (Linux; Android 13; SM-X906C) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
  const windows =
    'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36';
  const mac =
    'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15';
  const linux = 'Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0';
  const googlebot = 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)';

  it.each([
    [iPhone, 'mobile', false],
    [iPad, 'tablet', false],
    [pixel, 'mobile', false],
    [tab, 'tablet', false],
    [windows, 'desktop', false],
    [mac, 'desktop', false],
    [linux, 'desktop', false],
    [googlebot, 'other', true],
    ['curl/8.5.0', 'other', true],
    ['-', 'unknown', false],
    ['', 'unknown', false],
    [undefined, 'unknown', false],
  ])('%s is %s, bot %s', (userAgent, deviceClass, isBot) => {
    expect(deviceOf(userAgent)).toEqual({ deviceClass, isBot });
  });

  it('is read up to its character 1,024', () => {
    const inFront = (characters: number) => 'x'.repeat(characters);
    expect(deviceOf(`${inFront(1024 - ' iPad'.length)} iPad`).deviceClass).toBe('tablet');
    expect(deviceOf(`${inFront(1025 - ' iPad'.length)} iPad`).deviceClass).toBe('other');
    expect(deviceOf(`${windows}${' '.repeat(1024)}bot`)).toEqual({ deviceClass: 'desktop', isBot: false });
  });
});

describe('Windows', () => {
  const at = Date.parse('2026-12-31T23:59:59.999Z');

  it('start at the minute and the hour of event time in UTC', () => {
    expect(formatWindow(windowStart('minute', at))).toBe('2026-12-31T23:59:00Z');
    expect(formatWindow(windowStart('hour', at))).toBe('2026-12-31T23:00:00Z');
    expect(formatWindow(windowStart('hour', at + 1))).toBe('2027-01-01T00:00:00Z');
  });
});
