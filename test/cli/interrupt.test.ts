import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startCommand } from '../support/run-command';
import { temporaryFolder } from '../support/temporary-folder';

const folder = temporaryFolder('interrupt');

/** A command that goes on for `finishAfterMs` once it was asked to end. */
async function interruptible(finishAfterMs: number) {
  const command = startCommand(join(__dirname, 'interruptible.ts'), [String(finishAfterMs)], { cwd: folder });
  await command.printed('ready');
  return command;
}

const finishedInPeace = { code: 0, stdout: 'ready\nasked to end\nfinished\n', stderr: '' };

describe('a command that is asked to end', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('finishes what it began, after %s', async (name) => {
    const { child, finished } = await interruptible(50);
    child.kill(name);

    expect(await finished).toEqual(finishedInPeace);
  });

  it('takes a second signal within a second for the same key press', async () => {
    const { child, printed, finished } = await interruptible(300);
    child.kill('SIGINT');
    await printed('asked to end');
    child.kill('SIGINT');

    expect(await finished).toEqual(finishedInPeace);
  });

  it('ends at once at a second key press, with its last words and 130', async () => {
    const { child, printed, finished } = await interruptible(20_000);
    child.kill('SIGINT');
    await printed('asked to end');
    await setTimeout(1_050);
    child.kill('SIGINT');

    expect(await finished).toEqual({ code: 130, stdout: 'ready\nasked to end\n', stderr: 'last words\n' });
  });

  it('measures the second from the first signal, so that holding the key down ends it too', async () => {
    const { child, printed, finished } = await interruptible(20_000);
    child.kill('SIGINT');
    await printed('asked to end');
    for (let press = 0; press < 2; press++) {
      await setTimeout(600);
      child.kill('SIGINT');
    }

    expect(await finished).toMatchObject({ code: 130, stderr: 'last words\n' });
  });
});

describe('a command that has no handler for signals yet', () => {
  it.each(['SIGINT', 'SIGTERM'] as const)('ends at %s with a word, and 130', async (name) => {
    const { child, printed, finished } = startCommand(join(__dirname, 'never-listens.ts'), [], {
      cwd: folder,
    });
    await printed('ready');
    child.kill(name);

    expect(await finished).toEqual({ code: 130, stdout: 'ready\n', stderr: 'Interrupted.\n' });
  });
});
