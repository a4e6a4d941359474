'use strict';

// Loaded before the laptop and its commands: their time goes by faster than this machine's, so that a test need not wait
// for the minutes that an alarm takes. All processes with the same start agree on what time it is.

const childProcess = require('node:child_process');
const { Stats } = require('node:fs');
const { ServerResponse } = require('node:http');
const { syncBuiltinESMExports } = require('node:module');

const { FAST_CLOCK_START, FAST_CLOCK_FACTOR } = process.env;
const start = Number(FAST_CLOCK_START);
const factor = Number(FAST_CLOCK_FACTOR);
const realNow = Date.now.bind(Date);
const fast = (real) => Math.round(start + (real - start) * factor);
const now = () => fast(realNow());

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
  get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
});

// The work of this machine does not get faster: what a function may take to load is left as it is, and so is what is
// too short to be waited for.
const longestInitMs = 10_000;
const shortestMs = 500;
const realSetTimeout = globalThis.setTimeout;
globalThis.setTimeout = Object.assign(
  (work, ms, ...args) =>
    realSetTimeout(work, ms >= shortestMs && ms !== longestInitMs ? ms / factor : ms, ...args),
  realSetTimeout,
);

// When files were written is this machine's time, and the local S3 goes by it.
Object.defineProperty(Stats.prototype, 'mtime', {
  get() {
    return new Date(this.mtimeMs > start ? fast(this.mtimeMs) : this.mtimeMs);
  },
  set() {},
});

// The date that Node itself puts into answers is this machine's, and clients would set their clocks by it.
Object.defineProperty(ServerResponse.prototype, 'sendDate', { get: () => false, set: () => {} });

// A function's process gets none of this process's environment.
const realSpawn = childProcess.spawn;
childProcess.spawn = (command, args, options) =>
  Array.isArray(args) && args.some((arg) => String(arg).endsWith('bootstrap.cjs'))
    ? realSpawn(command, ['--require', __filename, ...args], {
        ...options,
        env: { ...options.env, FAST_CLOCK_START, FAST_CLOCK_FACTOR },
      })
    : realSpawn(command, args, options);
syncBuiltinESMExports();
