import { createHash } from 'node:crypto';
import { outgoingEvent, partitionKeyOf, sizeBytes } from '../../../producer/client/outgoing-event';

const data = Buffer.from('{"some":"line"}');
const sha256 = (of: string | Buffer) => createHash('sha256').update(of).digest('hex');

describe('the partition key', () => {
  it('is the visitor’s id', () => {
    expect(partitionKeyOf('visitor 7', data)).toBe('visitor 7');
  });

  it('may have 256 characters, and is hashed beyond', () => {
    expect(partitionKeyOf('v'.repeat(256), data)).toBe('v'.repeat(256));
    expect(partitionKeyOf('v'.repeat(257), data)).toBe(sha256('v'.repeat(257)));
  });

  it('is a hash where the id is no proper Unicode, which Kinesis would refuse', () => {
    expect(partitionKeyOf('\ud800', data)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([undefined, '', 7, null, ['a']])('is a hash of the line where the visitor is %p', (visitorId) => {
    expect(partitionKeyOf(visitorId, data)).toBe(sha256(data));
  });
});

describe('an outgoing event', () => {
  const event = {
    eventId: 'e-1',
    type: 'click',
    timestamp: '2026-02-03T04:05:06Z',
    visitorId: 'зимой',
    page: '/é',
  };

  it('is the event’s JSON, keyed by its visitor', () => {
    const { data, partitionKey } = outgoingEvent(event);

    expect(JSON.parse(Buffer.from(data).toString())).toEqual(event);
    expect(partitionKey).toBe('зимой');
  });

  it('is as large as its data and its key in UTF-8', () => {
    expect(sizeBytes({ data: Buffer.from('é'), partitionKey: 'зимой' })).toBe(12);
  });
});
