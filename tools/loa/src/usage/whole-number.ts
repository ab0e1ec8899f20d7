import { CannotDo } from '../cannot-do.js';

/** A position or the number of a generation. @throws CannotDo */
export function wholeNumber(text: string): number {
  if (/^[1-9]\d{0,15}$/.test(text)) return Number(text);
  throw new CannotDo(`${text} is no whole number: give one of 1, 2, 3…`);
}
