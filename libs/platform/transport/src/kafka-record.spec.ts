import { describe, expect, it } from '@jest/globals';
import type { StoredEvent } from '@loa/event-store';
import type { KafkaMessage, Message } from 'kafkajs';
import { kafkaOffset, placeAfter } from './kafka-place.js';
import { ForeignRecord, eventOf, recordOf } from './kafka-record.js';

const event: StoredEvent = {
  position: 42,
  streamId: '00000000-0000-4000-8000-000000000001',
  version: 3,
  eventId: '00000000-0000-4000-8000-000000000002',
  type: 'reporting.ActivitySubmitted',
  schemaVersion: 2,
  data: '{ "n": 1.10,  "place": "Bắc Kạn" }',
  meta: '{"note":"điều chỉnh"}',
  recordedAt: '2022-03-31T08:00:00.123Z',
};

/** As a broker gives it back: everything is bytes. */
function received({ key, value, headers }: Message, offset: string): KafkaMessage {
  const bytes = (text: unknown) => Buffer.from(String(text));
  return {
    key: bytes(key),
    value: bytes(value),
    timestamp: '0',
    attributes: 0,
    offset,
    headers: Object.fromEntries(Object.entries(headers ?? {}).map(([name, text]) => [name, bytes(text)])),
  };
}

describe('an event as a Kafka record', () => {
  it('comes back as it went, byte for byte', () => {
    const record = recordOf(event, 7, 40, { epoch: 5, restored: [] });
    expect(record.partition).toBe(7);
    expect(eventOf(received(record, '9'))).toEqual({ ...event, previous: 40, offset: 9, restored: [] });
  });

  it('says which restores its log had been through, and so does its place', () => {
    const arrived = eventOf(received(recordOf(event, 7, 40, { epoch: 5, restored: [60, 41] }), '9'));
    expect(arrived.restored).toEqual([60, 41]);
    expect(arrived.offset).toBe(kafkaOffset(2, 9));
    expect(placeAfter(arrived.offset)).toEqual({ restores: 2, next: 10 });
    expect(placeAfter(kafkaOffset(2, -1))).toEqual({ restores: 2, next: 0 });
    expect(kafkaOffset(0, 9)).toBe(9);
    expect(kafkaOffset(1, -1)).toBeGreaterThan(kafkaOffset(0, 1e9));
  });

  it.each([
    ['has no headers', (message: KafkaMessage) => ({ ...message, headers: {} })],
    ['has no value', (message: KafkaMessage) => ({ ...message, value: null })],
    ['has no key', (message: KafkaMessage) => ({ ...message, key: null })],
    [
      'has a position that is no number',
      (message: KafkaMessage) => ({ ...message, headers: { ...message.headers, p: Buffer.from('1e3') } }),
    ],
  ])('is refused when it %s', (_what, spoil) => {
    const message = spoil(received(recordOf(event, 7, 40, { epoch: 5, restored: [] }), '9')) as KafkaMessage;
    expect(() => eventOf(message)).toThrow(ForeignRecord);
  });
});
