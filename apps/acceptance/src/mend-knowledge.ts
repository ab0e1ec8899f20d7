import { RegisterAgency } from '@loa/contracts-planning';
import { DraftActivity } from '@loa/contracts-reporting';
import { openPool } from '@loa/database';
import { Client, draftOf, makeSmallWorld } from '@loa/outside';
import { eventually } from '@loa/testing';
import { randomUUID } from 'node:crypto';

/** What of the running system is needed. */
export interface Mended {
  readonly url: string;
  readonly operatorToken: string;
  /** The database of reporting, for one who may change its tables. */
  readonly reporting: string;
}

const HEARD_WITHIN_MS = 45_000;
const reader = 'REPORTING_KNOWLEDGE';
const how = `state applied remaining next { error }`;

/** What an operator sees and does through GraphQL when a service cannot take in what another one tells. */
export function mendKnowledge(running: () => Promise<Mended>): void {
  let operator: Client;
  let reporting: ReturnType<typeof openPool>;
  beforeAll(async () => {
    const system = await running();
    operator = new Client(system.url, system.operatorToken);
    reporting = openPool({ connectionString: system.reporting, applicationName: 'acceptance' });
  });
  afterAll(async () => {
    operator.close();
    await reporting.end();
  });

  const parked = async () => {
    const { parkedReaders } = await operator.query<{
      parkedReaders: readonly { readonly reader: string; readonly parked: number }[];
    }>('{ parkedReaders { reader parked } }');
    return Object.fromEntries(parkedReaders.map((one) => [one.reader, one.parked]));
  };
  const retry = async (id: string) =>
    (
      await operator.query<{ retryParked: unknown }>(
        `mutation ($id: ID!) { retryParked(reader: ${reader}, streamId: $id, operator: "An") { ${how} } }`,
        { id },
      )
    ).retryParked;
  const heard = (check: () => Promise<void>) => eventually(check, { within: HEARD_WITHIN_MS });

  it('an event that a service cannot take in is seen, retried in vain, mended and retried', async () => {
    const world = await makeSmallWorld(operator);
    expect(await parked()).toEqual({ GATEWAY: 0, REPORTING_KNOWLEDGE: 0, MONITORING_KNOWLEDGE: 0 });
    const agency = randomUUID();
    await reporting.query(
      `ALTER TABLE known.agency ADD CONSTRAINT mended_later CHECK (agency_id <> '${agency}')`,
    );
    await operator.accepted(RegisterAgency, {
      agencyId: agency,
      name: 'UBND xã Mỹ Phương',
      kind: 'state',
      level: 'commune',
    });
    await heard(async () =>
      expect(await parked()).toEqual({ GATEWAY: 0, REPORTING_KNOWLEDGE: 1, MONITORING_KNOWLEDGE: 0 }),
    );
    const draft = draftOf({ ...world, agency }, randomUUID());
    expect(await operator.refused(DraftActivity, draft)).toMatchObject({ code: 'AGENCY_NOT_KNOWN' });
    const why = 'PostgreSQL refused a row: 23514 (table agency, constraint mended_later)';
    expect(await retry(agency)).toEqual({ state: 'FAILING', applied: 0, remaining: 1, next: { error: why } });
    await reporting.query('ALTER TABLE known.agency DROP CONSTRAINT mended_later');
    expect(await retry(agency)).toEqual({ state: 'DONE', applied: 1, remaining: 0, next: null });
    await operator.accepted(DraftActivity, draft);
    expect(await parked()).toEqual({ GATEWAY: 0, REPORTING_KNOWLEDGE: 0, MONITORING_KNOWLEDGE: 0 });
  }, 180_000);
}
