import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Clock } from '../../cli/clock';
import { plainReason } from '../../cli/plain-reason';
import { SetupError } from '../../cli/setup-error';
import { seededRandom } from '../../domain/numbers/random';
import { defaultSite } from '../traffic/default-site';
import { readSite } from '../traffic/read-site';
import type { SiteModel } from '../traffic/site-model';
import type { SourceEvent, SourceItem } from './event-source';
import { checkFiles, type FilePorts, fileEvents } from './files';
import { createInjector } from './injections';
import { asTheyAre, movedBy, replayed, type Schedule, scheduled } from './schedule';
import {
  type EventGenerator,
  simulatedTimes,
  siteGenerator,
  syntheticEvents,
  templateGenerator,
} from './synthetic';
import { compileTemplate } from './template';
import type { FileInput, SyntheticInput, TrafficInput } from './traffic-input';

export interface SourcePorts extends FilePorts {
  readonly clock: Clock;
}

/**
 * Opens an input. Throws a `SetupError` for a file that is not there, or that cannot be read twice but has to be, and
 * for a site model or a template that is not one.
 */
export async function openSource(
  input: TrafficInput,
  ports: SourcePorts,
): Promise<AsyncIterable<SourceItem>> {
  return input.kind === 'synthetic' ? openSynthetic(input, ports) : openFiles(input, ports);
}

async function openFiles(input: FileInput, ports: SourcePorts): Promise<AsyncIterable<SourceItem>> {
  await checkFiles(input);
  const schedule = await fileSchedule(input, ports);
  return fileEvents(input, ports, (item) => (item.ok ? scheduled(item, schedule(item.at)) : item));
}

async function fileSchedule(input: FileInput, ports: SourcePorts): Promise<Schedule> {
  if (input.time === 'original') return asTheyAre;
  if (input.time === 'replay') return replayed(input.speed, ports.clock);
  return movedBy(await shiftToNow(input, ports));
}

/** By how much to move every event, so that the latest of them happens now. */
async function shiftToNow(input: FileInput, ports: SourcePorts): Promise<number> {
  let latest: number | undefined;
  for await (const item of fileEvents(
    input,
    { ...ports, onRead: undefined, onExcluded: undefined },
    (timed) => timed,
  )) {
    if (item.ok && item.at !== undefined && (latest === undefined || item.at > latest)) latest = item.at;
  }
  return latest === undefined ? 0 : ports.clock.now() - latest;
}

async function openSynthetic(
  input: SyntheticInput,
  { clock }: SourcePorts,
): Promise<AsyncIterable<SourceEvent>> {
  const { seed = randomUUID(), time, speed, injections } = input;
  const site = input.site === undefined ? defaultSite : await readSiteFile(input.site);
  return syntheticEvents({
    generate: input.template === undefined ? siteGenerator(site, seed) : await readTemplate(input, seed),
    timeOf: time === 'now' ? () => clock.now() : simulatedTimes(site),
    schedule: time === 'replay' ? replayed(speed, clock) : asTheyAre,
    // Numbers of their own, so that what is done to some events changes nothing in the others.
    inject: createInjector(injections, seededRandom(`${seed}\ninjections`)),
    seeded: input.seed !== undefined,
  });
}

async function readSiteFile(path: string): Promise<SiteModel> {
  const text = await readText('site', path);
  const reading = readSite(parseJson(text, path));
  if (reading.ok) return reading.site;
  throw new SetupError(`--site ${path} is no site model: ${reading.problems.join('\n  ')}`);
}

async function readTemplate(
  { template, partitionKey }: SyntheticInput,
  seed: string,
): Promise<EventGenerator> {
  const path = template!;
  const reading = compileTemplate(await readText('template', path), partitionKey);
  if (reading.ok) return templateGenerator(reading.template, seed);
  throw new SetupError(`--template ${path}: ${reading.problem}`);
}

async function readText(option: string, path: string): Promise<string> {
  return readFile(path, 'utf8').catch((error: Error) => {
    throw new SetupError(`--${option} ${path} cannot be read: ${plainReason(error)}`);
  });
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new SetupError(`--site ${path} is not JSON: ${why}`);
  }
}
