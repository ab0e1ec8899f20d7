import { MemoryStore } from './testing/memory-store.js';
import { modelSuite } from './testing/model-suite.js';
import { openPostgresLog } from './testing/postgres-log.js';
import { postgresSuite } from './testing/postgres-suite.js';
import { describeWithPostgres15 } from './testing/postgres-15.js';
import { storeSuite } from './testing/store-suite.js';

describe('in memory', () =>
  storeSuite(async () => {
    const memory = new MemoryStore();
    return { logs: [memory, memory, memory], close: () => Promise.resolve() };
  }));

describe('in PostgreSQL 18', () => {
  const open = () => openPostgresLog();
  describe('as a log', () => storeSuite(open));
  describe('against the model', () => modelSuite(open));
  describe('as a database', () => postgresSuite(open));
});

describeWithPostgres15((server) => {
  const open = () => openPostgresLog(server());
  describe('as a log', () => storeSuite(open));
  describe('against the model', () => modelSuite(open));
  describe('as a database', () => postgresSuite(open));
});
