import type { Contender } from './contender';
import { clientAlone, ours, requestsOfClient } from './contenders/ours';
import { rawPutRecords, rawReadyMade, requestsOfRaw } from './contenders/raw';
import { onePutRecordEach, putRecords } from './contenders/sdk';

/** The producer's default, and one for the list of shards. */
const maxInFlight = requestsOfClient + 1;

export const contenders = [
  {
    name: 'one-put-record',
    what: 'the SDK’s default client, one PutRecord an event',
    scale: 1,
    maxInFlight: 1,
    prepare: onePutRecordEach,
  },
  {
    name: 'put-records',
    what: 'the SDK’s default client, PutRecords of 500',
    scale: 240,
    maxInFlight: 1,
    prepare: putRecords('default'),
  },
  {
    name: 'put-records-kept',
    what: 'the same over a kept connection',
    scale: 240,
    maxInFlight: 1,
    prepare: putRecords('kept'),
  },
  { name: 'ours-none', what: 'this producer, unpacked', scale: 240, maxInFlight, prepare: ours('none') },
  {
    name: 'ours-ndjson',
    what: 'this producer, packed as NDJSON',
    scale: 240,
    maxInFlight,
    prepare: ours('ndjson'),
  },
  { name: 'ours-kpl', what: 'this producer, packed as KPL', scale: 240, maxInFlight, prepare: ours('kpl') },
  {
    name: 'client-alone',
    what: 'this producer’s client alone, PutRecords of 500',
    scale: 240,
    maxInFlight: requestsOfClient,
    prepare: clientAlone,
  },
  {
    name: 'raw-put-records',
    what: 'the floor: own signing, raw PutRecords of 500',
    scale: 240,
    maxInFlight: requestsOfRaw,
    prepare: rawPutRecords,
  },
  {
    name: 'raw-ready-made',
    what: 'packed bodies made beforehand, signed and sent',
    scale: 240,
    maxInFlight: requestsOfRaw,
    prepare: rawReadyMade,
  },
] as const satisfies readonly Contender[];
