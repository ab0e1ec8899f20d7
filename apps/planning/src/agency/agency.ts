import { AgencyRegistered } from '@loa/contracts-planning';
import { evolveBy, type EventOf } from '@loa/event-sourcing';

export type AgencyEvent = EventOf<typeof AgencyRegistered>;

export type Agency =
  { readonly status: 'absent' } | { readonly status: 'active'; readonly name: string; readonly kind: string };

export const absent: Agency = { status: 'absent' };

export const evolve = evolveBy<Agency, AgencyEvent>({
  AgencyRegistered: (_, { name, kind }) => ({ status: 'active', name, kind }),
});

/** Agencies by id, as decisions look at them. */
export type Agencies = ReadonlyMap<string, Agency>;

export const isKnown = (agencies: Agencies, agencyId: string): boolean =>
  agencies.get(agencyId)?.status === 'active';
