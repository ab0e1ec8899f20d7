import { runtimeRole } from '@loa/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The log of one context. One row in `es.lane` is the total order: every append takes that row lock before it reads
 * anything and keeps it until commit, so positions are dense and in commit order, and no reader can skip an event that
 * commits late. The price, one append at a time, is paid back by the appender, which sends many appends in one call.
 */
const tables = `
CREATE SCHEMA es;

CREATE TABLE es.lane (
  lane smallint PRIMARY KEY,
  head bigint NOT NULL DEFAULT 0,
  recorded_at timestamptz NOT NULL DEFAULT '-infinity'
) WITH (fillfactor = 10);
INSERT INTO es.lane (lane) VALUES (0);
COMMENT ON TABLE es.lane IS 'One row: the last position given out, and when; locked by every append';

CREATE TABLE es.event (
  stream_id uuid NOT NULL,
  version int NOT NULL CHECK (version > 0),
  position bigint NOT NULL,
  event_id uuid NOT NULL,
  type text NOT NULL,
  schema_version smallint NOT NULL,
  data json NOT NULL,
  meta json NOT NULL,
  recorded_at timestamptz NOT NULL,
  PRIMARY KEY (stream_id, version)
);
CREATE UNIQUE INDEX event_position ON es.event (position);
CREATE UNIQUE INDEX event_once ON es.event (event_id);
COMMENT ON COLUMN es.event.position IS 'Dense, in commit order';
COMMENT ON COLUMN es.event.data IS 'json, not jsonb: the bytes as they came, forwarded without being parsed';
COMMENT ON COLUMN es.event.recorded_at IS 'Never goes back: an instant names a prefix of the log';

CREATE TABLE es.claim (
  key text PRIMARY KEY,
  stream_id uuid NOT NULL,
  position bigint NOT NULL
);
COMMENT ON TABLE es.claim IS 'Names that only one stream may hold; taken in the transaction of the events';

CREATE FUNCTION es.refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'es.event is append-only: % refused', TG_OP USING ERRCODE = '42501';
END $$;
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON es.event
  FOR EACH ROW EXECUTE FUNCTION es.refuse_change();
CREATE TRIGGER append_only_all BEFORE TRUNCATE ON es.event
  FOR EACH STATEMENT EXECUTE FUNCTION es.refuse_change();
`;

/**
 * p_expected: n >= 0 exact (0: must not exist), -1 any, -2 must exist.
 * status: 0 appended · 1 duplicate of an earlier success (same ids at the same versions) · 2 wrong version, \`version\`
 * says the current one · 3 a claim is held by another stream, \`claim\` says which.
 */
const appendOne = `
CREATE FUNCTION es.append_one(
  p_stream uuid, p_expected int, p_id uuid[], p_type text[], p_sv smallint[], p_data json[], p_meta json[],
  p_claims text[]
) RETURNS TABLE (status smallint, version int, last_position bigint, recorded timestamptz, claim text)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = es, pg_temp AS $$
#variable_conflict use_column
DECLARE
  n int := cardinality(p_id); base bigint; at timestamptz; cur int; held text; dup bigint; dup_at timestamptz;
BEGIN
  IF n IS NULL OR n = 0 THEN RAISE EXCEPTION 'an append holds at least one event' USING ERRCODE = '22023'; END IF;
  UPDATE es.lane SET head = head + n, recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
   WHERE lane = 0 RETURNING head - n, recorded_at INTO STRICT base, at;
  SELECT coalesce(max(e.version), 0) INTO cur FROM es.event e WHERE e.stream_id = p_stream;
  IF NOT (p_expected = -1 OR p_expected = cur OR (p_expected = -2 AND cur > 0)) THEN
    UPDATE es.lane SET head = base WHERE lane = 0;
    IF p_expected >= 0 AND cur >= p_expected + n THEN
      SELECT max(e.position), max(e.recorded_at) INTO dup, dup_at FROM es.event e
       WHERE e.stream_id = p_stream AND e.version > p_expected AND e.version <= p_expected + n
      HAVING array_agg(e.event_id ORDER BY e.version) = p_id;
    END IF;
    RETURN QUERY SELECT CASE WHEN dup IS NULL THEN 2 ELSE 1 END::smallint,
      CASE WHEN dup IS NULL THEN cur ELSE p_expected + n END, dup, dup_at, NULL::text;
    RETURN;
  END IF;
  IF cardinality(p_claims) > 0 THEN
    SELECT c.key INTO held FROM es.claim c WHERE c.key = ANY (p_claims) AND c.stream_id <> p_stream LIMIT 1;
    IF held IS NOT NULL THEN
      UPDATE es.lane SET head = base WHERE lane = 0;
      RETURN QUERY SELECT 3::smallint, cur, NULL::bigint, NULL::timestamptz, held;
      RETURN;
    END IF;
    INSERT INTO es.claim (key, stream_id, position) SELECT k, p_stream, base + 1 FROM unnest(p_claims) k
      ON CONFLICT (key) DO NOTHING;
  END IF;
  INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
  SELECT p_stream, cur + o::int, base + o, i, t, sv, d, m, at
    FROM unnest(p_id, p_type, p_sv, p_data, p_meta) WITH ORDINALITY u (i, t, sv, d, m, o);
  RETURN QUERY SELECT 0::smallint, cur + n, base + n, at, NULL::text;
END $$;
`;

const appendMany = `
CREATE FUNCTION es.append_many(
  p_stream uuid[], p_expected int[], p_n int[],
  p_id uuid[], p_type text[], p_sv smallint[], p_data json[], p_meta json[]
) RETURNS TABLE (status smallint, version int, last_position bigint, recorded timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = es, pg_temp AS $$
#variable_conflict use_column
DECLARE total int := cardinality(p_id); base bigint; at timestamptz; cur int[]; ok boolean; kept bigint;
BEGIN
  IF total IS NULL OR total <> (SELECT sum(n) FROM unnest(p_n) n) OR 0 >= ANY (p_n) THEN
    RAISE EXCEPTION 'the counts of a batch do not add up to its events' USING ERRCODE = '22023';
  END IF;
  IF cardinality(p_stream) <> (SELECT count(DISTINCT s) FROM unnest(p_stream) s) THEN
    RAISE EXCEPTION 'a batch holds at most one append of a stream' USING ERRCODE = '22023';
  END IF;
  UPDATE es.lane SET head = head + total,
         recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
   WHERE lane = 0 RETURNING head - total, recorded_at INTO STRICT base, at;
  SELECT array_agg(coalesce(v.version, 0) ORDER BY s.o) INTO cur
    FROM unnest(p_stream) WITH ORDINALITY s (id, o)
    LEFT JOIN LATERAL (
      SELECT e.version FROM es.event e WHERE e.stream_id = s.id ORDER BY e.version DESC LIMIT 1) v ON true;
  SELECT bool_and(e = -1 OR e = c OR (e = -2 AND c > 0)) INTO ok FROM unnest(p_expected, cur) x (e, c);
  IF ok THEN
    INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
    SELECT a.s, a.c + (u.o - a.off)::int, base + u.o, u.i, u.t, u.sv, u.d, u.m, at
      FROM (SELECT s, c, n, sum(n) OVER (ORDER BY o) - n AS off
              FROM unnest(p_stream, cur, p_n) WITH ORDINALITY x (s, c, n, o)) a
      JOIN unnest(p_id, p_type, p_sv, p_data, p_meta) WITH ORDINALITY u (i, t, sv, d, m, o)
        ON u.o > a.off AND u.o <= a.off + a.n;
    RETURN QUERY SELECT 0::smallint, c + n, base + sum(n) OVER (ORDER BY o), at
      FROM unnest(cur, p_n) WITH ORDINALITY x (c, n, o) ORDER BY o;
    RETURN;
  END IF;
  -- Some append lost a race or is a retry: keep the rest, and give the unused numbers back so that the log stays dense.
  RETURN QUERY
  WITH r AS (
    SELECT s, e, n, c, o, sum(n) OVER (ORDER BY o) - n AS off, (e = -1 OR e = c OR (e = -2 AND c > 0)) AS good
      FROM unnest(p_stream, p_expected, p_n, cur) WITH ORDINALITY x (s, e, n, c, o)),
  p AS MATERIALIZED (
    SELECT r.*, sum(CASE WHEN good THEN n ELSE 0 END) OVER (ORDER BY o) AS run, d.position AS dup_position,
           d.recorded_at AS dup_at
      FROM r LEFT JOIN LATERAL (
        SELECT max(ev.position) AS position, max(ev.recorded_at) AS recorded_at FROM es.event ev
         WHERE NOT r.good AND r.e >= 0 AND r.c >= r.e + r.n
           AND ev.stream_id = r.s AND ev.version > r.e AND ev.version <= r.e + r.n
        HAVING array_agg(ev.event_id ORDER BY ev.version) = p_id[r.off + 1 : r.off + r.n]) d ON true),
  i AS (
    INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
    SELECT p.s, p.c + k, base + p.run - p.n + k, p_id[p.off + k], p_type[p.off + k], p_sv[p.off + k],
           p_data[p.off + k], p_meta[p.off + k], at
      FROM p, generate_series(1, p.n) k WHERE p.good)
  SELECT (CASE WHEN good THEN 0 WHEN dup_position IS NOT NULL THEN 1 ELSE 2 END)::smallint,
         CASE WHEN good THEN c + n WHEN dup_position IS NOT NULL THEN e + n ELSE c END,
         CASE WHEN good THEN base + run ELSE dup_position END,
         CASE WHEN good THEN at ELSE dup_at END
    FROM p ORDER BY o;
  SELECT coalesce(sum(n), 0) INTO kept FROM unnest(p_expected, cur, p_n) x (e, c, n)
   WHERE e = -1 OR e = c OR (e = -2 AND c > 0);
  UPDATE es.lane SET head = base + kept WHERE lane = 0;
END $$;
`;

const relay = `
CREATE TABLE es.relay (
  name text PRIMARY KEY,
  position bigint NOT NULL DEFAULT 0,
  epoch bigint NOT NULL DEFAULT 0,
  tails bigint[] NOT NULL
) WITH (fillfactor = 50);
COMMENT ON TABLE es.relay IS 'How far the log was published; tails: the last position sent to each partition';
`;

export class EventStore1700000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [tables, appendOne, appendMany, relay]) await runner.query(sql);
    const role = await runtimeRole(runner);
    await runner.query(`REVOKE ALL ON FUNCTION es.append_one, es.append_many FROM PUBLIC`);
    await runner.query(`GRANT USAGE ON SCHEMA es TO ${role}`);
    await runner.query(`GRANT SELECT ON es.event, es.lane, es.claim TO ${role}`);
    await runner.query(`GRANT SELECT, INSERT, UPDATE ON es.relay TO ${role}`);
    await runner.query(`GRANT EXECUTE ON FUNCTION es.append_one, es.append_many TO ${role}`);
  }

  async down(): Promise<void> {
    throw new Error('The log is never taken away. Restore a backup instead.');
  }
}
