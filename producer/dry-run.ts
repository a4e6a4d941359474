import { once } from 'node:events';
import type { Readable, Writable } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock';
import type { SourceEvent } from './event-sources/event-source';
import { noInjections } from './event-sources/injections';
import { openSource } from './event-sources/open';
import { feed } from './feed';
import type { Traffic } from './options';
import { skippedText } from './text';

export interface DryRunPorts {
  readonly stdin: Readable;
  readonly stdout: Writable;
  readonly stderr: Writable;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/**
 * Prints the events as NDJSON, byte for byte as they would be sent. Without a rate that was
 * asked for it waits for nothing.
 */
export async function dryRun(traffic: Traffic, ports: DryRunPorts): Promise<void> {
  const { stdin, stdout, stderr, clock } = ports;
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, ports.signal]);
  let events = 0;
  let skipped = 0;
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
    const source = await openSource(traffic.input, { clock, signal, stdin });
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
          stderr.write(`${skippedText(line, traffic)}\n`);
        },
      },
    );
    const done = Object.entries(injected).filter(([, count]) => count > 0);
    const injections = done.map(([name, count]) => `, ${count} ${name}`).join('');
    stderr.write(`dry run: ${events} events${injections}, ${skipped} lines skipped\n`);
  } finally {
    stop.abort();
  }
}
