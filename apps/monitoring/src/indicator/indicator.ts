import type { IndicatorDefined, TargetRevised } from '@loa/contracts-monitoring';
import { evolveBy, type EventOf } from '@loa/event-sourcing';

export type IndicatorEvent = EventOf<typeof IndicatorDefined | typeof TargetRevised>;

export type Indicator =
  | { readonly status: 'absent' }
  | { readonly status: 'defined'; readonly planId: string; readonly target: number };

export const absent: Indicator = { status: 'absent' };

export const evolve = evolveBy<Indicator, IndicatorEvent>({
  IndicatorDefined: (_, { planId, target }) => ({ status: 'defined', planId, target }),
  TargetRevised: (indicator, { target }) =>
    indicator.status === 'absent' ? indicator : { ...indicator, target },
});
