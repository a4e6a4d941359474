import { printedLines } from '../lambda/printed-lines';
import { resourcesOf, type Template, templatesOf } from './deployment';

const templates = templatesOf({ name: 'shop' });
const queries = [templates.aggregation, templates.archive].flatMap((template) =>
  resourcesOf(template, 'AWS::Logs::QueryDefinition').map(([, { Properties }]) => ({
    name: Properties.Name['Fn::Join'][1] as [unknown, string],
    text: Properties.QueryString as string,
    logGroups: Properties.LogGroupNames as { Ref: string }[],
    template,
  })),
);

/** What Firehose writes of an error (Firehose docs: Monitor with CloudWatch Logs). */
const ofFirehose = ['errorCode', 'message'];

/** The service whose function writes into a log group. */
function serviceOf(logGroup: string): string | undefined {
  return ['aggregator', 'compactor', 'transformer'].find((name) => logGroup.toLowerCase().startsWith(name));
}

const isLogGroup = ({ Resources }: Template, id: string) => Resources[id]?.Type === 'AWS::Logs::LogGroup';

describe('The saved queries', () => {
  it('are listed below the name of their stack, and ask one of its log groups', () => {
    expect(queries).toHaveLength(5 + 4 + 4);
    for (const { name, logGroups, template } of queries) {
      expect(name).toEqual([{ Ref: 'AWS::StackName' }, expect.stringMatching(/^\/[A-Z]\w+: /)]);
      expect(logGroups).toHaveLength(1);
      expect(isLogGroup(template, logGroups[0]!.Ref)).toBe(true);
    }
  });

  it('name fields that the lines have', async () => {
    const lines = await printedLines();
    const unknown = queries.flatMap(({ name: [, title], text, logGroups }) => {
      const service = serviceOf(logGroups[0]!.Ref);
      const known = new Set(service ? Object.keys(lines[service]!) : ofFirehose);
      // What the query makes itself, and texts and patterns, are no fields of the line.
      const made = [...text.matchAll(/ as (\w+)|\?<(\w+)>/g)].map(([, alias, group]) => alias ?? group!);
      const bare = text.replaceAll(/"[^"]*"|\/(?:\\.|[^/\n])+\/| as \w+/g, '');
      const words = bare.match(/(?<![@\w])[a-z]\w*(?!\w|\()/g) ?? [];
      return words
        .filter((word) => !commands.has(word) && !known.has(word) && !made.includes(word))
        .map((word) => `${title}: ${word}`);
    });
    expect(unknown).toEqual([]);
  });

  it('ask for messages that the functions write', () => {
    const asked = queries.flatMap(({ text }) =>
      [...text.matchAll(/message (?:= "([^"]+)"|like \/\^([^/]+)\/)/g)].map(
        ([, whole, start]) => whole ?? start,
      ),
    );
    expect(new Set(asked)).toEqual(
      new Set([
        'batch counted',
        'batch counted in part',
        'logs compacted',
        'logs compacted in part',
        'batch transformed',
      ]),
    );
  });
});

/** Words of the query language that no bracket follows. */
const commands = new Set(
  'fields filter stats sort limit display parse by desc asc like and or not m h s bin'.split(' '),
);
