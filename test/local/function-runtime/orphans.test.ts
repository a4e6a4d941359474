import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../../../local/clock';
import { runTypeScript } from '../../support/child-process';

describe('when the laptop is killed with -9', () => {
  const folder = mkdtempSync(join(tmpdir(), 'orphans-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it("its functions' processes end too", async () => {
    writeFileSync(
      join(folder, 'index.js'),
      `const { writeFileSync } = require('node:fs');
       exports.handler = async (event) => {
         if (!event.hang) return process.pid;
         setInterval(() => {}, 1000);
         writeFileSync('hanging', '');
         return new Promise(() => {});
       };`,
    );
    const laptop = await runTypeScript(join(__dirname, 'function-process.ts'), folder);
    const pid = JSON.parse(laptop.firstLine).payload as number;
    await until(() => existsSync(join(folder, 'hanging')));
    expect(isAlive(pid)).toBe(true);
    await laptop.kill();
    await until(() => !isAlive(pid));
  });
});

/** Neither a file nor the end of somebody else's child gives an event. */
async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error(`still waiting for ${condition}`);
    await systemClock.sleep(10);
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
