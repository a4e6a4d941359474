import { derivedFields } from '../derived/derived-fields';
import { optionalFields, requestFields, requiredFields } from '../event/click-event';

/** What a column holds: text, a whole number of 64 bits, or true and false. */
export type ColumnType = 'text' | 'integer' | 'boolean';

/** A member of an archive line as readers of tables see it. */
export interface Column {
  readonly name: string;
  readonly type: ColumnType;
}

function texts(names: readonly string[]): Column[] {
  return names.map((name) => ({ name, type: 'text' }));
}

/** What was sent. The pipeline checks that fields it knows are texts; those of access logs may be anything. */
export const sentColumns: readonly Column[] = texts([...requiredFields, ...optionalFields, ...requestFields]);

export const derivedColumns: readonly Column[] = derivedFields.flatMap(({ types }) =>
  Object.entries(types).map(([name, type]) => ({ name, type })),
);

/** Where the event stood in the stream, and when the stream took it: ISO 8601. */
export const placeColumns: readonly Column[] = [
  ...texts(['arrivedAt', 'shardId', 'sequenceNumber']),
  { name: 'subSequenceNumber', type: 'integer' },
];

/** Of a line that was no event: why, and its bytes in base64. An event has neither. */
export const rejectionColumns: readonly Column[] = texts(['rejected', 'raw']);

/** Every column of the archive: a field that is added to an event, or derived from one, is one more. */
export const archiveColumns: readonly Column[] = [
  ...sentColumns,
  ...derivedColumns,
  ...placeColumns,
  ...rejectionColumns,
];

/** What objects are filed under, by the hour of arrival: `year=2026/month=03/day=01/hour=09/`. Texts, `09` for nine. */
export const partitionColumns: readonly Column[] = texts(['year', 'month', 'day', 'hour']);

/** What Firehose says of a record that it could not deliver (AWS docs: Data delivery failure handling). */
export const errorColumns: readonly Column[] = [
  { name: 'attemptsMade', type: 'integer' },
  { name: 'arrivalTimestamp', type: 'integer' },
  ...texts(['errorCode', 'errorMessage']),
  { name: 'attemptEndingTimestamp', type: 'integer' },
  ...texts(['rawData']),
];

/**
 * And of a record that it could not convert to another format. AWS's documentation has had the first names of code and
 * message and the ones of before; objects of 2026 had these (AWS docs: Handling errors for data format conversion).
 */
export const conversionErrorColumns: readonly Column[] = [
  ...errorColumns,
  ...texts(['lastErrorCode', 'lastErrorMessage']),
];
