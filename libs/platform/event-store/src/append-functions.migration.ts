import { runtimeRole } from '@loa/database';
import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Payloads and types come as one text each, their parts set apart by U+001E, which no JSON text holds: an array of JSON
 * would have to be escaped and unescaped on the way. What holds one nevertheless does not add up, and is refused.
 *
 * p_expected: n >= 0 exact (0: must not exist), -1 any, -2 must exist.
 * status: 0 appended · 1 duplicate of an earlier success: the same ids in a row in this stream, for an exact version at
 * that version · 2 wrong version, `version` says the current one · 3 a claim is held by another stream, `claim` says which.
 */
const append = `
CREATE FUNCTION es.append(
  p_stream uuid, p_expected int, p_id uuid[], p_type text, p_sv smallint[], p_data text, p_meta text, p_claims text[],
  OUT status smallint, OUT version int, OUT last_position bigint, OUT recorded timestamptz, OUT claim text
) LANGUAGE plpgsql SECURITY DEFINER SET search_path = es, pg_temp AS $$
#variable_conflict use_column
DECLARE
  n int := cardinality(p_id); types text[] := string_to_array(p_type, E'\\x1e');
  datas json[] := string_to_array(p_data, E'\\x1e')::json[]; metas json[] := string_to_array(p_meta, E'\\x1e')::json[];
  base bigint; at timestamptz; cur int; before int;
BEGIN
  IF n IS NULL OR n = 0 OR p_expected IS NULL OR p_expected < -2 THEN
    RAISE EXCEPTION 'an append holds at least one event, and expects a version, -1 or -2' USING ERRCODE = '22023';
  END IF;
  IF n <> ANY (ARRAY[cardinality(types), cardinality(p_sv), cardinality(datas), cardinality(metas)]) THEN
    RAISE EXCEPTION 'an append has a type, a schema version, data and meta for each event' USING ERRCODE = '22023';
  END IF;
  UPDATE es.lane SET head = head + n, recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
   WHERE lane = 0 RETURNING head - n, recorded_at INTO STRICT base, at;
  SELECT coalesce(max(e.version), 0) INTO cur FROM es.event e WHERE e.stream_id = p_stream;
  IF p_expected <> cur THEN
    before := p_expected;
    IF p_expected < 0 THEN
      SELECT e.version - 1 INTO before FROM es.event e WHERE e.event_id = p_id[1] AND e.stream_id = p_stream;
    END IF;
    SELECT max(e.position), max(e.recorded_at) INTO last_position, recorded FROM es.event e
     WHERE e.stream_id = p_stream AND e.version > before AND e.version <= before + n
    HAVING array_agg(e.event_id ORDER BY e.version) = p_id;
    IF last_position IS NOT NULL THEN
      status := 1;
      version := before + n;
    ELSIF p_expected >= 0 OR (p_expected = -2 AND cur = 0) THEN
      status := 2;
      version := cur;
    END IF;
  END IF;
  IF status IS NULL AND cardinality(p_claims) > 0 THEN
    SELECT c.key INTO claim FROM es.claim c WHERE c.key = ANY (p_claims) AND c.stream_id <> p_stream
     ORDER BY array_position(p_claims, c.key) LIMIT 1;
    IF claim IS NOT NULL THEN
      status := 3;
      version := cur;
    ELSE
      INSERT INTO es.claim (key, stream_id, position) SELECT k, p_stream, base + 1 FROM unnest(p_claims) k
        ON CONFLICT (key) DO NOTHING;
    END IF;
  END IF;
  IF status IS NOT NULL THEN
    -- The unused numbers go back, so that the log stays dense.
    UPDATE es.lane SET head = base WHERE lane = 0;
    RETURN;
  END IF;
  INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
  SELECT p_stream, cur + o::int, base + o, i, t, sv, d, m, at
    FROM unnest(p_id, types, p_sv, datas, metas) WITH ORDINALITY u (i, t, sv, d, m, o);
  status := 0;
  version := cur + n;
  last_position := base + n;
  recorded := at;
END $$;
`;

/**
 * Several appends to as many streams. p_of: to which append an event belongs, 1, 1, 2, 3, 3, 3…; p_nth: the how manieth of
 * it it is, 1, 2, 1, 1, 2, 3…. One row for each append, in their order.
 */
const appendBatch = `
CREATE FUNCTION es.append_batch(
  p_stream uuid[], p_expected int[], p_of int[], p_nth int[],
  p_id uuid[], p_type text, p_sv smallint[], p_data text, p_meta text
) RETURNS TABLE (status smallint, version int, last_position bigint, recorded timestamptz)
LANGUAGE plpgsql SECURITY DEFINER SET search_path = es, pg_temp AS $$
#variable_conflict use_column
DECLARE
  total int := cardinality(p_id); types text[] := string_to_array(p_type, E'\\x1e');
  datas json[] := string_to_array(p_data, E'\\x1e')::json[]; metas json[] := string_to_array(p_meta, E'\\x1e')::json[];
  base bigint; at timestamptz; cur int[]; ok boolean; first int := 1; last int;
BEGIN
  IF total IS NULL OR total = 0 OR total <> ANY (ARRAY[cardinality(p_of), cardinality(p_nth), cardinality(types),
      cardinality(p_sv), cardinality(datas), cardinality(metas)])
     OR p_of[total] <> cardinality(p_stream) OR cardinality(p_stream) <> cardinality(p_expected)
     OR EXISTS (SELECT FROM unnest(p_of, p_nth, 0 || p_of, 0 || p_nth) u (a, k, a_before, k_before)
                 WHERE NOT (a = a_before AND k = k_before + 1 OR a = a_before + 1 AND k = 1)) THEN
    RAISE EXCEPTION 'the appends of a batch do not add up to its events' USING ERRCODE = '22023';
  END IF;
  UPDATE es.lane SET head = head + total,
         recorded_at = greatest(recorded_at, date_trunc('milliseconds', clock_timestamp()))
   WHERE lane = 0 RETURNING head - total, recorded_at INTO STRICT base, at;
  SELECT array_agg(coalesce((SELECT max(e.version) FROM es.event e WHERE e.stream_id = s.id), 0) ORDER BY s.o) INTO cur
    FROM unnest(p_stream) WITH ORDINALITY s (id, o);
  SELECT bool_and(e = c OR e = -1 OR (e = -2 AND c > 0)) INTO ok FROM unnest(p_expected, cur) x (e, c);
  IF ok AND 0 > ANY (p_expected) THEN
    ok := NOT EXISTS (SELECT FROM es.event e WHERE e.event_id = ANY (p_id));
  END IF;
  IF ok THEN
    INSERT INTO es.event (stream_id, version, position, event_id, type, schema_version, data, meta, recorded_at)
    SELECT p_stream[a], cur[a] + k, base + o, i, t, sv, d, m, at
      FROM unnest(p_of, p_nth, p_id, types, p_sv, datas, metas) WITH ORDINALITY u (a, k, i, t, sv, d, m, o);
    RETURN QUERY SELECT 0::smallint, cur[a] + k, base + o, at
      FROM unnest(p_of, p_nth) WITH ORDINALITY u (a, k, o) WHERE p_of[o + 1] IS DISTINCT FROM a ORDER BY o;
    RETURN;
  END IF;
  -- Some append lost a race or is a repeat: one by one, so that each gets its own answer.
  UPDATE es.lane SET head = base WHERE lane = 0;
  FOR one IN 1 .. cardinality(p_stream) LOOP
    last := first + (SELECT count(*) FROM unnest(p_of) a WHERE a = one) - 1;
    RETURN QUERY SELECT r.status, r.version, r.last_position, r.recorded FROM es.append(
      p_stream[one], p_expected[one], p_id[first:last], array_to_string(types[first:last], E'\\x1e'), p_sv[first:last],
      array_to_string(datas[first:last], E'\\x1e'), array_to_string(metas[first:last], E'\\x1e'), ARRAY[]::text[]) r;
    first := last + 1;
  END LOOP;
END $$;
`;

/**
 * The two ways to append, anew: repeats are told also where any version was fine, the first of several names is told,
 * and they cost less. es.append_one and es.append_many stay until a later migration takes them away.
 */
export class AppendFunctions1700000005000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const sql of [append, appendBatch]) await runner.query(sql);
    await runner.query('REVOKE ALL ON FUNCTION es.append, es.append_batch FROM PUBLIC');
    const role = await runtimeRole(runner);
    await runner.query(`GRANT EXECUTE ON FUNCTION es.append, es.append_batch TO ${role}`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('DROP FUNCTION es.append_batch, es.append');
  }
}
