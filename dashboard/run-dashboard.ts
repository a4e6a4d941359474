import type { Writable } from 'node:stream';
import { aborted } from '../cli/interrupt';
import { buildPage } from './build';
import type { DashboardTarget } from './command-line';
import { startDashboard } from './serve';
import { openTableApi } from './table-api';

export interface DashboardPorts {
  readonly stdout: Writable;
  /** Aborted: answer what is asked, and end. */
  readonly signal: AbortSignal;
}

/**
 * Serves the dashboard until it is asked to end.
 *
 * @throws SetupError that says what to do, if the table cannot be found
 * @throws Error that names the port, if it cannot be had
 */
export async function runDashboard({ target, port }: DashboardTarget, ports: DashboardPorts): Promise<void> {
  const { api, pipeline, close } = await openTableApi(target);
  try {
    const dashboard = await startDashboard({ port, api, buildPage });
    try {
      ports.stdout.write(`Dashboard of ${pipeline}: ${dashboard.address}\nCtrl-C ends it.\n`);
      await aborted(ports.signal);
    } finally {
      await dashboard.close();
    }
  } finally {
    await close();
  }
}
