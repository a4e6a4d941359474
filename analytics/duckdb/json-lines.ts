import type { Column } from '../../domain/archive/columns';
import { duckdbType } from './column-types';

/**
 * A query for the members of lines of JSON, one column each, in their order. By a path each and not by the columns of
 * `read_json`, which takes a member `Element` for `element`, as the counters do not. A column of texts holds what stands
 * there as text, whatever it is.
 *
 * @param file a text in SQL
 * @param isStrict throws where a line is no JSON, or a member does not fit; without it such lines are left out, and such
 *   members null
 */
export function membersOf(file: string, columns: readonly Column[], isStrict: boolean): string {
  const cast = isStrict ? 'CAST' : 'try_cast';
  const members = columns.map(({ name, type }, at) => {
    const text = `members[${at + 1}]`;
    return `${type === 'text' ? text : `${cast}(${text} AS ${duckdbType(type)})`} AS "${name}"`;
  });
  const paths = columns.map(({ name }) => `'$.${name}'`);
  return `SELECT ${members.join(', ')}
    FROM (SELECT json_extract_string(json, [${paths.join(', ')}]) AS members
      FROM read_ndjson_objects(${file}, ignore_errors = ${!isStrict}, maximum_object_size = ${longestLine}))`;
}

/** Bytes: a line of an event is shorter, and one of an error object holds a record of 10 MiB in base64. */
const longestLine = 16 * 1024 * 1024;
