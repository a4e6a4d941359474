// The process of `coldStart`: loads a bundle, calls its handler once, and says what that took.

const { between, moment } = require('../moment.cjs');

const [, , bundle, event] = process.argv;

async function main() {
  const send = process.send.bind(process);
  const parsed = JSON.parse(event);
  const context = { getRemainingTimeInMillis: () => 60_000 };
  process.stdout.write = () => true;

  const filesBefore = Object.keys(require.cache).length;
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
      filesLoaded: Object.keys(require.cache).length - filesBefore,
      answer,
    },
    () => process.exit(),
  );
}

main();
