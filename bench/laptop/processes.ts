import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

const run = promisify(execFile);

export interface Usage {
  /** User and system time since the process began. */
  readonly cpuSeconds: number;
  /** Resident memory now; 0 once the process is gone. */
  readonly residentMiB: number;
}

/** What the processes below some others take, by name; those that have ended keep the CPU time that was seen last. */
export interface ProcessWatch {
  look(): Promise<Readonly<Record<string, Usage>>>;
}

interface Process extends Usage {
  readonly pid: number;
  readonly parent: number;
  readonly command: string;
}

/** @param roots by name; a child is counted with its parent, unless it runs a function: then under the function's name */
export function watchProcesses(roots: () => Readonly<Record<string, number>>): ProcessWatch {
  const seen = new Map<number, { readonly name: string; usage: Usage }>();
  return {
    look: async () => {
      const present = await allProcesses();
      for (const entry of seen.values()) entry.usage = { ...entry.usage, residentMiB: 0 };
      for (const [name, root] of Object.entries(roots())) {
        for (const process of present) {
          if (process.pid !== root && process.parent !== root) continue;
          seen.set(process.pid, { name: functionName(process) ?? name, usage: await exact(process) });
        }
      }
      const sums: Record<string, Usage> = {};
      for (const { name, usage } of seen.values()) {
        const { cpuSeconds, residentMiB } = sums[name] ?? { cpuSeconds: 0, residentMiB: 0 };
        sums[name] = {
          cpuSeconds: cpuSeconds + usage.cpuSeconds,
          residentMiB: residentMiB + usage.residentMiB,
        };
      }
      return sums;
    },
  };
}

async function allProcesses(): Promise<Process[]> {
  const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,args='], {
    maxBuffer: 16 * 1024 * 1024,
  });
  return stdout.split('\n').flatMap((line) => {
    const [, pid, parent, kibibytes, time, command] =
      /^\s*(\d+)\s+(\d+)\s+(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (command === undefined) return [];
    return [
      {
        pid: Number(pid),
        parent: Number(parent),
        residentMiB: Math.round(Number(kibibytes) / 1024),
        cpuSeconds: secondsOf(time!),
        command,
      },
    ];
  });
}

/** `[[days-]hours:]minutes:seconds`, whole seconds on Linux and hundredths on macOS. */
function secondsOf(time: string): number {
  const [rest, days] = time.split('-').toReversed();
  const seconds = rest!.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
  return Number(days ?? 0) * 86_400 + seconds;
}

/** Linux has the CPU time in hundredths of a second as well, in the process's `stat` (proc(5)). */
async function exact({ pid, cpuSeconds, residentMiB }: Process): Promise<Usage> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command's name in brackets, with spaces and brackets of its own.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  if (!fields) return { cpuSeconds, residentMiB };
  const [userTicks, systemTicks] = [Number(fields[11]), Number(fields[12])];
  return { cpuSeconds: (userTicks + systemTicks) / 100, residentMiB };
}

/** The laptop gives each process of a function its name as an argument. */
function functionName({ command }: Process): string | undefined {
  const name = /function-runtime\/bootstrap\.cjs (\S+)/.exec(command)?.[1];
  if (name === undefined) return undefined;
  return /transformer/i.test(name) ? 'transformer' : 'aggregator';
}
