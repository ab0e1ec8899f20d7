import { maxAliasesRule } from '@escape.tech/graphql-armor-max-aliases';
import { maxDepthRule } from '@escape.tech/graphql-armor-max-depth';
import { maxDirectivesRule } from '@escape.tech/graphql-armor-max-directives';
import { edgeError } from '@loa/graphql';
import type { Localized } from '@loa/event-sourcing';
import type { GraphQLError, ValidationContext, ValidationRule } from 'graphql';

export interface QueryLimits {
  readonly depth: number;
  readonly aliases: number;
  readonly directives: number;
  readonly tokens: number;
  /** Fields of one operation after its fragments are spread: small texts can spread into very many. */
  readonly selections: number;
}

export const queryLimits: QueryLimits = {
  depth: 8,
  aliases: 15,
  directives: 20,
  tokens: 2000,
  selections: 10_000,
};

type Limit = keyof QueryLimits;

const words: Readonly<Record<Limit, Localized>> = {
  depth: { vi: 'mức lồng nhau', en: 'levels of nesting' },
  aliases: { vi: 'bí danh', en: 'aliases' },
  directives: { vi: 'chỉ thị', en: 'directives' },
  tokens: { vi: 'ký hiệu', en: 'tokens' },
  selections: { vi: 'trường, kể cả trong fragment', en: 'fields, those of fragments included' },
};

/** The error for a query that asks for too much at once. */
export const tooComplex = (limit: Limit, max: number): GraphQLError =>
  edgeError(
    'QUERY_TOO_COMPLEX',
    {
      vi: `Câu truy vấn có quá ${max} ${words[limit].vi}. Chia thành nhiều câu nhỏ hơn.`,
      en: `The query has more than ${max} ${words[limit].en}. Split it into smaller ones.`,
    },
    { limit, max },
  );

/** Rules that an operation must keep to before any of it is carried out. Introspection may go deeper. */
export function limitRules({ depth, aliases, directives }: QueryLimits): readonly ValidationRule[] {
  const reporting = (limit: Limit, max: number) => ({
    n: max,
    propagateOnRejection: false,
    onReject: [(context: ValidationContext | null) => context?.reportError(tooComplex(limit, max))],
  });
  return [
    maxDepthRule({ ...reporting('depth', depth), flattenFragments: true }),
    maxAliasesRule(reporting('aliases', aliases)),
    maxDirectivesRule(reporting('directives', directives)),
  ];
}
