import type { EventContract } from '@loa/event-sourcing';
import { join } from 'node:path';
import type { JsonSchema } from './additive.js';
import { contexts, root, schemaOf } from './event-schemas.js';
import { code, formatted, table } from './tables.js';

/** Where an event stands in the catalogue; GitHub and its likes make the anchor from the heading in the same way. */
export const anchorOf = ({ eventName, schemaVersion }: EventContract): string =>
  `${eventName.toLowerCase()}-v${schemaVersion}`;

const introduction = `# Event catalogue

Every event that a context promises to others, made from the contracts in \`libs/contracts\` by \`npm run contracts\`: do
not edit. Events are added to, never changed: the JSON Schema of every version is kept in
\`libs/contracts/<context>/schemas\`, and a test refuses anything but a new optional field. A new meaning is a new event.

Between processes an event travels in the topic \`<prefix>.<context>.events\`, with the prefix \`loa\` unless
\`LOA_KAFKA_PREFIX\` says otherwise. Key: stream id. Value: the fields below, as JSON.
Everything else travels in headers, all of them text:

${table(
  ['Header', 'Meaning'],
  [
    ['`type`, `sv`', 'The name, e.g. `reporting.ActivitySubmitted`, and the schema version'],
    ['`id`', 'The id of the event; the same command again makes the same ids'],
    ['`p`', 'Position in the log of the context: 1, 2, 3… without gaps, in commit order'],
    ['`v`', 'Version of the stream that this event made: 1, 2, 3…'],
    [
      '`prev`',
      'Position of the event before it in this partition; 0: none. A reader that stands elsewhere missed one',
    ],
    ['`at`', 'When it was recorded, RFC 3339 UTC'],
    [
      '`meta`',
      'JSON: `command`, `key` (of idempotency), `fingerprint`, `at` (when it happened), `id` (of the thing), `warnings`',
    ],
    ['`ep`', 'Epoch of the relay that sent it'],
  ],
)}
`;

/** The page docs/event-catalogue.md. */
export async function eventCatalogue(): Promise<{ file: string; text: string }> {
  const file = join(root, 'docs', 'event-catalogue.md');
  const parts = contexts.map(
    ({ context, events }) => `## ${context}\n\n${events.map((event) => entryOf(event)).join('\n\n')}`,
  );
  return { file, text: await formatted([introduction, ...parts].join('\n\n'), file) };
}

function entryOf(event: EventContract): string {
  const [, meaning = event.meaning, stream = ''] = /^(.*?) Stream: (.*)\.$/.exec(event.meaning) ?? [];
  return [
    `### ${event.eventName} v${event.schemaVersion}`,
    meaning,
    `Type: ${code(event.type)}. Stream: ${stream}.`,
    table(['Field', 'Type', 'Required'], fieldsOf(schemaOf(event))),
  ].join('\n\n');
}

/** One row a field; what is inside an object or a list of objects follows with its path. */
export function fieldsOf(schema: JsonSchema, path = ''): string[][] {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {}).flatMap(([name, field]) => {
    const at = `${path}${name}`;
    const inner = field.items ?? field;
    const below = inner.properties ? fieldsOf(inner, `${at}${field.items ? '[]' : ''}.`) : [];
    return [[code(at), typeOf(field), required.has(name) ? 'yes' : 'no'], ...below];
  });
}

const formats: Readonly<Record<string, string>> = {
  uuid: 'UUID',
  date: 'day, `YYYY-MM-DD`',
  'date-time': 'instant, RFC 3339',
  uri: 'web address',
};

/** The type of a field, in words. */
export function typeOf(schema: JsonSchema): string {
  if (schema.items) return `list of ${typeOf(schema.items)}${range(schema, 'minItems', 'maxItems')}`;
  if (schema['enum']) return (schema['enum'] as unknown[]).map((value) => code(String(value))).join(', ');
  if (schema.type === 'integer') return `whole number${range(schema, 'minimum', 'maximum')}`;
  if (schema.type !== 'string') return String(schema.type);
  const format = formats[String(schema['format'])];
  return format ?? `text${range(schema, 'minLength', 'maxLength', ' characters')}${formOf(schema)}`;
}

/** The form that a text must have; that it holds no control characters goes without saying. */
function formOf({ pattern }: JsonSchema): string {
  return typeof pattern === 'string' && !pattern.includes('u0000') ? `, matching ${code(pattern)}` : '';
}

function range(schema: JsonSchema, from: string, to: string, of = ''): string {
  const [low, high] = [schema[from], schema[to]];
  // JavaScript's own bounds of a whole number say nothing about the field.
  const said = (bound: unknown) => typeof bound === 'number' && Math.abs(bound) < Number.MAX_SAFE_INTEGER;
  if (said(low) && said(high)) return `, ${String(low)} to ${String(high)}${of}`;
  if (said(high)) return `, up to ${String(high)}${of}`;
  return said(low) ? `, from ${String(low)}${of}` : '';
}
