import type { Localized } from '@loa/event-sourcing';

export type Lang = keyof Localized;

const languages: readonly Lang[] = ['vi', 'en'];

/** What a resolver needs to know of the request; `req` is missing when an operation is run without HTTP. */
export interface EdgeContext {
  readonly req?: { readonly headers: Readonly<Record<string, string | readonly string[] | undefined>> };
}

/** The language an `Accept-Language` header prefers, of those we speak; Vietnamese when it names none of them. */
export function preferredLang(acceptLanguage: string | undefined): Lang {
  const wishes = (acceptLanguage ?? '')
    .split(',')
    .map((wish, order) => {
      const [tag = '', ...parameters] = wish
        .trim()
        .toLowerCase()
        .split(/\s*;\s*/);
      const quality = Number(parameters.find((parameter) => parameter.startsWith('q='))?.slice(2) ?? 1);
      return { lang: languages.find((lang) => tag === lang || tag.startsWith(`${lang}-`)), quality, order };
    })
    .filter(({ lang, quality }) => lang !== undefined && quality > 0)
    .sort((a, b) => b.quality - a.quality || a.order - b.order);
  return wishes[0]?.lang ?? 'vi';
}

/** The language to answer in: the one asked for, else the one the request prefers. */
export function langOf(context: EdgeContext | undefined, asked?: Lang | null): Lang {
  const header = context?.req?.headers['accept-language'];
  return asked ?? preferredLang(typeof header === 'string' ? header : header?.join(','));
}
