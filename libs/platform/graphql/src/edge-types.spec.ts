import { dayOf, instantOf } from './arguments.js';
import { edgeResolvers } from './edge-types.js';

const { Date: Day, DateTime, Position } = edgeResolvers;

describe('DateTime', () => {
  it('takes any text: the contract judges it', () =>
    expect(DateTime.parseValue('yesterday')).toBe('yesterday'));
  it('takes nothing but text', () =>
    expect(() => DateTime.parseValue(5)).toThrow('DateTime must be a string'));
  it('answers in UTC with milliseconds', () => {
    expect(DateTime.serialize('2022-04-18T08:00:00+07:00')).toBe('2022-04-18T01:00:00.000Z');
    expect(DateTime.serialize(new Date(0))).toBe('1970-01-01T00:00:00.000Z');
  });
  it('does not answer with what is no instant', () =>
    expect(() => DateTime.serialize('soon')).toThrow(TypeError));
});

describe('Date', () => {
  it('takes any text: the contract judges it', () => expect(Day.parseValue('2022-02-30')).toBe('2022-02-30'));
  it('answers with a day', () => expect(Day.serialize('2022-04-18')).toBe('2022-04-18'));
  it('does not answer with an instant, which would be another day elsewhere', () =>
    expect(() => Day.serialize(new Date(0))).toThrow(TypeError));
});

describe('Position', () => {
  it('goes beyond 32 bits', () => expect(Position.serialize(2 ** 40)).toBe(2 ** 40));
  it('is a number even when the database says it as text', () => expect(Position.serialize('12')).toBe(12));
  it.each([-1, 1.5, 2 ** 60, 'x'])('is not %p', (value) =>
    expect(() => Position.parseValue(value)).toThrow(),
  );
});

describe('an argument of a query', () => {
  it('is judged where it is used', () => {
    expect(instantOf('2022-04-18T08:00:00+07:00', 'asOf')).toBe('2022-04-18T01:00:00.000Z');
    expect(dayOf('2022-04-18', 'from')).toBe('2022-04-18');
  });
  it('is refused in both languages when it does not exist', () => {
    expect(() => instantOf('2022-02-30T00:00:00Z', 'asOf')).toThrow('"asOf" is not an instant that exists');
    expect(() => dayOf('2022-02-30', 'from')).toThrow('"from" is not a day that exists');
  });
});
