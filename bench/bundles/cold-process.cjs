// The process of `coldStart`: loads a bundle, calls its handler once, and says what that took.

const [, , bundle, event] = process.argv;

async function main() {
  const send = process.send.bind(process);
  const parsed = JSON.parse(event);
  const context = { getRemainingTimeInMillis: () => 60_000 };
  process.stdout.write = () => true;

  const start = moment();
  const { handler } = require(bundle);
  const imported = moment();
  const answer = await handler(parsed, context);
  const answered = moment();
  send(
    {
      importing: between(start, imported),
      firstCall: between(imported, answered),
      heapBytes: process.memoryUsage().heapUsed,
      filesLoaded: Object.keys(require.cache).length - 1,
      answer,
    },
    () => process.exit(),
  );
}

function moment() {
  return { cpu: process.cpuUsage(), ms: performance.now() };
}

function between(from, to) {
  const cpu = to.cpu.user + to.cpu.system - from.cpu.user - from.cpu.system;
  return { cpuMs: cpu / 1000, ms: to.ms - from.ms };
}

main();
