import type { ParameterName, Parameters } from './parameters';
import type { ApiPorts } from './ports';

/** A path of the API: what it takes, how it is answered, and how it is described. */
export interface Endpoint {
  readonly path: string;
  readonly summary: string;
  readonly parameters: readonly ParameterName[];
  readonly answer: 'About' | 'Series' | 'Top' | 'Uniques' | 'Anomalies' | 'Health' | 'Document';
  readonly read: (given: Parameters, ports: ApiPorts) => object | Promise<object>;
  /** Columns and rows of an answer, if it is also given as CSV. */
  readonly csv?: (answer: object) => {
    readonly columns: readonly string[];
    readonly rows: readonly object[];
  };
}
