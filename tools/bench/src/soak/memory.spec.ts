import { memoryIn } from './memory.js';

const text = `# HELP nodejs_heap_size_used_bytes Process heap size used from Node.js in bytes.
nodejs_heap_size_used_bytes 52428800
# TYPE process_resident_memory_bytes gauge
process_resident_memory_bytes 1.048576e+08
`;
const collected = `nodejs_gc_duration_seconds_count{kind="minor"} 31
nodejs_gc_duration_seconds_count{kind="major"} 4
`;

it('reads the figures', () =>
  expect(memoryIn(text + collected)).toEqual({ resident: 100, heap: 50, collections: 4 }));
it('knows that a young process has collected nothing', () => expect(memoryIn(text).collections).toBe(0));
it('says what is missing', () => expect(() => memoryIn('up 1')).toThrow('process_resident_memory_bytes'));
