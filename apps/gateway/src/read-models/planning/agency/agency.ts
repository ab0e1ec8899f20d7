import { AgencyRegistered } from '@loa/contracts-planning';
import { projection, put, when } from '@loa/projections';
import { agencyTable } from './agency.table.js';
import { folded, spelled } from './folding.js';

/** Which bodies there are. */
export const agencies = projection(
  'agencies',
  [agencyTable],
  [
    when(AgencyRegistered, ({ agencyId, name, kind, level, parentId, gsoCode }, event) => {
      const searched = [name, gsoCode].filter((part) => part !== undefined).join(' ');
      return [
        put(agencyTable, {
          id: agencyId,
          name,
          kind,
          level,
          parent_id: parentId ?? null,
          gso_code: gsoCode ?? null,
          folded: folded(searched),
          spelled: spelled(searched),
          version: event.version,
          registered_at: event.occurredAt,
          recorded_at: event.recordedAt,
        }),
      ];
    }),
  ],
);
