// The process of `firstTemplate`: loads what a test of the stacks imports, synthesizes, and says what that took.

const start = moment();
const { makeTemplate } = require('./make-template.ts');

const imported = moment();
makeTemplate(process.argv[2]).then((resources) => {
  const first = between(imported, moment());
  process.send({ importing: between(start, imported), first, resources });
});

function moment() {
  return { cpu: process.cpuUsage(), ms: performance.now() };
}

function between(from, to) {
  const cpu = to.cpu.user + to.cpu.system - from.cpu.user - from.cpu.system;
  return { cpuMs: cpu / 1000, ms: to.ms - from.ms };
}
