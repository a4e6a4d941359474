import { checkPorts } from '../emulators/listen';

/** Below the ports that systems give to outgoing connections, one of which could take a port while the runner is down. */
const [lowest, highest] = [20_000, 30_000];

/** The first of four neighbouring ports that are free, elsewhere for each process that looks. */
export async function freePorts(): Promise<number> {
  let port = lowest + ((process.pid * 4) % (highest - lowest));
  for (;;) {
    try {
      await checkPorts(port);
      return port;
    } catch {
      port = lowest + ((port + 4 - lowest) % (highest - lowest));
    }
  }
}
