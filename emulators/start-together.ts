import { type Endpoints, type Service, services } from './clients';
import type { Emulator } from './emulator';

export interface Emulators {
  readonly endpoints: Endpoints;
  close(): Promise<void>;
}

/**
 * Starts all three services; if one cannot start, none is left running.
 *
 * @param port first of three neighbouring ports; 0 takes any
 */
export async function startTogether(
  port: number,
  start: (service: Service, port: number) => Promise<Emulator>,
): Promise<Emulators> {
  const started = await Promise.allSettled(
    services.map((service, index) => start(service, port === 0 ? 0 : port + index)),
  );
  const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
  const close = async (): Promise<void> => {
    await Promise.all(running.map((emulator) => emulator.close()));
  };
  const failure = started.find((result) => result.status === 'rejected');
  if (failure) {
    await close();
    throw failure.reason;
  }
  const [kinesis, dynamodb, s3] = running as [Emulator, Emulator, Emulator];
  return {
    endpoints: { kinesis: kinesis.endpoint, dynamodb: dynamodb.endpoint, s3: s3.endpoint },
    close,
  };
}
