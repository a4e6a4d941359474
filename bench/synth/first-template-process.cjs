// The process of `firstTemplate`: loads what a test of the stacks imports, synthesizes, and says what that took.

const { between, moment } = require('../moment.cjs');

const start = moment();
const { makeTemplate } = require('./make-template.ts');

const imported = moment();
makeTemplate(process.argv[2]).then((resources) => {
  const first = between(imported, moment());
  process.send({ importing: between(start, imported), first, resources });
});
