import type { ParkedEvents } from '@loa/projections';
import { READER } from '../read-models/read-database.table.js';

/** What one reader has parked, and what is done with it: in a database that is at hand, or in a service that is asked. */
export type ParkedDesk = Pick<ParkedEvents, 'list' | 'count' | 'retry' | 'drop'>;

/** Readers whose rows a service keeps for its own decisions. */
export const knowledgeReaders = ['reporting-knowledge', 'monitoring-knowledge'] as const;

/** Every reader that operators look after, by the names that `loa status` has for them. */
export const readerNames = [READER, ...knowledgeReaders] as const;

export type ReaderName = (typeof readerNames)[number];
export type ParkedDesks = Readonly<Record<ReaderName, ParkedDesk>>;
export type KnowledgeDesks = Readonly<Record<(typeof knowledgeReaders)[number], ParkedDesk>>;

/** How GraphQL spells the name of a reader: `REPORTING_KNOWLEDGE`. */
export const spelled = (reader: ReaderName): string => reader.toUpperCase().replaceAll('-', '_');

/** @param spelling one that the schema has let pass */
export const readerSpelled = (spelling: string): ReaderName =>
  readerNames.find((reader) => spelled(reader) === spelling)!;
