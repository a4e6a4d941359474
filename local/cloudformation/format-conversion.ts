import type { ParquetColumn } from '../../analytics/duckdb/parquet';
import type { ResolvedResource } from './resource';
import {
  booleanOf,
  checkProperties,
  harmless,
  objectOf,
  objectsOf,
  only,
  type Place,
  refuse,
  refused,
  textOf,
} from './settings';
import type { JsonObject } from './template';

/** Hive's types, of which the archive has these. */
const types: Readonly<Record<string, ParquetColumn['type']>> = {
  string: 'text',
  bigint: 'integer',
  boolean: 'boolean',
};

/**
 * The columns into which a delivery stream converts, from the table of the templates that it names. Undefined where it
 * converts nothing.
 *
 * @param at place of the S3 destination, and what it says
 * @param tables every `AWS::Glue::Table` of the templates
 */
export function readFormatConversion(
  at: Place,
  destination: JsonObject,
  tables: readonly ResolvedResource[],
): readonly ParquetColumn[] | undefined {
  const property = 'DataFormatConversionConfiguration';
  if (destination[property] === undefined) return undefined;
  const [place, conversion] = objectOf(at, destination, property);
  // Firehose converts as soon as the configuration is there, unless it says otherwise.
  if (!booleanOf(place, conversion, 'Enabled', true)) return undefined;
  checkProperties(place, conversion, {
    Enabled: 'handled',
    InputFormatConfiguration: 'handled',
    OutputFormatConfiguration: 'handled',
    SchemaConfiguration: 'handled',
  });
  refuseUnless(
    at,
    destination.CompressionFormat === 'UNCOMPRESSED',
    'CompressionFormat',
    destination,
    'UNCOMPRESSED',
  );
  const [hintsPlace, hints] = objectOf(at, destination, 'BufferingHints');
  refuseUnless(
    hintsPlace,
    Number(hints.SizeInMBs) >= 64,
    'SizeInMBs',
    hints,
    'at least 64 with a conversion',
  );
  checkOutput(place, conversion);
  const members = readMembers(place, conversion);
  return columnsOf(place, conversion, tables).map(([name, type]) => ({
    name,
    member: members.get(name) ?? name,
    type,
  }));
}

function refuseUnless(
  place: Place,
  isAllowed: boolean,
  property: string,
  within: JsonObject,
  allowed: string,
): void {
  if (!isAllowed) refuse(place, property, within[property], allowed);
}

function checkOutput(place: Place, conversion: JsonObject): void {
  const [outputPlace, output] = objectOf(place, conversion, 'OutputFormatConfiguration');
  const [serializerPlace, serializer] = objectOf(outputPlace, output, 'Serializer');
  checkProperties(serializerPlace, serializer, {
    ParquetSerDe: 'handled',
    OrcSerDe: refused('Parquet only'),
  });
  const [parquetPlace, parquet] = objectOf(serializerPlace, serializer, 'ParquetSerDe');
  checkProperties(parquetPlace, parquet, { Compression: only(['SNAPPY'], 'the one that is written here') });
}

/** Members of lines by column, where the names differ. */
function readMembers(place: Place, conversion: JsonObject): ReadonlyMap<string, string> {
  const [inputPlace, input] = objectOf(place, conversion, 'InputFormatConfiguration');
  const [deserializerPlace, deserializer] = objectOf(inputPlace, input, 'Deserializer');
  checkProperties(deserializerPlace, deserializer, {
    OpenXJsonSerDe: 'handled',
    HiveJsonSerDe: refused('OpenX only'),
  });
  const [serdePlace, serde] = objectOf(deserializerPlace, deserializer, 'OpenXJsonSerDe');
  checkProperties(serdePlace, serde, {
    CaseInsensitive: only([false], 'members are taken by their exact names here'),
    ColumnToJsonKeyMappings: 'handled',
  });
  refuseUnless(serdePlace, serde.CaseInsensitive !== undefined, 'CaseInsensitive', serde, 'false');
  const [mappingsPlace, mappings] = objectOf(serdePlace, serde, 'ColumnToJsonKeyMappings');
  return new Map(Object.keys(mappings).map((column) => [column, textOf(mappingsPlace, mappings, column)]));
}

function columnsOf(
  place: Place,
  conversion: JsonObject,
  tables: readonly ResolvedResource[],
): [string, ParquetColumn['type']][] {
  const [schemaPlace, schema] = objectOf(place, conversion, 'SchemaConfiguration');
  checkProperties(schemaPlace, schema, {
    CatalogId: harmless('there is one catalogue here'),
    DatabaseName: 'handled',
    Region: harmless('there is one Region here'),
    RoleARN: harmless('the laptop checks no permissions'),
    TableName: 'handled',
    VersionId: only(['LATEST'], 'the table is as the template has it'),
  });
  const [database, name] = [
    textOf(schemaPlace, schema, 'DatabaseName'),
    textOf(schemaPlace, schema, 'TableName'),
  ];
  const found = tables.find(({ place: tablePlace, properties }) => {
    const [, input] = objectOf(tablePlace, properties, 'TableInput');
    return properties.DatabaseName === database && input.Name === name;
  });
  if (!found) return refuse(schemaPlace, 'TableName', schema.TableName, 'a table of the templates');
  const [inputPlace, input] = objectOf(found.place, found.properties, 'TableInput');
  const [storagePlace, storage] = objectOf(inputPlace, input, 'StorageDescriptor');
  return objectsOf(storagePlace, storage, 'Columns').map(([columnPlace, column]) => [
    textOf(columnPlace, column, 'Name'),
    types[String(column.Type)] ?? refuse(columnPlace, 'Type', column.Type, Object.keys(types).join(' or ')),
  ]);
}
