import type { Onlooker, Progress, Step } from '@loa/projections';

const WIDTH = 24;

const steps: Readonly<Record<Step, string>> = {
  create: 'empty tables',
  continue: 'going on where an earlier run stopped',
  'start-over': 'starting over',
  read: 'reading the logs',
  index: 'building indexes',
  compare: 'comparing',
  'catch-up': 'catching up',
  swap: 'swapping',
  discard: 'clearing away',
};

/** `[████████░░░░░░░░]  33 %  reporting 12000 of 36000  31000/s  1 s left` */
export function bar({ source, position, head, eventsPerSecond, etaSeconds, ratio }: Progress): string {
  const full = Math.round(Math.min(1, ratio) * WIDTH);
  const left = etaSeconds === undefined ? '' : `  ${Math.ceil(etaSeconds)} s left`;
  return (
    `[${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}] ${String(Math.floor(ratio * 100)).padStart(3)} %  ` +
    `${source} ${position} of ${head}  ${Math.round(eventsPerSecond)}/s${left}`
  );
}

/** Tells of a rebuild or a check on the way. */
export const telling = (progress: (line: string) => void): Required<Onlooker> => ({
  onStep: (step, details) => progress(`${steps[step]}: ${details}`),
  onProgress: (at) => progress(bar(at)),
});
