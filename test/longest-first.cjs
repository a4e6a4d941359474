const { default: Sequencer } = require('@jest/test-sequencer');

/** Minutes of one worker each, in small files; a fresh clone has no times of before to go by. */
const longest = /[\\/]test[\\/]model[\\/]/;

/** Begins with what takes longest: at the end of a run, one worker would wait for the other. */
module.exports = class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isLong = ({ path }) => longest.test(path);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
