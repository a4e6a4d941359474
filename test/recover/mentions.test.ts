import { mentions } from '../../recover/erase/mentions';

describe('A line that is no event', () => {
  it.each([
    ['{"visitorId":"user-1234","type":"click"}', 'user-1234'],
    ['no json of user-1234', 'user-1234'],
    ['{"visitorId":"quo\\"te\\\\back","x":}', 'quo"te\\back'],
    ['{"visitorId":"\\u00fcn\\u00ef-12345"', 'ünï-12345'],
    ['{"visitorId": "u1", "page":1}', 'u1'],
  ])('%s names %s', (line, visitorId) => {
    expect(mentions(line, visitorId)).toBe(true);
  });

  it.each([
    ['{"visitorId":"user-12345"}', 'user-1234'],
    ['no json of user-12345', 'user-1234'],
    ['{"visitorId":"my-user-1234"}', 'user-1234'],
    ['{"visitorId":"u12","page":"u1"}', 'u1'],
  ])('%s does not name %s', (line, visitorId) => {
    expect(mentions(line, visitorId)).toBe(false);
  });
});
