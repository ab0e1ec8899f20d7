import type { Mutant } from './mutant.js';
import { projectionMutants } from './projection-mutants.js';
import { readerMutants } from './reader-mutants.js';
import { storeMutants } from './store-mutants.js';
import { transportMutants } from './transport-mutants.js';

export const mutants: readonly Mutant[] = [
  ...storeMutants,
  ...transportMutants,
  ...readerMutants,
  ...projectionMutants,
];
