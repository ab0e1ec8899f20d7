import { versionsOf, type EventContract } from './contract.js';
import { prunerOf, type Pruner } from './known-fields.js';

/** The part of a stored event that its contract speaks of. */
export interface StoredData {
  readonly type: string;
  readonly schemaVersion: number;
  /** JSON text. */
  readonly data: string;
}

/** Data as this release works with it, whatever version it was written in. @throws UnknownVersion */
export type ReadData = (stored: StoredData) => unknown;

/** Written by a release that is newer than this one. */
export abstract class NewerRelease extends Error {}

/** A kind of fact that this release has no words for. */
export class UnknownType extends NewerRelease {
  constructor(type: string) {
    super(`${type} is no event that this release knows: deploy what reads an event before what writes it`);
  }
}

/**
 * Written in a version that this release has no words for. Fields are only ever added within a version, so a higher one
 * means something else: taking it for the newest known would be a guess.
 */
export class UnknownVersion extends NewerRelease {
  constructor({ type, schemaVersion }: StoredData, known: number) {
    super(
      `${type} is stored in version ${schemaVersion}, and this release reads versions 1 to ${known}: ` +
        'deploy what reads an event before what writes it',
    );
  }
}

/**
 * Reads stored data by the contracts of its events: brought up to the newest version, and without the fields that a newer
 * release added to its version, so that what is made of it depends on nothing that this release does not know. An event
 * without a contract is only parsed: whoever reads it must be ready for anything.
 * @throws Error when two contracts speak of one type
 */
export function readDataBy(contracts: Iterable<EventContract>): ReadData {
  const byType = new Map<string, Reading>();
  for (const contract of contracts) {
    const known = byType.get(contract.type);
    if (known && known.contract !== contract) throw new Error(`two contracts speak of ${contract.type}`);
    const pruners = versionsOf(contract).map(({ schema }) => prunerOf(schema) ?? unchanged);
    byType.set(contract.type, { contract, pruners });
  }
  return (stored) => {
    const data = JSON.parse(stored.data) as unknown;
    const reading = byType.get(stored.type);
    if (!reading) return data;
    const { contract, pruners } = reading;
    const prune = pruners[stored.schemaVersion - 1];
    if (!prune) throw new UnknownVersion(stored, contract.schemaVersion);
    return contract.upcasters
      .slice(stored.schemaVersion - 1)
      .reduce((older, { upcast }) => upcast(older), prune(data));
  };
}

interface Reading {
  readonly contract: EventContract;
  /** By version, from 1 on. */
  readonly pruners: readonly Pruner[];
}

const unchanged: Pruner = (data) => data;
