import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import type { HttpEndpointSpec } from '../../local/deployment';
import { createDestination, readDestinationAccess } from '../../local/destination';
import { parseLocalCommand } from '../../local/options';
import { runLocal } from '../../local/run-local';
import { neverAborted } from '../support/never-aborted';
import { temporaryFolder } from '../support/temporary-folder';
import { createVirtualClock } from '../support/virtual-clock';
import { streamSpec } from './firehose/harness';

const httpEndpoint: HttpEndpointSpec = {
  kind: 'http-endpoint',
  bufferSizeMiB: 2,
  bufferIntervalSeconds: 7,
  retrySeconds: 40,
  compresses: true,
  commonAttributes: {},
  hasSecret: true,
};

describe('The address of a destination', () => {
  it.each([
    'https://receiver.example/clicks',
    'http://127.0.0.1:9000/clicks',
    'http://localhost:9000/',
    'http://[::1]:9000/',
  ])('may be %s', (address) => {
    expect(readDestinationAccess({ DESTINATION_ENDPOINT: address })).toEqual({
      endpoint: new URL(address),
      secret: undefined,
    });
  });

  it.each([
    'http://receiver.example/',
    'http://127.0.0.1.example/',
    'http://10.0.0.1/',
    'ftp://127.0.0.1/',
    'https://user:secret@receiver.example/',
    'receiver.example',
  ])('may not be %s', (address) => {
    expect(() => readDestinationAccess({ DESTINATION_ENDPOINT: address })).toThrow(
      /DESTINATION_ENDPOINT is ".*"; allowed: an https address, or an http address of this machine/,
    );
  });

  it('may be missing', () => {
    expect(readDestinationAccess({ DESTINATION_SECRET: '{}' })).toBeUndefined();
  });
});

describe('npm start', () => {
  const folder = temporaryFolder('destination');

  it('starts no destination that it has no address of, and says how to give one', async () => {
    const args = ['--data-dir', join(folder, 'state'), '-c', 'destination=splunk'];
    const command = parseLocalCommand(args);
    if (command.kind !== 'run') throw new Error(command.kind);
    const { stdin, stdout } = process;
    const stderr = new PassThrough();
    const ports = { stdin, stdout, stderr, elapsed: () => 0, signal: neverAborted(), appDir: folder };
    await expect(runLocal(command, { ...ports, destination: undefined })).rejects.toThrow(
      '-c destination=splunk needs DESTINATION_ENDPOINT, which says what is delivered to from this machine',
    );
  });
});

describe('The destination of a delivery stream', () => {
  const clock = createVirtualClock();
  const access = { endpoint: new URL('http://127.0.0.1:9000/'), secret: undefined };
  const spec = streamSpec({ destination: httpEndpoint });

  it('is S3 where the template names no other', () => {
    expect(createDestination(streamSpec(), access, clock)).toBeUndefined();
  });

  it('has to be given an address', () => {
    expect(() => createDestination(spec, undefined, clock)).toThrow(
      'delivery stream click-archive has a destination that is not on this machine: give DESTINATION_ENDPOINT, or -c destination=off',
    );
  });

  it.each([undefined, 'the key', '"the key"', '{"hec_token":"the key"}', '{"api_key":""}'])(
    'has to be given a secret in the form that Firehose wants, which %s is not',
    (secret) => {
      expect(() => createDestination(spec, { ...access, secret }, clock)).toThrow(
        'DESTINATION_SECRET must be JSON like {"api_key": "…"}',
      );
    },
  );

  it('needs no secret where the template names none', () => {
    const without = streamSpec({ destination: { ...httpEndpoint, hasSecret: false } });
    expect(createDestination(without, access, clock)).toMatchObject({
      errorOutputType: 'http-endpoint-failed',
    });
  });
});
