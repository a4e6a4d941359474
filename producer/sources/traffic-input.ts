import type { InputFormat } from '../../formats/input-format';

/** Where events come from. */
export type TrafficInput = SyntheticInput | FileInput;

/** When events say that they happened, and whether the gaps between them are kept. */
export type EventTime = 'original' | 'now' | 'replay';

export interface SyntheticInput {
  readonly kind: 'synthetic';
  /** The same seed gives the same events; undefined: events that never were before. */
  readonly seed: string | undefined;
  /** `original`: the simulated time, which belongs to the seed. `now`: the time of sending. `replay`: the gaps of the simulated time, from now on. */
  readonly time: EventTime;
  /** How many times as fast as the simulated time a replay goes. */
  readonly speed: number;
  /** A file with a site model; undefined: the built-in site. */
  readonly site: string | undefined;
  /** A file with a template, instead of a site. */
  readonly template: string | undefined;
  /** The member of a template's object that keys it. @default `visitorId` */
  readonly partitionKey: string | undefined;
  readonly injections: InjectionShares;
}

/** The share of generated events to which each is done: probabilities, together at most 1. */
export interface InjectionShares {
  readonly duplicates: number;
  readonly late: number;
  readonly malformed: number;
  readonly oversized: number;
}

export interface FileInput {
  readonly kind: 'file';
  /** Paths of files, at least one, or `-` for standard input; several are merged by the events' time. */
  readonly paths: readonly string[];
  readonly format: InputFormat;
  /** `now`: every timestamp is moved by the same span, so that the latest one is now. `replay`: the gaps are kept. */
  readonly time: EventTime;
  /** How many times as fast as the original a replay goes. */
  readonly speed: number;
  /** The member of an NDJSON object that keys it. @default `visitorId` */
  readonly partitionKey: string | undefined;
  /** Pages that are left out, by the patterns of `--exclude`. */
  readonly exclude: readonly string[] | undefined;
}
