import type { CommandContract, Localized } from './contract.js';

/** A wish on its way to the door of its context. */
export interface CommandEnvelope {
  readonly input: unknown;
  /** The same key again means the same command again: it is carried out once, and answered the same. 1 to 200 characters. */
  readonly idempotencyKey: string;
  /** Refuse when the thing is no longer at this version. */
  readonly expectedVersion?: number;
  /** When it happened, RFC 3339; now when left out. For what is entered later than it happened. */
  readonly occurredAt?: string;
}

export interface AnswerNotice {
  readonly code: string;
  readonly message: Localized;
  readonly field?: string;
}

export interface CommandAccepted {
  readonly status: 'accepted';
  /** The thing the command was about. */
  readonly id: string;
  readonly version: number;
  /** Position in the log of the context: a reader that has come this far shows the effect. */
  readonly position: number;
  /** The stream the events are in: says which part of the log a reader must have come that far in. */
  readonly streamId: string;
  readonly warnings: readonly AnswerNotice[];
}

export interface CommandRefused extends AnswerNotice {
  readonly status: 'refused';
  readonly details?: Readonly<Record<string, string | number>>;
}

export type CommandAnswer = CommandAccepted | CommandRefused;

/** What any command can be refused for, whatever it is about. */
export const doorRefusals = {
  'invalid-input': {
    vi: 'Dữ liệu không hợp lệ ở «{field}»: {problem}. Sửa lại rồi gửi tiếp.',
    en: 'The input is not valid at "{field}": {problemEn}. Mend it and send it again.',
  },
  'version-conflict': {
    vi: 'Dữ liệu đã thay đổi: phiên bản hiện nay là {current}. Tải lại, xem thay đổi rồi gửi lại.',
    en: 'It has changed meanwhile: the current version is {current}. Reload, look at the change, then send again.',
  },
  'idempotency-key-reused': {
    vi: 'Khóa chống gửi trùng này đã dùng cho một lệnh khác. Dùng khóa mới cho lệnh mới.',
    en: 'This idempotency key was used for another command. Take a new key for a new command.',
  },
  'id-in-use': {
    vi: 'Mã này đã thuộc về một đối tượng khác. Dùng mã mới.',
    en: 'This id belongs to another thing already. Take a new id.',
  },
} as const satisfies Record<string, Localized>;

/** Every reason a command can be refused for, with its words: its own first, then those of the door. */
export const reasonsOf = (contract: CommandContract): Readonly<Record<string, Localized>> => ({
  ...contract.refusals,
  ...doorRefusals,
});

/** Puts the details of the occasion into a message. */
export function worded(
  message: Localized,
  details: Readonly<Record<string, string | number>> = {},
): Localized {
  const fill = (text: string) =>
    text.replace(/\{(\w+)\}/g, (whole, name: string) => String(details[name] ?? whole));
  return { vi: fill(message.vi), en: fill(message.en) };
}
