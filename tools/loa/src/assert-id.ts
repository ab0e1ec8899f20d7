import { CannotDo } from './cannot-do.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** @throws CannotDo when it cannot be the id of anything */
export function assertId(id: string): void {
  if (!UUID.test(id))
    throw new CannotDo(`${id} is no id: it looks like 0d1e6a52-6f0e-4c35-9b1a-0f6c3c6f3a77`);
}
