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

export type Usages = Readonly<Record<string, Usage>>;

/**
 * Returns a function that looks at processes and their children. Those that have ended keep the CPU time that was seen
 * last.
 *
 * @param roots by name; a child is counted with its parent, unless it runs a function: then under the function's name
 */
export function processWatch(roots: Readonly<Record<string, number>>): () => Promise<Usages> {
  const seen = new Map<string, { readonly name: string; usage: Usage }>();
  return async () => {
    const { stdout } = await run('ps', ['-A', '-o', 'pid=,ppid=,rss=,time=,args='], {
      maxBuffer: 16 * 1024 * 1024,
    });
    for (const entry of seen.values()) entry.usage = { ...entry.usage, residentMiB: 0 };
    for (const line of stdout.split('\n')) {
      const [pid = '', parent = '', kibibytes, time = '', ...args] = line.trim().split(/\s+/);
      const root = Object.entries(roots).find(([, id]) => id === Number(pid) || id === Number(parent));
      if (!root) continue;
      const cpuSeconds = (await exactCpuSeconds(pid)) ?? secondsOf(time);
      const usage = { cpuSeconds, residentMiB: Math.round(Number(kibibytes) / 1_024) };
      seen.set(pid, { name: functionName(args.join(' ')) ?? root[0], usage });
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
  };
}

/** Linux has hundredths of a second in the process's `stat` (proc(5)), where its `ps` has whole ones. */
async function exactCpuSeconds(pid: string): Promise<number | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The second field is the command's name in brackets, with spaces and brackets of its own.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields && (Number(fields[11]) + Number(fields[12])) / 100;
}

/** `[[days-]hours:]minutes:seconds` */
function secondsOf(time: string): number {
  const [rest = '', days = '0'] = time.split('-').toReversed();
  return Number(days) * 86_400 + rest.split(':').reduce((sum, part) => sum * 60 + Number(part), 0);
}

/** The laptop gives each process of a function its name as an argument. */
function functionName(command: string): string | undefined {
  const name = /function-runtime\/bootstrap\.cjs (\S+)/.exec(command)?.[1];
  return name && /aggregator|compactor|transformer/.exec(name.toLowerCase())?.[0];
}
