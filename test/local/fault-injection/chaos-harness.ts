import { type Clients, createClients } from '../../../emulators/clients';
import type { ChaosProfile } from '../../../local/fault-injection/profile';
import { type Chaos, startChaos } from '../../../local/fault-injection/start-chaos';
import { temporaryFolder } from '../../support/temporary-folder';

process.env.AWS_MAX_ATTEMPTS = '1';
const folder = temporaryFolder('chaos');

export interface Disturbed {
  readonly chaos: Chaos;
  /** They attempt every call once, so that the answer on the wire is what is seen. */
  readonly clients: Clients;
  close(): Promise<void>;
}

/** Proxies before the one endpoint, as which all three services appear. */
export async function disturbed(endpoint: string, profile: ChaosProfile): Promise<Disturbed> {
  const chaos = await startChaos(
    { profile, seed: 'seed' },
    {
      endpoints: { kinesis: endpoint, dynamodb: endpoint, s3: endpoint },
      deployment: { region: 'eu-central-1', accountId: '111122223333', outputs: {} },
      port: 0,
      logFile: `${folder}/chaos.log`,
    },
  );
  const clients = createClients(chaos.endpoints, 'eu-central-1');
  return {
    chaos,
    clients,
    close: async () => {
      clients.destroy();
      await chaos.close();
    },
  };
}
