import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../cli/clock';
import { counted } from '../../cli/counted';
import type { SourceEvent } from '../sources/event-source';
import { noInjections } from '../sources/injections';
import { openSource } from '../sources/open';
import { feed } from './feed';
import type { Traffic } from './options';
import { createSkippedLines } from './skipped-lines';

export interface DryRunPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Prints the events as NDJSON, byte for byte as they would be sent. Without a rate that was
 * asked for it waits for nothing. Returns whether the input had lines, and none of them was an event.
 */
export async function dryRun(traffic: Traffic, ports: DryRunPorts): Promise<boolean> {
  const { stdin, stdout, stderr, clock } = ports;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ports.signal]);
  let events = 0;
  let skipped = 0;
  let excluded = 0;
  const skippedLines = createSkippedLines(traffic, (text) => stderr.write(`${text}\n`));
  const injected = noInjections();
  let full = false;
  const ready = async () => {
    if (full && !signal.aborted) await once(stdout, 'drain', { signal }).catch(() => {});
    // A file takes everything at once, and signals are heard only between two turns of the event loop.
    else if (events % 512 === 0) await setImmediate();
  };
  const emit = ({ data, injected: done }: SourceEvent) => {
    events++;
    if (done) injected[done]++;
    full = !stdout.write(Buffer.concat([data, Buffer.from('\n')]));
  };
  try {
    const source = await openSource(traffic.input, {
      clock,
      signal,
      stdin,
      onExcluded: () => excluded++,
    });
    const rate = traffic.isDefault ? ({ kind: 'max' } as const) : traffic.rate;
    await feed(
      source,
      { ...traffic, rate },
      {
        clock,
        signal,
        stop,
        ready,
        emit,
        skip(line) {
          skipped++;
          skippedLines.add(line);
        },
      },
    );
    skippedLines.end();
    const done = Object.entries(injected).filter(([, count]) => count > 0);
    const injections = done.map(([name, count]) => `, ${count} ${name}`).join('');
    const left = excluded > 0 ? `, ${counted(excluded, 'line')} excluded` : '';
    stderr.write(
      `dry run: ${counted(events, 'event')}${injections}, ${counted(skipped, 'line')} skipped${left}\n`,
    );
    return skipped > 0 && events + excluded === 0;
  } finally {
    stop.abort();
  }
}
