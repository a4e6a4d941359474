/** A command that is asked to end: it says so, and finishes when the next line of its script says. */
import { interruptSignal } from '../../cli/interrupt';

const finishAfterMs = Number(process.argv[2]);
const signal = interruptSignal('last words');
const alive = setInterval(() => {}, 1000);
signal.addEventListener('abort', () => {
  console.log('asked to end');
  setTimeout(() => {
    console.log('finished');
    clearInterval(alive);
    process.exit(0);
  }, finishAfterMs);
});
console.log('ready');
