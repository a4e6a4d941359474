import { brokenByAppenders } from './mutants/append';
import { brokenByCompactions } from './mutants/compaction';
import { editedText } from './mutants/mutated-build';
import { brokenByReaders } from './mutants/reading';
import { brokenByCommands } from './mutants/recovery';

/** The mutants themselves are tried by `npm run test:all`; that their anchors stand is seen at once. */
describe('Each mutant finds what it changes', () => {
  const rules = [brokenByAppenders, brokenByCompactions, brokenByReaders, brokenByCommands].flat();
  const mutants = rules.flatMap((rule) => rule.mutants);

  it.each(mutants)('where it $name', ({ edit }) => {
    expect(editedText(edit)).not.toBe('');
  });
});
