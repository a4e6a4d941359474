import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Precision, Touch } from '../visitors/sketch';
import { type Counts, type DeltaContent, noCounts, type Windows } from './delta';
import { startOfNumber, type WindowSize, windowNumber, windowSizes } from './window';

/**
 * The body of a delta: a byte with the version, then JSON, raw deflate. Values stand once, and are named by their number;
 * windows by their number since the epoch; touches by how far each lies above the one before. It is stored data: a change,
 * of the dictionary as well, is a new version.
 */
const version = 1;

/**
 * What bodies have in common, as deflate may refer to it, the most common last. A batch of some fifty events then stays
 * within a kilobyte, which is what a write is charged by.
 */
const dictionary = Buffer.from(
  [
    '"invalid":{"late":{"duplicate":{"buckets":1,"values":["late"],"windows":{"minute":[[29,[0,[1,1,1,1,1,1,1,1,',
    '"sketches":{"visitors-page":{"sessions-total":{"visitors-total":{"buckets":1,"precision":12,"values":["all"],',
    '"windows":{"hour":[[49,[0,[["bot":{"values":["human","bot"],"device":{"buckets":1,"values":["desktop","mobile",',
    '"tablet","other"],"windows":{"minute":[["element":{"referrer":{"buckets":2,"page":{"buckets":8,"values":["/"],',
    '"windows":{"minute":[["type":{"buckets":1,"values":["page_view","click"],"windows":{"minute":[[29,[0,[2,',
    '{"dimensions":{"total":{"buckets":1,"values":["all"],"windows":{"minute":[[294,[0,[',
  ].join(''),
);

interface Body {
  readonly eachWindow?: true;
  readonly dimensions: Readonly<Record<string, DimensionBody>>;
  readonly sketches: Readonly<Record<string, SketchBody>>;
}

interface DimensionBody {
  readonly buckets: number;
  readonly values: readonly string[];
  readonly windows: WindowsBody<CountsBody>;
  readonly order?: readonly number[];
}

interface SketchBody {
  readonly buckets: number;
  readonly precision: Precision;
  readonly values: readonly string[];
  /** The numbers of values, and of each its touches. */
  readonly windows: WindowsBody<readonly [NumbersBody, readonly (readonly number[])[]]>;
}

type WindowsBody<Content> = { readonly [Size in WindowSize]?: readonly (readonly [number, Content])[] };

/** The numbers of values, their counts, and, where there are any, the events without room and the values cut. */
type CountsBody = readonly [NumbersBody, readonly number[], number?, number?];

/** Numbers of values; 0 for the first ones in their order, which a delta of one minute has. */
type NumbersBody = readonly number[] | 0;

/** How many bytes a body takes at the most, so that a delta can be closed in time. */
export const bodyBytes = {
  /** Of one value of a dimension or sketch: its text, quotes and a comma. */
  value: (text: string): number => Buffer.byteLength(JSON.stringify(text)) + 1,
  /** Of a value's number, count and place in the order, in a window. */
  count: 24,
  /** Of a window. */
  window: 40,
  /** Of a touch. */
  touch: 8,
  /** Of a value's number and list of touches in a window. */
  touches: 12,
} as const;

export function encodeBody(content: DeltaContent): Uint8Array {
  const dimensions = [...content.dimensions].map(([name, { buckets, windows, order }]) => {
    const numbers = new Numbers();
    const body = windowsBody(windows, ({ values, other, cut }): CountsBody => {
      const counts = [numbers.ofAll(values.keys()), [...values.values()]] as const;
      return other !== 0 || cut !== 0 ? [...counts, other, cut] : counts;
    });
    return [name, { buckets, values: numbers.values(), windows: body, ...(order ? { order } : {}) }];
  });
  const sketches = [...content.sketches].map(([name, { buckets, precision, windows }]) => {
    const numbers = new Numbers();
    const body = windowsBody(
      windows,
      (touched) => [numbers.ofAll(touched.keys()), [...touched.values()].map(steps)] as const,
    );
    return [name, { buckets, precision, values: numbers.values(), windows: body }];
  });
  const body: Body = {
    ...(content.isEachWindow ? { eachWindow: true } : {}),
    dimensions: Object.fromEntries(dimensions),
    sketches: Object.fromEntries(sketches),
  };
  return Buffer.concat([Buffer.of(version), deflateRawSync(JSON.stringify(body), { dictionary })]);
}

/**
 * What a body says, as JSON, for people.
 *
 * @throws Error for bytes that are no body of this version
 */
export function bodyText(bytes: Uint8Array): string {
  if (bytes[0] !== version) throw new RangeError(`delta of version ${bytes[0]}; readable is ${version}`);
  return inflateRawSync(bytes.subarray(1), { dictionary }).toString('utf8');
}

/** @throws Error for bytes that are no body of this version */
export function decodeBody(bytes: Uint8Array): DeltaContent {
  const body = JSON.parse(bodyText(bytes)) as Body;
  const content: DeltaContent = {
    isEachWindow: body.eachWindow ?? false,
    dimensions: new Map(),
    sketches: new Map(),
  };
  for (const [name, { buckets, values, windows, order }] of Object.entries(body.dimensions)) {
    const decoded = windowsOf(windows, ([numbers, counts, other = 0, cut = 0]): Counts => {
      const result = noCounts();
      for (const [index, count] of counts.entries())
        result.values.set(values[numberAt(numbers, index)]!, count);
      result.other = other;
      result.cut = cut;
      return result;
    });
    content.dimensions.set(name, { buckets, windows: decoded, ...(order ? { order } : {}) });
  }
  for (const [name, { buckets, precision, values, windows }] of Object.entries(body.sketches)) {
    const decoded = windowsOf(
      windows,
      ([numbers, touches]) =>
        new Map(
          touches.map((steps, index) => [values[numberAt(numbers, index)]!, touchesOf(steps)] as const),
        ) as Map<string, Set<Touch>>,
    );
    content.sketches.set(name, { buckets, precision, windows: decoded });
  }
  return content;
}

/** Numbers texts in the order in which they come up. */
class Numbers {
  private readonly numbers = new Map<string, number>();

  ofAll(texts: Iterable<string>): NumbersBody {
    const numbers = [...texts].map((text) => this.of(text));
    return numbers.every((number, index) => number === index) ? 0 : numbers;
  }

  private of(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.numbers.size;
    this.numbers.set(text, number);
    return number;
  }

  values(): string[] {
    return [...this.numbers.keys()];
  }
}

function numberAt(numbers: NumbersBody, index: number): number {
  return numbers === 0 ? index : numbers[index]!;
}

function windowsBody<Content, ContentBody>(
  windows: Windows<Content>,
  encode: (content: Content) => ContentBody,
): WindowsBody<ContentBody> {
  return Object.fromEntries(
    [...windows].map(([size, starts]) => [
      size,
      [...starts].map(([start, content]) => [windowNumber(size, start), encode(content)]),
    ]),
  );
}

function windowsOf<Content, ContentBody>(
  body: WindowsBody<ContentBody>,
  decode: (content: ContentBody) => Content,
): Windows<Content> {
  const windows: Windows<Content> = new Map();
  for (const size of windowSizes) {
    const starts = body[size];
    if (!starts) continue;
    windows.set(
      size,
      new Map(starts.map(([number, content]) => [startOfNumber(size, number), decode(content)] as const)),
    );
  }
  return windows;
}

function steps(touches: ReadonlySet<Touch>): number[] {
  let last = 0;
  return [...touches]
    .sort((a, b) => a - b)
    .map((touch) => {
      const step = touch - last;
      last = touch;
      return step;
    });
}

function touchesOf(body: readonly number[]): Set<Touch> {
  let last = 0;
  const touches = new Set<Touch>();
  for (const step of body) {
    last += step;
    touches.add(last);
  }
  return touches;
}
