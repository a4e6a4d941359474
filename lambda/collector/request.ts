import type { LambdaFunctionURLEvent } from 'aws-lambda';
import { isSameSecret, viewerAddress } from './cloudfront';
import { proofHeader, viewerHeader } from './contract';

/** A request to the function URL. */
export interface CollectorRequest {
  readonly method: string;
  readonly path: string;
  /** Of the page that sends; undefined where no browser does. */
  readonly origin: string | undefined;
  readonly host: string;
  /** The visitor's. It goes into hashes, and nowhere else. */
  readonly address: string;
  /** It came by the deployment's own CloudFront. */
  readonly isFromCloudFront: boolean;
  readonly userAgent: string;
  /** In lower case, without parameters: `text/plain`. */
  readonly contentType: string;
  /** In lower case; '' for none. */
  readonly contentEncoding: string;
  /** `Sec-GPC: 1`: the visitor objects to being followed (W3C: Global Privacy Control). */
  readonly asksForPrivacy: boolean;
  readonly takesGzip: boolean;
  /** `If-None-Match`: what the client has; '' for nothing. */
  readonly knownEtags: string;
  readonly body: Buffer;
}

/**
 * Reads an event of payload format 2.0 (AWS docs: Invoking Lambda function URLs), whose header names are in lower case.
 *
 * @param proof by which CloudFront is known; undefined where none stands before the function. Nobody else is believed who
 * the visitor is: anybody can call the function's URL with any header.
 */
export function readRequest(event: LambdaFunctionURLEvent, proof: string | undefined): CollectorRequest {
  const { headers, requestContext, body = '', isBase64Encoded, rawPath } = event;
  const { sourceIp } = requestContext.http;
  const isFromCloudFront = proof !== undefined && isSameSecret(headers[proofHeader], proof);
  const [contentType = ''] = (headers['content-type'] ?? '').split(';');
  return {
    method: requestContext.http.method,
    path: rawPath,
    origin: headers.origin,
    host: headers.host ?? '',
    address: (isFromCloudFront && viewerAddress(headers[viewerHeader])) || sourceIp,
    isFromCloudFront,
    userAgent: headers['user-agent'] ?? '',
    contentType: contentType.trim().toLowerCase(),
    contentEncoding: (headers['content-encoding'] ?? '').trim().toLowerCase(),
    asksForPrivacy: headers['sec-gpc'] === '1',
    takesGzip: /\bgzip\b(?!\s*;\s*q=0(?:\.0*)?\s*(?:,|$))/.test(headers['accept-encoding'] ?? ''),
    knownEtags: headers['if-none-match'] ?? '',
    body: Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'),
  };
}
