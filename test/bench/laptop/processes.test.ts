import { watchProcesses } from '../../../bench/laptop/processes';

describe('the watch of processes', () => {
  it('sees what CPU time and memory a process takes', async () => {
    const watch = watchProcesses(() => ({ own: process.pid }));
    const before = process.cpuUsage();
    const { own: first } = await watch.look();
    for (let turns = 0; process.cpuUsage(before).user < 300_000; turns++) Math.sqrt(turns);
    const { own: second } = await watch.look();

    expect(second!.cpuSeconds - first!.cpuSeconds).toBeGreaterThan(0.25);
    expect(second!.residentMiB).toBeGreaterThan(20);
  });

  it('keeps the time of what has ended, and none of its memory', async () => {
    const roots: Record<string, number> = { gone: process.pid };
    const watch = watchProcesses(() => roots);
    const { gone } = await watch.look();
    delete roots.gone;
    const after = await watch.look();

    expect(after.gone!.cpuSeconds).toBe(gone!.cpuSeconds);
    expect(after.gone!.residentMiB).toBe(0);
  });
});
