import { isTransient, toPosition } from './pool.js';

describe('a position', () => {
  it.each([
    ['0', 0],
    ['17', 17],
    [17, 17],
    ['9007199254740991', 2 ** 53 - 1],
  ])('is read from %p', (value, position) => expect(toPosition(value)).toBe(position));

  it.each(['9007199254740992', 2 ** 53, '1.5', 'seven', Number.NaN])('is not made from %p', (value) =>
    expect(() => toPosition(value)).toThrow(RangeError),
  );
});

const withCode = (code: string) => Object.assign(new Error('no'), { code });

describe('what may work a moment later', () => {
  it.each(
    `40001 40P01 57P01 57P02 57P03 53100 53200 53300 55P03 57014 25P03 08000 08006 ECONNREFUSED ECONNRESET EPIPE
    ETIMEDOUT ENOTFOUND EAI_AGAIN`.split(/\s+/),
  )('%s', (code) => expect(isTransient(withCode(code))).toBe(true));

  it.each([
    'Connection terminated unexpectedly',
    'Connection terminated due to connection timeout',
    'timeout exceeded when trying to connect',
    'timeout expired',
    'Query read timeout',
    'Client has encountered a connection error and is not queryable',
  ])('%s, which pg says in words only', (words) => expect(isTransient(new Error(words))).toBe(true));

  it.each(['ENOENT', 'EAGAIN'])('%s when a Unix socket is connected to', (code) =>
    expect(isTransient(Object.assign(withCode(code), { syscall: 'connect' }))).toBe(true),
  );

  it('all addresses of one host refused', () =>
    expect(isTransient(new AggregateError([withCode('ECONNREFUSED'), withCode('ECONNREFUSED')]))).toBe(true));
});

describe('what will not', () => {
  it.each(['23505', '42P01', '42601', '28P01', '22P02', 'ENOENT', 'EAGAIN'])('%s', (code) =>
    expect(isTransient(withCode(code))).toBe(false),
  );

  it.each([undefined, null, 'Query read timeout', new Error('no'), new AggregateError([withCode('23505')])])(
    '%p',
    (error) => expect(isTransient(error)).toBe(false),
  );
});
