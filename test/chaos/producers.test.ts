import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { createProducers, producerCount } from '../../chaos/producers';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('chaos-producers');

describe('the producers of a soak', () => {
  it('have begun once each ledger has grown, one that is resumed as well', async () => {
    // No pipeline is there, so that they end by themselves, and it is the test that writes the ledgers.
    const producers = createProducers({ folder, dataDir: join(folder, 'none'), seed: 'one', rate: 3 });
    for (const ledger of producers.ledgers) appendFileSync(ledger, 'of an earlier run\n');
    producers.start();
    let hasBegun = false;
    const begun = producers.begun().then(() => {
      hasBegun = true;
    });
    // A turn of the event loop in which ledgers that are merely there would do.
    await new Promise((resolve) => setImmediate(resolve));
    expect(hasBegun).toBe(false);
    for (const ledger of producers.ledgers) appendFileSync(ledger, 'of this run\n');
    await begun;
    expect(producers.ledgers).toHaveLength(producerCount);
    await producers.finish();
  }, 60_000);
});
