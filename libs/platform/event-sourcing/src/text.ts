/**
 * Text as it is kept: Unicode NFC, so that the same word typed on two machines is the same string, and without halves of
 * characters (surrogates), which UTF-8 and hence PostgreSQL cannot hold: U+FFFD takes their place.
 * Applied to every string of a command before its schema looks at it; keys are left alone.
 */
export function normalizeText(value: unknown): unknown {
  if (typeof value === 'string') return value.replace(/\p{Surrogate}/gu, '\ufffd').normalize('NFC');
  if (Array.isArray(value)) return value.map(normalizeText);
  if (value !== null && typeof value === 'object') {
    return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, normalizeText(inner)]));
  }
  return value;
}
