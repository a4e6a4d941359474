import type { FirehoseTransformationEventRecord } from 'aws-lambda';

/**
 * Lambda takes 6 MB (6,291,456 bytes) of answer; beyond, the whole batch would fail. The rest is left for the
 * envelope and for the base64 of one line's rounding.
 */
export const maxAnswerBytes = 6 * 1024 * 1024 - 64 * 1024;

/** JSON around the longer of the two answers, with its comma. */
const answerOverheadBytes = ',{"recordId":"","result":"ProcessingFailed"}'.length;

const maxUtf8BytesOfUnit = 3;

/** What is left of an invocation's answer for lines, when every record has an answer without any. */
export class AnswerRoom {
  private left: number;
  private isExact = false;

  constructor(private readonly records: readonly FirehoseTransformationEventRecord[]) {
    this.left = maxAnswerBytes;
    for (const { recordId } of records)
      this.left -= recordId.length * maxUtf8BytesOfUnit + answerOverheadBytes;
  }

  has(bytes: number): boolean {
    // Few answers come near the limit, and counting the bytes of identifiers takes longer than taking them for the most.
    if (bytes > this.left && !this.isExact) this.countIds();
    return bytes <= this.left;
  }

  /** Takes some bytes, if there is room for them. */
  take(bytes: number): boolean {
    if (!this.has(bytes)) return false;
    this.left -= bytes;
    return true;
  }

  private countIds(): void {
    this.isExact = true;
    for (const { recordId } of this.records)
      this.left += recordId.length * maxUtf8BytesOfUnit - Buffer.byteLength(recordId);
  }
}

/** How many characters of base64 some bytes make. */
export function base64Length(bytes: number): number {
  return Math.ceil(bytes / 3) * 4;
}
