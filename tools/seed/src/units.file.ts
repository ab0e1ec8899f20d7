import { readFileSync } from 'node:fs';
import { z } from 'zod';

const Unit = z.object({ code: z.string(), name: z.string() });
const UnitsFile = z.object({
  source: z.string(),
  note: z.string(),
  province: Unit.extend({ districts: z.array(Unit.extend({ communes: z.array(Unit) })) }),
});

export type Province = z.output<typeof UnitsFile>['province'];

/** The province, its districts and communes with GSO codes, as they were before the merger of 2025. */
export const readProvince = (): Province =>
  UnitsFile.parse(
    JSON.parse(readFileSync(new URL('../data/backan_units_pre2025.json', import.meta.url), 'utf8')),
  ).province;
