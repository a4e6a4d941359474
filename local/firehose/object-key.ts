import type { DeliveryStreamSpec } from '../deployment';
import { compileDatePattern } from './date-pattern';

/** The type that stands for `!{firehose:error-output-type}` of what the processor fails at. */
export const PROCESSING_FAILED = 'processing-failed';

export interface KeyContext {
  /** What stands for it in keys of what the destination does not take. @default none but S3 is delivered to */
  readonly undeliveredType?: string | undefined;
  readonly uuid: () => string;
  /** From 0 up to, not including, 1. */
  readonly random: () => number;
}

/** Names an object by the arrival time of the oldest record in it. */
export type NameObject = (oldestArrival: number) => string;

export interface ObjectKeys {
  readonly data: NameObject;
  /** What the processor fails at. */
  readonly errors: NameObject;
  /** What a destination other than S3 does not take. */
  readonly undelivered: NameObject;
}

type KeySpec = Pick<
  DeliveryStreamSpec,
  'name' | 'prefix' | 'errorOutputPrefix' | 'compression' | 'fileExtension' | 'timeZone' | 'parquet'
>;

const EXPRESSION = /!\{([^{}]*)\}/;
const DATE_PATH = 'yyyy/MM/dd/HH/';
const RANDOM_ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const MAX_EVALUATED_BYTES = 512;
// A configuration's version counts its changes; one that is read from a template has seen none.
const VERSION = 1;

/**
 * Compiles the key names of a delivery stream (AWS docs: custom prefixes for Amazon S3 objects).
 * Throws on what the service would refuse, and on an expression that is not run here.
 */
export function compileObjectKeys(spec: KeySpec, context: KeyContext): ObjectKeys {
  const { prefix, errorOutputPrefix, timeZone } = spec;
  for (const value of [prefix, errorOutputPrefix]) {
    if (value.replaceAll(/!\{[^{}]*\}/g, '').includes('!{')) {
      throw new Error(`Delivery stream ${spec.name}: "${value}" has an expression that is not closed`);
    }
  }
  const hasExpression = EXPRESSION.test(prefix);
  if (hasExpression && !errorOutputPrefix) {
    throw new Error(
      `Delivery stream ${spec.name}: ErrorOutputPrefix is required when Prefix has expressions`,
    );
  }
  if (EXPRESSION.test(errorOutputPrefix) && !errorOutputPrefix.includes('!{firehose:error-output-type}')) {
    throw new Error(
      `Delivery stream ${spec.name}: ErrorOutputPrefix "${errorOutputPrefix}" must contain !{firehose:error-output-type}`,
    );
  }
  const dataTemplate = hasExpression ? prefix : `${prefix}!{timestamp:${DATE_PATH}}`;
  const errorTemplate =
    errorOutputPrefix || `${prefix}!{firehose:error-output-type}/!{timestamp:${DATE_PATH}}`;
  const suffix = compileDatePattern('yyyy-MM-dd-HH-mm-ss', timeZone);
  const extension = spec.fileExtension || (spec.compression === 'GZIP' ? '.gz' : '');
  const dataExtension = spec.fileExtension || (spec.parquet ? '.parquet' : extension);

  const naming = (property: string, template: string, end: string, errorType?: string): NameObject => {
    const evaluate = compilePrefix(template, timeZone, context, errorType, `${spec.name}: ${property}`);
    const bytes = Buffer.byteLength(evaluate(0));
    if (bytes > MAX_EVALUATED_BYTES) {
      throw new Error(
        `Delivery stream ${spec.name}: ${property} has ${bytes} bytes once evaluated; at most ${MAX_EVALUATED_BYTES} are allowed`,
      );
    }
    return (oldest) => `${evaluate(oldest)}${spec.name}-${VERSION}-${suffix(oldest)}-${context.uuid()}${end}`;
  };
  return {
    data: naming('Prefix', dataTemplate, dataExtension),
    errors: naming('ErrorOutputPrefix', errorTemplate, extension, PROCESSING_FAILED),
    undelivered: naming(
      'ErrorOutputPrefix',
      errorTemplate,
      extension,
      context.undeliveredType ?? PROCESSING_FAILED,
    ),
  };
}

function compilePrefix(
  template: string,
  timeZone: string,
  { random }: KeyContext,
  errorType: string | undefined,
  where: string,
): NameObject {
  const compileExpression = (expression: string): NameObject => {
    if (expression.startsWith('timestamp:')) {
      return compileDatePattern(expression.slice('timestamp:'.length), timeZone);
    }
    if (expression === 'firehose:random-string') return () => randomString(random);
    if (expression === 'firehose:error-output-type' && errorType) return () => errorType;
    const allowed = ['timestamp:<pattern>', 'firehose:random-string'];
    if (errorType) allowed.push('firehose:error-output-type');
    throw new Error(
      `Delivery stream ${where}: expression !{${expression}} is not supported; allowed are ${allowed.join(', ')}`,
    );
  };

  const pieces = template.split(EXPRESSION);
  const parts = pieces.map((piece, index) => (index % 2 === 0 ? () => piece : compileExpression(piece)));
  return (instant) => parts.map((part) => part(instant)).join('');
}

function randomString(random: () => number): string {
  const character = () => RANDOM_ALPHABET.charAt(Math.floor(random() * RANDOM_ALPHABET.length));
  return Array.from({ length: 11 }, character).join('');
}
