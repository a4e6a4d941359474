/** What the keys of the archive's objects begin with, in the archive bucket. */
export const archivePrefix = 'events/';

/** What the keys of Firehose's error objects begin with, in the archive bucket. */
export const errorPrefix = 'errors/';

/** Error objects of records that the transformer failed at. The type of the error is Firehose's word. */
export const processingFailedPrefix = `${errorPrefix}processing-failed/`;

/** Error objects of what the archive has and the destination refused; in the archive bucket. */
export const undeliveredPrefix = 'undelivered/';
/** Error objects of lines that Firehose could not convert to Parquet, in the bucket of the Parquet copy. */
export const conversionFailedPrefix = `${errorPrefix}format-conversion-failed/`;

/** Where an error object goes, its key behind it, when the archive has its records; in the archive bucket. */
export const backfilledPrefix = 'backfilled/';

/** What `recover resubmit` has sent into the stream again, in the archive bucket. */
export const resubmittedPrefix = 'resubmitted/';

/** A secret for each erasure that is not at its end, in the archive bucket: the hash of the visitor's id follows. */
export const erasingPrefix = 'erasing/';

/** Batches that the aggregator gave up, in the on-failure bucket. Lambda's own choice (AWS docs: Retaining discarded batches). */
export const onFailurePrefix = 'aws/lambda/';

/** Batches that were given up and are repaired, in the on-failure bucket: the object's first key follows. */
export const repairedPrefix = 'repaired/';
