import { linesOfParquet, type ParquetColumn, parquetOf } from '../../analytics/duckdb/parquet';
import {
  archiveColumns,
  type Column,
  derivedColumns,
  placeColumns,
  rejectionColumns,
  sentColumns,
} from '../../domain/archive/columns';
import type { Erasure } from './erased-event';
import { erasedArchiveObject } from './erased-object';
import type { Erased } from './erased-record';

const asParquet = ({ name, type }: Column): ParquetColumn => ({
  name: name.toLowerCase(),
  member: name,
  type,
});

/** In the order of the members of a line, which is read by it. */
const inLine = [...rejectionColumns, ...sentColumns, ...placeColumns, ...derivedColumns].map(asParquet);
const inFile = archiveColumns.map(asParquet);

/** An object of the Parquet copy. Its rows are erased as lines of the archive would be, as far as they have columns. */
export async function erasedParquetObject(body: Buffer, erasure: Erasure): Promise<Erased> {
  const erased = erasedArchiveObject(await linesOfParquet(body, inLine), erasure);
  return { ...erased, bytes: erased.lines === 0 ? body : await parquetOf(erased.bytes, inFile) };
}
