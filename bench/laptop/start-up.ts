import { ratio, type Spread, spread } from '../spread';
import { type Rounds, takeTurns } from '../take-turns';
import type { Ground } from './ground';
import { startEmulatorsAlone, startPipeline } from './pipeline';

export interface StartUp {
  readonly name: string;
  readonly what: string;
  /** From the start of the process until it is ready for events. */
  readonly readyMs: Spread;
  readonly timesEmulators: Spread;
}

/** Starts each several times, and stops it at once. */
export async function measureStartUp(ground: Ground, rounds: Rounds): Promise<StartUp[]> {
  const [warm, emulators] = [ground.path('warm'), ground.path('emulators')];
  const start = async (dataDir: string): Promise<number> => {
    const pipeline = await startPipeline(ground, dataDir);
    await pipeline.stop();
    return pipeline.readyMs;
  };
  let colds = 0;
  const contenders = [
    {
      name: 'cold',
      what: 'pipeline, in an empty folder',
      start: () => start(ground.path(`cold-${colds++}`)),
    },
    { name: 'warm', what: 'pipeline, where it ran before', start: () => start(warm) },
    {
      name: 'emulators',
      what: 'the floor: the emulators alone',
      start: async () => {
        const alone = await startEmulatorsAlone(ground, emulators);
        await alone.stop();
        return alone.readyMs;
      },
    },
  ];
  await start(warm);
  const turns = await takeTurns(contenders, rounds, (contender) => contender.start());
  return contenders.map(({ name, what }) => ({
    name,
    what,
    readyMs: spread(turns.get(name)!),
    timesEmulators: ratio(turns.get(name)!, turns.get('emulators')!),
  }));
}
