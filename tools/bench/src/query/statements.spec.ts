import { statementsIn } from './statements.js';

const log = `2022-06-01 UTC an older line
loa-bench loa_read LOG:  statement: BEGIN READ ONLY; SET LOCAL jit = off
loa-bench loa_read LOG:  execute <unnamed>: SELECT json_build_object('a', 1)
\t  FROM plan p WHERE p.id = $1::uuid AND p.title = $2 AND $3
loa-bench loa_read DETAIL:  Parameters: $1 = '0198', $2 = 'it''s, $9 = ''x''', $3 = NULL
loa-bench loa_read LOG:  statement: COMMIT
loa-bench loa_planning LOG:  execute es.read: SELECT 1 WHERE $1
loa-bench loa_planning DETAIL:  Parameters: $1 = '2'
loa-bench loa_read LOG:  execute named: SELECT 2
`;

it('finds the statements of one database with their values', () =>
  expect(statementsIn(log, 'loa_read')).toEqual([
    {
      sql: "SELECT json_build_object('a', 1)\n  FROM plan p WHERE p.id = $1::uuid AND p.title = $2 AND $3",
      values: ['0198', "it's, $9 = 'x'", null],
    },
    { sql: 'SELECT 2', values: [] },
  ]));

it('finds nothing in an empty log', () => expect(statementsIn('', 'loa_read')).toEqual([]));
