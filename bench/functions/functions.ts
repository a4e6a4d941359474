import { isDeepStrictEqual } from 'node:util';
import type { FirehoseTransformationResult } from 'aws-lambda';
import { parseOptions } from '../../cli/arguments';
import { oneOf } from '../../cli/option-values';
import { type Column, type Contender, compare, type Result, resultTable, timed } from '../compare';
import { commonOptions, report } from '../report';
import { aggregators, type FunctionContender, type TransformerContender, transformers } from './contenders';
import * as baseline from './contenders/map-each';
import { aggregatorEvents, type TransformerEvent, transformerEvents } from './events';
import { type LoadedFunction, loadFunction } from './load-function';

/** What every contender works off in one round. */
interface Work<Expected> {
  readonly bodies: readonly Buffer[];
  /** In all of them. */
  readonly items: number;
  readonly expected: Expected;
}

interface Shape {
  readonly name: string;
  readonly results: readonly Result[];
  readonly columns: readonly Column[];
}

const columnsOf = (items: string, peers: readonly (readonly [head: string, peer: string])[]): Column[] => [
  { head: 'CPU ms', figure: 'cpuMs', places: 1 },
  { head: `${items}/s of CPU time`, figure: 'perSecond', places: 0 },
  ...peers.map(([head, peer]) => ({ head, figure: 'perSecond', places: 2, peer })),
];
const aggregatorColumns = columnsOf('events', [
  ['× baseline’s', 'baseline'],
  ['× floor’s', 'floor'],
]);
const transformerColumns = columnsOf('records', [
  ['× same job’s', 'same-job'],
  ['× blueprint’s', 'blueprint'],
  ['× floor’s', 'identity'],
]);

const full = {
  rounds: { warmUps: 5, rounds: 11 },
  /** Items that a round works off at least. */
  itemsPerRound: 10_000,
  // The last one is an event of 6 MB: no more than a function gets.
  events: [500, 2_500, 5_300],
  packing: [1, 50],
  megabytes: [1, 3, 6],
};
const short: typeof full = {
  ...{ rounds: { warmUps: 0, rounds: 1 }, itemsPerRound: 1 },
  ...{ events: [300], packing: [1, 30], megabytes: [0.3] },
};

/**
 * Measures whole invocations of the functions, bundled as they are deployed, from the event's bytes to the answer's,
 * without the network.
 *
 * @param args `--only aggregator|transformer`; `--json`; `--short`
 */
export async function benchmarkFunctions(args: readonly string[]): Promise<void> {
  const values = parseOptions(args, { ...commonOptions, only: { type: 'string' } });
  const only = oneOf('only', values.only, ['aggregator', 'transformer']);
  const effort = values.short ? short : full;
  const shapes = [
    ...(only === 'transformer' ? [] : await measureAggregators(effort)),
    ...(only === 'aggregator' ? [] : await measureTransformers(effort)),
  ];
  const { rounds } = effort.rounds;
  report(
    values,
    { rounds, shapes: shapes.map(({ name, results }) => ({ name, results })) },
    () =>
      [
        `${rounds} rounds`,
        ...shapes.map(({ name, results, columns }) => `${name}\n\n${resultTable(results, columns)}`),
      ].join('\n\n'),
    shapes.flatMap(({ results }) => results),
  );
}

async function measureAggregators({ rounds, itemsPerRound, events, packing }: typeof full): Promise<Shape[]> {
  const functions = await loadAll(aggregators);
  const contenders = aggregators.map(
    (contender): Contender<Work<baseline.Counts>> =>
      contenderOf(contender, functions, (answers, { expected }) => {
        const isDone = answers.every((answer) => answer.toString() === '{"batchItemFailures":[]}');
        const counts = functions.get(contender.name)!.takeCounts();
        return isDone && (contender.name === 'floor' || isDeepStrictEqual(counts, expected));
      }),
  );
  const shapes: Shape[] = [];
  for (const [eventsPerRecord, size] of packing.flatMap((packed) =>
    events.map((count) => [packed, count] as const),
  )) {
    const batches = Math.max(1, Math.ceil(itemsPerRound / size));
    const coming = aggregatorEvents({
      shard: `shardId-${size}-${eventsPerRecord}`,
      events: size,
      eventsPerRecord,
    });
    const makeWork = () => {
      const bodies = Array.from({ length: batches }, () => coming.next().value);
      for (const body of bodies) void baseline.handler(JSON.parse(body.toString()));
      return { bodies, items: batches * size, expected: baseline.takeCounts() };
    };
    const packed = eventsPerRecord === 1 ? '' : `, ${eventsPerRecord} to a record`;
    const name = `aggregator, ${size.toLocaleString('en')} events${packed}`;
    const results = await compare(contenders, aggregatorColumns, rounds, makeWork);
    shapes.push({ name, results, columns: aggregatorColumns });
  }
  return shapes;
}

async function measureTransformers({ rounds, itemsPerRound, megabytes }: typeof full): Promise<Shape[]> {
  const functions = await loadAll(transformers);
  const contenders = transformers.map(
    (contender): Contender<Work<TransformerEvent>> =>
      contenderOf(contender, functions, (answers, { expected }) =>
        isRightAnswer(answers.at(-1)!, expected, contender),
      ),
  );
  const shapes: Shape[] = [];
  for (const size of megabytes) {
    const coming = transformerEvents(size * 1_000_000);
    const makeWork = () => {
      const batches: TransformerEvent[] = [];
      let items = 0;
      for (; items < itemsPerRound; items += batches.at(-1)!.sent.length) batches.push(coming.next().value);
      return { bodies: batches.map(({ body }) => body), items, expected: batches.at(-1)! };
    };
    const results = await compare(contenders, transformerColumns, rounds, makeWork);
    shapes.push({ name: `transformer, an event of ${size} MB`, results, columns: transformerColumns });
  }
  return shapes;
}

async function loadAll(contenders: readonly FunctionContender[]): Promise<Map<string, LoadedFunction>> {
  const loaded = new Map<string, LoadedFunction>();
  // One after the other: each reads its settings when it is loaded.
  for (const { name, entry, settings } of contenders) loaded.set(name, await loadFunction(entry, settings));
  return loaded;
}

function contenderOf<Expected>(
  { name, what }: FunctionContender,
  functions: ReadonlyMap<string, LoadedFunction>,
  isRight: (answers: readonly Buffer[], work: Work<Expected>) => boolean,
): Contender<Work<Expected>> {
  const { invoke } = functions.get(name)!;
  const turn = async (work: Work<Expected>) => {
    const { bodies, items } = work;
    const answers: Buffer[] = [];
    const { cpuMs } = await timed(async () => {
      for (const body of bodies) answers.push(await invoke(body));
    });
    const figures = { cpuMs: cpuMs / bodies.length, perSecond: (items / cpuMs) * 1_000 };
    return { right: isRight(answers, work), figures };
  };
  return { name, what, turn };
}

/** Whether an answer is right for every record of the event, in order. */
export function isRightAnswer(
  answer: Buffer,
  { sent, body }: TransformerEvent,
  { isRight }: TransformerContender,
): boolean {
  const given: FirehoseTransformationResult['records'] = JSON.parse(answer.toString()).records;
  const asked: readonly { recordId: string }[] = JSON.parse(body.toString()).records;
  return (
    given.length === sent.length &&
    given.every(({ recordId, result, data }, index) => {
      const line = result === 'Ok' ? Buffer.from(data!, 'base64').toString() : undefined;
      return recordId === asked[index]!.recordId && isRight(sent[index]!, line);
    })
  );
}
