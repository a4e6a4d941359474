import { type AnswerPorts, answerEvent, type CollectorEvent } from '../../../lambda/collector/answer-event';
import { forgetSalts } from '../../../lambda/collector/contract';
import type { CollectorSettings } from '../../../lambda/collector/environment';
import { createRateLimit } from '../../../lambda/collector/rate-limit';
import { urlEvent } from './request-factory';

const settings: CollectorSettings = {
  streamName: 'clicks',
  saltTableName: 'salts',
  origins: new Set(),
  visitorIds: 'hashed',
  privacyControl: 'respected',
  eventsPerMinute: 0,
  cloudFront: 'off',
  cloudFrontProof: undefined,
};

describe('The collector', () => {
  const forgetPast = jest.fn(async () => {});
  const answer = (event: CollectorEvent, ports: Partial<AnswerPorts> = {}) =>
    answerEvent(event, settings, {
      files: new Map(),
      salts: { today: async () => Buffer.from('salt'), forgetPast },
      rateLimit: createRateLimit(0, Date.now),
      put: async () => ({ kind: 'accepted' }),
      now: Date.now,
      log: () => {},
      ...ports,
    });
  beforeEach(() => forgetPast.mockClear());

  it('forgets past salts when its schedule says so, and fails if it cannot, so that the log has it', async () => {
    await answer(forgetSalts);
    expect(forgetPast).toHaveBeenCalledTimes(1);
    const failing = { today: async () => Buffer.from(''), forgetPast: () => Promise.reject(new Error('no')) };
    await expect(answer(forgetSalts, { salts: failing })).rejects.toThrow('no');
  });

  it('forgets nothing for a request that says the same', async () => {
    const body = JSON.stringify(forgetSalts);
    expect(await answer(urlEvent({ body, headers: { origin: '' } }))).toMatchObject({ statusCode: 400 });
    expect(forgetPast).not.toHaveBeenCalled();
  });

  it('has no answer guessed at as another type', async () => {
    const nothing = await answer(urlEvent({ method: 'GET', path: '/' }));
    expect(nothing).toMatchObject({ statusCode: 404, headers: { 'x-content-type-options': 'nosniff' } });
  });
});
