import { CannotDo } from './cannot-do.js';
import type { DatabasePlace } from './installation.js';

/** @throws CannotDo when there is no such context */
export function contextNamed(contexts: readonly DatabasePlace[], wanted: string): DatabasePlace {
  const place = contexts.find(({ name }) => name === wanted);
  if (place) return place;
  const known = contexts.map(({ name }) => name).join(', ');
  throw new CannotDo(`there is no context ${wanted}; there are ${known}`);
}
