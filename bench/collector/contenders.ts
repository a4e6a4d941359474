import { join } from 'node:path';
import { CollectorEnvironment } from '../../lambda/collector/contract';
import { clientBundles } from '../../lib/collector/client-bundles';
import type { BrowserFile } from '../../lib/function-bundling';

/** A function behind a URL, as it is bundled and set up. */
export interface CollectorContender {
  readonly name: string;
  readonly what: string;
  /** The file that exports `handler`. */
  readonly entry: string;
  /** Beside what all of them have. */
  readonly environment: Readonly<Record<string, string>>;
  /** What its asset has beside it. @default none */
  readonly browserFiles?: readonly BrowserFile[];
  /** Records that it makes of a request with so many events of one visit. */
  readonly recordsOf: (events: number) => number;
}

const contender = (file: string): string => join(__dirname, 'contenders', file);

export const contenders: readonly CollectorContender[] = [
  {
    name: 'product',
    what: 'this collector',
    entry: join(__dirname, '../../lambda/collector/handler.ts'),
    browserFiles: clientBundles,
    environment: {
      [CollectorEnvironment.saltTableName]: 'salts',
      [CollectorEnvironment.origins]: 'https://shop.example',
      [CollectorEnvironment.visitorIds]: 'hashed',
      [CollectorEnvironment.privacyControl]: 'respected',
      // Counted, and never reached.
      [CollectorEnvironment.eventsPerMinute]: '1000000000',
      [CollectorEnvironment.cloudFront]: 'off',
      [CollectorEnvironment.cloudFrontProof]: 'none',
    },
    recordsOf: () => 1,
  },
  {
    name: 'peer',
    what: 'a peer’s design: `JSON.parse`, no checks, one PutRecord an event, the SDK’s default client',
    entry: contender('peer.ts'),
    environment: { KEPT: '' },
    recordsOf: (events) => events,
  },
  {
    name: 'peer-kept',
    what: 'the same over kept connections',
    entry: contender('peer.ts'),
    environment: { KEPT: 'yes' },
    recordsOf: (events) => events,
  },
  {
    name: 'floor',
    what: 'the floor: the body as it is, one PutRecords over a kept connection',
    entry: contender('floor.ts'),
    environment: {},
    recordsOf: () => 1,
  },
];

/** Whose cold start the others’ are compared with. */
export const nothing: Omit<CollectorContender, 'recordsOf'> = {
  name: 'nothing',
  what: 'a function that does nothing',
  entry: contender('nothing.ts'),
  environment: {},
};
