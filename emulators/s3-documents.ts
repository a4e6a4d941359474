import type S3rver from '@20minutes/s3rver';
import S3Error from '@20minutes/s3rver/lib/models/error';

/** The largest are a list of 1,000 keys and one of 10,000 parts. */
const longestDocumentBytes = 2 * 1024 * 1024;
/** What a PUT replaces other than an object's content. */
const subresources = ['cors', 'website', 'tagging'];

/** Refuses a long XML document, which s3rver reads whole and in one go. Objects are as long as they like. */
export const boundDocuments: S3rver.Middleware = async ({ method, headers, query }, next) => {
  const isDocument =
    method === 'POST' || (method === 'PUT' && subresources.some((subresource) => subresource in query));
  if (isDocument) {
    const length = headers['content-length'];
    if (length === undefined && headers['transfer-encoding'] !== undefined) {
      throw new S3Error('MissingContentLength', 'You must provide the Content-Length HTTP header.');
    }
    if (Number(length ?? 0) > longestDocumentBytes) {
      throw new S3Error('MaxMessageLengthExceeded', 'Your request was too large.');
    }
  }
  return next();
};
