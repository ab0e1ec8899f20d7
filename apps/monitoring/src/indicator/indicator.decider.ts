import { decider } from '@loa/event-sourcing';
import { defineIndicator } from './define-indicator.js';
import { absent, evolve, type Indicator } from './indicator.js';
import { reviseTarget } from './revise-target.js';

export const indicatorDecider = decider<Indicator>({
  aggregate: 'indicator',
  initial: absent,
  evolve,
  decisions: [defineIndicator, reviseTarget],
});
