import type { Question } from '../analytics/questions';
import type { Tool } from './tools';

/** Answers a saved question over what arrived in a range, as JSON. */
export type AskQuestion = (
  question: Question,
  range: { readonly from: string | undefined; readonly to: string | undefined },
) => Promise<string>;

/** Runs a saved question. Its SQL is the project's: an assistant writes none. */
export function questionTool(questions: readonly Question[], ask: AskQuestion): Tool {
  const list = questions.map(({ name, about }) => `${name}: ${about}`).join('\n');
  const instant = 'A date or an ISO 8601 time with its zone, by arrival.';
  return {
    name: 'ask',
    description: `Answers a question over the archive, event by event, in SQL.\n${list}`,
    inputSchema: {
      type: 'object',
      properties: {
        question: { type: 'string', enum: questions.map(({ name }) => name) },
        from: {
          type: 'string',
          description: `${instant} Without it, from the first.`,
          example: '2026-01-31',
        },
        to: {
          type: 'string',
          description: `${instant} Not included. Without it, up to now.`,
          example: '2026-02-01',
        },
      },
      required: ['question'],
      additionalProperties: false,
    },
    async call({ question, from, to }) {
      const found = questions.find(({ name }) => name === question);
      if (!found) {
        const allowed = questions.map(({ name }) => name).join(', ');
        throw new Error(`question is ${JSON.stringify(question)}; allowed: ${allowed}`);
      }
      return ask(found, { from: textIn('from', from), to: textIn('to', to) });
    },
  };
}

function textIn(name: string, value: unknown): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new Error(`${name} is ${JSON.stringify(value)}; allowed: a text such as "2026-01-31"`);
}
