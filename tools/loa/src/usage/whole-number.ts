import { CannotDo } from '../cannot-do.js';

/** A position or the number of a generation. @param least the smallest that makes sense @throws CannotDo */
export function wholeNumber(text: string, least: 0 | 1 = 1): number {
  const number = Number(text);
  if (/^(0|[1-9]\d*)$/.test(text) && number >= least && Number.isSafeInteger(number)) return number;
  throw new CannotDo(`${text} is no whole number: give one of ${least}, ${least + 1}, ${least + 2}…`);
}
