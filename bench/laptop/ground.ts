import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Command, type CommandOptions, startCommand } from '../../chaos/child';

/** A temporary folder, and the commands that work in it. */
export interface Ground {
  /** A path in the folder; nothing is made there. */
  path(name: string): string;
  /** @param file of the command, from the root of the project */
  start(file: string, args: readonly string[], options?: Partial<CommandOptions>): Command;
  /** Ends at once what still runs, and removes the folder. */
  close(): Promise<void>;
}

export async function createGround(): Promise<Ground> {
  const folder = await mkdtemp(join(tmpdir(), 'laptop-'));
  const running = new Set<Command>();
  return {
    path: (name) => join(folder, name),
    start: (file, args, options) => {
      const command = startCommand(file, args, { logFile: join(folder, 'commands.log'), ...options });
      running.add(command);
      void command.ended.then(() => running.delete(command));
      return command;
    },
    close: async () => {
      for (const { child } of running) child.kill('SIGKILL');
      await Promise.all([...running].map(({ ended }) => ended));
      // A function's process notices a moment later that its parent is gone, and may still be writing its log.
      await rm(folder, { recursive: true, force: true, maxRetries: 10 });
    },
  };
}
