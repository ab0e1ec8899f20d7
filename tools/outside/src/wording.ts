/** What the system says to people when it does not do what was asked: a stable code, and words in both languages. */
export interface Wording {
  readonly code?: string | undefined;
  readonly vi?: string | undefined;
  readonly en?: string | undefined;
}

/** An answer that leaves people alone with a code. */
export class Unworded extends Error {}

const VIETNAMESE = /[àáảãạăằắẳẵặâầấẩẫậèéẻẽẹêềếểễệìíỉĩịòóỏõọôồốổỗộơờớởỡợùúủũụưừứửữựỳýỷỹỵđ]/i;
/** Of refusals and errors NOT_YOUR_ACTIVITY; of warnings and of the routes for files hash-differs. */
const STABLE_CODE = /^[A-Z]+(_[A-Z]+)*$|^[a-z]+(-[a-z]+)*$/;
const FORGOTTEN_PLACE = /\{\w+\}/;
const SHORTEST = 16;

/** @throws Unworded when a code is not stable, or words are missing, the same in both languages, or half made */
export function mustBeWorded({ code, vi, en }: Wording): void {
  const broken = (why: string) => new Unworded(`${code ?? 'no code'}: ${why}: ${JSON.stringify({ vi, en })}`);
  if (!STABLE_CODE.test(code ?? '')) throw broken('a code is a name, not prose');
  if (vi === undefined || en === undefined) throw broken('words are missing');
  if (vi.length < SHORTEST || en.length < SHORTEST) throw broken('too short to say what to do');
  if (vi === en || !VIETNAMESE.test(vi)) throw broken('the Vietnamese words are not Vietnamese');
  if (FORGOTTEN_PLACE.test(vi + en)) throw broken('a place in the words was not filled in');
}
