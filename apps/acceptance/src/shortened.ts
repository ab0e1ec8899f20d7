import { isDeepStrictEqual } from 'node:util';

const LEFT_OUT = /^…( \d+ more)?$/;
const leavesOut = (shown: unknown): shown is string => typeof shown === 'string' && LEFT_OUT.test(shown);

/**
 * A whole answer, with that left out which a page leaves out: `"…"` stands for any value, and in a list for some
 * elements, of which `"… 3 more"` gives the number. Equal to what the page shows when the page tells the truth.
 */
export function shortenedAs(shown: unknown, whole: unknown): unknown {
  if (leavesOut(shown)) return shown;
  if (Array.isArray(shown) && Array.isArray(whole)) return shortenedList(shown, whole);
  if (!isRecord(shown) || !isRecord(whole)) return whole;
  return Object.fromEntries(
    Object.entries(whole).map(([key, value]) => [key, key in shown ? shortenedAs(shown[key], value) : value]),
  );
}

function shortenedList(shown: readonly unknown[], whole: readonly unknown[]): unknown[] {
  const result: unknown[] = [];
  let at = 0;
  for (const [index, element] of shown.entries()) {
    if (!leavesOut(element)) {
      if (at < whole.length) result.push(shortenedAs(element, whole[at]));
      at += 1;
      continue;
    }
    const next = index + 1 < shown.length ? firstLike(shown[index + 1], whole, at + 1) : whole.length;
    result.push(element === '…' && next > at ? element : `… ${next - at} more`);
    at = next;
  }
  return [...result, ...whole.slice(at)];
}

/** The place of the first element from there on that the page shows; when there is none, the place to look at. */
function firstLike(shown: unknown, whole: readonly unknown[], from: number): number {
  for (let at = from; at < whole.length; at += 1) {
    if (isDeepStrictEqual(shortenedAs(shown, whole[at]), shown)) return at;
  }
  return from;
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
