import type { Api } from '../query/api';
import type { Endpoint } from '../query/endpoint';
import { endpoints } from '../query/endpoints';
import { parameters } from '../query/parameters';

/** Something that an assistant may ask for. None of them changes anything. */
export interface Tool {
  readonly name: string;
  readonly description: string;
  /** JSON Schema of its arguments. */
  readonly inputSchema: {
    readonly type: 'object';
    readonly properties: Readonly<Record<string, object>>;
    readonly required?: readonly string[];
    readonly additionalProperties: false;
  };
  /** @throws Error whose message is for whoever asked */
  readonly call: (given: Readonly<Record<string, unknown>>) => Promise<string>;
}

/** A tool for each path of the query API, so that whoever asks here gets the numbers of the dashboard and the report. */
export function counterTools(api: Api): readonly Tool[] {
  return endpoints.filter(({ answer }) => answer !== 'Document').map((endpoint) => toolOf(endpoint, api));
}

function toolOf({ path, summary, parameters: names }: Endpoint, api: Api): Tool {
  const shown = names.filter((name) => name !== 'format');
  const properties = Object.fromEntries(
    shown.map((name) => [name, { description: parameters[name].description, ...parameters[name].schema }]),
  );
  return {
    name: path.slice('/api/'.length),
    description: summary,
    inputSchema: { type: 'object', properties, additionalProperties: false },
    async call(given) {
      const query = new URLSearchParams();
      for (const [name, value] of Object.entries(given)) {
        // Assistants leave out what they do not mean in either way.
        if (value === null || value === undefined) continue;
        if (typeof value === 'object') {
          throw new Error(`${name} is ${JSON.stringify(value)}; allowed: one text or number`);
        }
        query.set(name, String(value));
      }
      const { status, body } = await api({ method: 'GET', path, query, headers: {} });
      if (status === 200) return body;
      const { error, allowed } = JSON.parse(body) as { readonly error: string; readonly allowed?: string };
      throw new Error(allowed === undefined ? error : `${error}; allowed: ${allowed}`);
    },
  };
}
