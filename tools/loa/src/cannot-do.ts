/** What was asked cannot be done; the message says what to do. */
export class CannotDo extends Error {}
