'use strict';

// Loaded before the runner: lets its wall clock jump. Timers do not, as they do not when a system's clock is set.

const { readFileSync } = require('node:fs');

let offsetMs = 0;
const now = Date.now.bind(Date);

globalThis.Date = new Proxy(Date, {
  construct: (target, args, newTarget) =>
    Reflect.construct(target, args.length === 0 ? [now() + offsetMs] : args, newTarget),
  get: (target, name) => (name === 'now' ? () => now() + offsetMs : Reflect.get(target, name)),
});

process.on('SIGUSR2', () => {
  offsetMs = Number(readFileSync(process.env.CHAOS_CLOCK_FILE, 'utf8'));
});
