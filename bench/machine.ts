import { cpus } from 'node:os';

/** What figures were measured on: processors and Node. */
export function machine(): string {
  return `${cpus().length} × ${cpus()[0]?.model ?? 'unknown'}, Node ${process.version}`;
}
