import { AgencyRegistered, RegisterAgency } from '@loa/contracts-planning';
import { given } from '@loa/event-sourcing';
import { agencyDecider } from './agency.decider.js';
import type { Agency } from './agency.js';

const province = '00000000-0000-4000-8000-000000000001';
const commune = '00000000-0000-4000-8000-000000000002';
const active: Agency = { status: 'active', name: 'UBND tỉnh Bắc Kạn', kind: 'state' };
const register = {
  agencyId: commune,
  name: 'UBND xã Dương Quang',
  kind: 'state',
  level: 'commune',
  parentId: province,
  gsoCode: '01849',
} as const;
const known = { agencies: new Map([[province, active]]) };

it('enters a body into the directory and claims its code', () =>
  given(agencyDecider)
    .when(RegisterAgency, register, known)
    .accepts({
      events: [AgencyRegistered(register)],
      claims: [{ key: 'gso-code:01849', otherwise: 'code-taken', details: { code: '01849' } }],
    }));

it('refuses a parent that nobody registered', () =>
  given(agencyDecider)
    .when(RegisterAgency, register, { agencies: new Map() })
    .refuses('agency-not-found', { field: 'parentId' }));

it('refuses to register a body twice', () =>
  given(agencyDecider, AgencyRegistered(register))
    .when(RegisterAgency, register, known)
    .refuses('agency-already-registered'));
