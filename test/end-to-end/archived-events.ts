import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { readLocalPipeline } from '../../cli/local-pipeline';
import { createClients } from '../../emulators/clients';
import { startS3 } from '../../emulators/s3';
import { readObjects } from '../../local/adapters/s3-objects';

/** Every line of a stopped pipeline's archive, over S3's wire. */
export async function archivedEvents(dataDir: string): Promise<Record<string, unknown>[]> {
  const { buckets, region, endpoints } = await readLocalPipeline(dataDir);
  const s3 = await startS3({ port: 0, dataDir: join(dataDir, 's3') });
  const clients = createClients({ ...endpoints, s3: s3.endpoint }, region);
  const events: Record<string, unknown>[] = [];
  try {
    for await (const { key, body, contentEncoding } of readObjects(clients.s3, buckets.archive)) {
      if (!key.startsWith('events/')) continue;
      expect(contentEncoding).toBe('gzip');
      const text = gunzipSync(body).toString();
      expect(text.endsWith('\n')).toBe(true);
      events.push(
        ...text
          .trimEnd()
          .split('\n')
          .map((line) => JSON.parse(line)),
      );
    }
  } finally {
    clients.destroy();
    await s3.close();
  }
  return events;
}
