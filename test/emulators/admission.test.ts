import type { IncomingMessage } from 'node:http';
import { refusalOf } from '../../emulators/admission';
import { runTypeScript, type TestProcess } from '../support/child-process';
import { temporaryFolder } from '../support/temporary-folder';
import type { Ports } from './every-port';
import { type RawRequest, sendRaw, signed } from './raw-request';

const folder = temporaryFolder('admission');
let running: TestProcess;
let ports: Ports;
beforeAll(async () => {
  running = await runTypeScript(require.resolve('./every-port.ts'), folder);
  ports = JSON.parse(running.firstLine) as Ports;
}, 60_000);
afterAll(() => running.kill());

const services: readonly (keyof Ports)[] = [
  'kinesis',
  'dynamodb',
  's3',
  'firehose',
  'eventBridge',
  'chaos kinesis',
  'chaos dynamodb',
  'chaos s3',
];

interface Call {
  readonly line: string;
  readonly headers: RawRequest['headers'];
  readonly body?: string;
}

/** What a client asks of each, and is answered with a 200. */
const calls: Readonly<Record<string, Call>> = {
  kinesis: jsonCall('Kinesis_20131202.ListStreams', '1.1'),
  dynamodb: jsonCall('DynamoDB_20120810.ListTables', '1.0'),
  firehose: jsonCall('Firehose_20150804.ListDeliveryStreams', '1.1'),
  eventBridge: jsonCall(
    'AWSEvents.PutEvents',
    '1.1',
    '{"Entries":[{"Source":"blog","DetailType":"click","Detail":"{}"}]}',
  ),
  s3: { line: 'GET /archive?list-type=2', headers: signed },
};

function jsonCall(target: string, version: string, body = '{}'): Call {
  const headers = [
    ['Content-Type', `application/x-amz-json-${version}`],
    ['X-Amz-Target', target],
    ...signed,
  ] as const;
  return { line: 'POST /', headers, body };
}

const callOf = (service: string): Call => calls[service.replace('chaos ', '')]!;
const portOf = (service: keyof Ports): string => new URL(ports[service]).port;
const ask = (service: keyof Ports, headers: RawRequest['headers'], rest: Partial<RawRequest> = {}) => {
  const call = callOf(service);
  return sendRaw(ports[service], { ...call, ...rest, headers: [...headers, ...call.headers] });
};

describe.each(services)('the port of %s', (service) => {
  it.each(['127.0.0.1', 'localhost', 'LOCALHOST', '[::1]'])(
    'answers a client that calls it %s',
    async (name) => {
      const { status, text } = await ask(service, [['Host', `${name}:${portOf(service)}`]]);
      expect(text).not.toMatch(/access-control/i);
      expect(status).toBe(200);
    },
  );

  // What a name server of a web page's may lead here (DNS rebinding), and what looks like this machine and is not.
  it.each([
    ['evil.example', 'a foreign name'],
    ['127.0.0.1.evil.example:PORT', 'a name that begins like ours'],
    ['localhost.:PORT', 'a dot too many'],
    ['localhost.evil.example:PORT', 'a subdomain of a foreign one'],
    ['evil.example#127.0.0.1:PORT', 'ours behind a mark'],
    ['127.0.0.1:PORT@evil.example', 'ours as a user'],
    ['evil@127.0.0.1:PORT', 'a user'],
    ['127.0.0.1:1', 'another port'],
    ['127.0.0.1:PORT1', 'a longer port'],
    ['0.0.0.0:PORT', 'all addresses'],
    ['192.168.1.5:PORT', 'an address of the network'],
    ['[::ffff:127.0.0.1]:PORT', 'another form'],
    ['2130706433:PORT', 'a number'],
    ['', 'nothing'],
  ])('refuses the Host "%s", %s', async (host) => {
    const { status } = await ask(service, [['Host', host.replace('PORT', portOf(service))]]);
    expect(status).toBe(403);
  });

  it('refuses two Hosts, whichever comes first', async () => {
    const [ours, foreign] = [
      ['Host', `127.0.0.1:${portOf(service)}`],
      ['Host', 'evil.example'],
    ] as const;
    expect((await ask(service, [ours, foreign])).status).toBe(403);
    expect((await ask(service, [foreign, ours])).status).toBe(403);
  });

  it('refuses a request without a Host, as HTTP/1.0 may send it', async () => {
    expect((await ask(service, [], { version: 'HTTP/1.0' })).status).toBe(403);
    expect((await ask(service, [])).status).toBe(400);
  });

  it.each(['http://evil.example/', 'http://evil.example/archive?list-type=2', '*', 'evil.example:80'])(
    'refuses the target %s',
    async (target) => {
      const line = `${callOf(service).line.split(' ')[0]} ${target}`;
      const { status } = await ask(service, [['Host', `127.0.0.1:${portOf(service)}`]], { line });
      expect([400, 403]).toContain(status);
    },
  );

  it('opens no tunnel', async () => {
    const { status } = await ask(service, [['Host', `127.0.0.1:${portOf(service)}`]], {
      line: 'CONNECT evil.example:80',
    });
    expect(status).toBe(0);
  });

  it.each([
    'https://evil.example',
    'http://evil.example',
    'null',
    'http://127.0.0.1:3000',
    'http://localhost',
    'http://127.0.0.1:PORT',
    'chrome-extension://abcdefghijklmnop',
    '',
  ])('refuses the Origin "%s", and lets no page read the answer', async (origin) => {
    const port = portOf(service);
    const headers = [
      ['Host', `127.0.0.1:${port}`],
      ['Origin', origin.replace('PORT', port)],
    ] as const;
    const { status, text } = await ask(service, headers);
    expect(status).toBe(403);
    expect(text).not.toMatch(/access-control/i);
  });

  it('refuses the question that a browser asks before it sends what is not simple', async () => {
    const headers = [
      ['Host', `127.0.0.1:${portOf(service)}`],
      ['Origin', 'https://evil.example'],
      ['Access-Control-Request-Method', 'DELETE'],
      ['Access-Control-Request-Headers', 'x-amz-target'],
      ['Access-Control-Request-Private-Network', 'true'],
    ] as const;
    const { status, text } = await ask(service, headers, { line: 'OPTIONS /archive' });
    expect(status).toBe(403);
    expect(text).not.toMatch(/access-control/i);
  });

  it.each(['cross-site', 'same-site', 'same-origin'])('refuses what a page sends, %s', async (site) => {
    const { status } = await ask(service, [
      ['Host', `127.0.0.1:${portOf(service)}`],
      ['Sec-Fetch-Site', site],
    ]);
    expect(status).toBe(403);
  });

  it('refuses a form of a browser that says nothing of itself', async () => {
    for (const type of [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'text/plain',
    ]) {
      const { status } = await sendRaw(ports[service], {
        line: 'POST /archive?delete&X-Amz-Algorithm=AWS4-HMAC-SHA256',
        headers: [
          ['Host', `127.0.0.1:${portOf(service)}`],
          ['Content-Type', type],
        ],
        body: '<Delete><Object><Key>a</Key></Object></Delete>',
      });
      expect(status).toBe(403);
    }
  });

  it('refuses a WebSocket of a page', async () => {
    const headers = [
      ['Host', `127.0.0.1:${portOf(service)}`],
      ['Origin', 'https://evil.example'],
      ['Upgrade', 'websocket'],
      ['Sec-WebSocket-Key', 'AAAAAAAAAAAAAAAAAAAAAA=='],
    ] as const;
    expect((await ask(service, headers, { line: 'GET /', body: '' })).status).toBe(403);
  });

  it('says why', async () => {
    const { text } = await ask(service, [['Host', 'evil.example']]);
    expect(text).toMatch(/the Host is \\?"evil\.example\\?"; allowed: 127\.0\.0\.1:/);
  });
});

describe('a page of our own', () => {
  const page = 'http://127.0.0.1:4584';
  const ask = (method: string, headers: Readonly<Record<string, string>>, port = 4580) =>
    refusalOf(
      {
        method,
        url: '/',
        headers,
        headersDistinct: { host: [headers.host!] },
      } as unknown as IncomingMessage,
      port,
      [page],
    );

  it('may ask another port, unsigned as well', () => {
    const headers = { host: '127.0.0.1:4580', origin: page, 'sec-fetch-site': 'same-site' };
    expect(ask('POST', headers)).toBeUndefined();
  });

  it('may ask its own port, where a browser sends no Origin', () => {
    const headers = { host: '127.0.0.1:4584', 'sec-fetch-site': 'same-origin' };
    expect(ask('GET', headers, 4584)).toBeUndefined();
    expect(ask('GET', { ...headers, host: 'localhost:4584' }, 4584)).toContain('it comes from a web page');
  });

  it('may not, by a foreign name', () => {
    expect(ask('GET', { host: 'evil.example', origin: page })).toContain('the Host is "evil.example"');
  });

  it('may be opened from the address bar, and nothing may be sent from there', () => {
    const headers = { host: '127.0.0.1:4580', 'sec-fetch-site': 'none' };
    expect(ask('GET', headers)).toBeUndefined();
    expect(ask('POST', { ...headers, authorization: 'AWS4-HMAC-SHA256' })).toContain('from a web page');
  });
});
