import { setMaxListeners } from 'node:events';
import type { KinesisClient } from '@aws-sdk/client-kinesis';
import { accessKey, type Endpoints, type Service } from '../../emulators/clients';
import type { Emulator } from '../../emulators/emulator';
import { answeredOf, type OnAnswered } from '../../emulators/on-answered';
import { startTogether } from '../../emulators/start-together';
import { createKinesisClient } from '../../producer/client/kinesis-client';
import { listOpenShards } from '../../producer/client/shards/list-shards';
import { createShardMap } from '../../producer/client/shards/shard-map';
import { systemClock } from '../clock';
import type { Deployment } from '../deployment';
import type { LambdaFunction } from '../function-runtime/lambda-function';
import { type Disturbance, disturb } from './disturb';
import { disturbedFunction, rolesOf } from './disturb-function';
import { type Connections, connectTo } from './http';
import { createInjectionLog, type InjectionLog } from './injection-log';
import type { ChaosProfile, ShardLimits } from './profile';
import { type Reaction, startProxy } from './proxy';
import { createShardGate } from './shard-gate';
import { type Forward, type Gate, operationOf, type WireRequest } from './wire';

export interface ChaosOptions {
  readonly profile: ChaosProfile;
  readonly seed: string;
}

/** The services as everybody sees them who is exposed to the faults. */
export interface Chaos {
  readonly seed: string;
  readonly endpoints: Endpoints;
  /** The function, exposed to the faults. */
  disturbed<F extends LambdaFunction>(fn: F): F;
  /** What was injected so far, by `service operation fault`. */
  injected(): Readonly<Record<string, number>>;
  close(): Promise<void>;
}

export interface ChaosPorts {
  /** Where the services themselves are. */
  readonly endpoints: Endpoints;
  readonly deployment: Pick<Deployment, 'region' | 'accountId' | 'outputs'>;
  /** First of three ports; 0 takes any. */
  readonly port: number;
  readonly logFile: string;
  /** Told of what is asked and answered, faults among it. */
  readonly onAnswered?: OnAnswered | undefined;
}

/** Puts a proxy before each service, which injects the profile's faults. */
export async function startChaos({ profile, seed }: ChaosOptions, ports: ChaosPorts): Promise<Chaos> {
  const { endpoints, port } = ports;
  const stop = new AbortController();
  // Every slow request listens to it.
  setMaxListeners(0, stop.signal);
  const log = createInjectionLog(ports.logFile);
  const roles = rolesOf(ports.deployment);
  const disturbance: Disturbance = { profile, seed, clock: systemClock, signal: stop.signal, log };
  const client = createKinesisClient({
    region: ports.deployment.region,
    credentials: { accessKeyId: accessKey, secretAccessKey: accessKey },
    endpoint: endpoints.kinesis,
  });
  const connections: Connections[] = [];
  const release = (): void => {
    for (const connection of connections) connection.close();
    client.destroy();
    log.close();
  };
  const startOne = (service: Service, port: number): Promise<Emulator> => {
    const connection = connectTo(endpoints[service]);
    connections.push(connection);
    const { forward } = connection;
    const { shardLimits } = profile;
    const gate: Gate =
      service === 'kinesis' && shardLimits
        ? shardGate(shardLimits, ports, forward, client, log)
        : (_operation, request) => forward(request);
    const react = observed(service, disturb(service, disturbance, gate), ports.onAnswered);
    return startProxy({ port, service, react });
  };
  try {
    const proxies = await startTogether(port, startOne);
    return {
      seed,
      endpoints: proxies.endpoints,
      disturbed: (fn) => disturbedFunction(fn, roles.get(fn.name), disturbance),
      injected: log.counts,
      close: async () => {
        stop.abort();
        await proxies.close();
        release();
      },
    };
  } catch (error) {
    stop.abort();
    release();
    throw error;
  }
}

type React = (request: WireRequest) => Promise<Reaction>;

/** What is cut off is answered all the same, as the service sees it. */
function observed(service: Service, react: React, onAnswered: OnAnswered | undefined): React {
  if (!onAnswered) return react;
  return async (request) => {
    const reaction = await react(request);
    const { answer } = reaction;
    if (answer) {
      const asked = { service, operation: operationOf(service, request), status: answer.status };
      onAnswered(answeredOf(asked, request.body, answer.body));
    }
    return reaction;
  };
}

function shardGate(
  limits: ShardLimits,
  { deployment }: ChaosPorts,
  forward: Forward,
  client: KinesisClient,
  log: InjectionLog,
): Gate {
  return createShardGate(limits, {
    forward,
    listShards: async (streamName) => createShardMap(await listOpenShards(client, streamName)),
    accountId: deployment.accountId,
    elapsed: () => performance.now(),
    onRefused: (operation, entries) =>
      log.write({ service: 'kinesis', operation, fault: 'shard limit', entries }),
  });
}
