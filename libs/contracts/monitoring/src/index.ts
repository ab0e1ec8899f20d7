import { DefineIndicator } from './indicator/define-indicator.js';
import { IndicatorDefined, TargetRevised } from './indicator/events.js';
import { ReviseTarget } from './indicator/revise-target.js';

export * from './indicator/define-indicator.js';
export * from './indicator/events.js';
export { IndicatorId, Measure } from './indicator/fields.js';
export * from './indicator/revise-target.js';

/** Everything monitoring promises others. */
export const monitoring = {
  context: 'monitoring',
  commands: [DefineIndicator, ReviseTarget],
  events: [IndicatorDefined, TargetRevised],
} as const;
