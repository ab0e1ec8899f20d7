import { AgencyRegistered } from '@loa/contracts-planning';
import { id, Log, rowsOf } from '../../events.fixtures.js';
import { agencies } from './agency.js';

const times = { occurredAt: '2022-01-02T01:00:00Z', recordedAt: '2022-01-03T01:00:00Z' };

it('a registered agency is a row that can be found by name and code', () => {
  const log = new Log('planning').add(
    id(1),
    AgencyRegistered({
      agencyId: id(1),
      name: 'UBND thành phố Bắc Kạn',
      kind: 'state',
      level: 'district',
      parentId: id(2),
      gsoCode: '058',
    }),
    times,
  );
  expect(rowsOf(agencies, log)).toEqual({
    agency: [
      {
        id: id(1),
        name: 'UBND thành phố Bắc Kạn',
        kind: 'state',
        level: 'district',
        parent_id: id(2),
        gso_code: '058',
        folded: 'ubnd thanh pho bac kan 058',
        spelled: 'ubnd \u0300thanh \u0301phô \u0301băc \u0323kan 058',
        version: 1,
        registered_at: '2022-01-02T01:00:00.000Z',
        recorded_at: '2022-01-03T01:00:00.000Z',
      },
    ],
  });
});

it('what was not said is null', () => {
  const log = new Log('planning').add(
    id(1),
    AgencyRegistered({ agencyId: id(1), name: 'Sở Nội vụ', kind: 'state', level: 'province' }),
    times,
  );
  expect(rowsOf(agencies, log)['agency']).toEqual([
    expect.objectContaining({ parent_id: null, gso_code: null }),
  ]);
});
