/** A mistake of the person who runs it: one clear sentence, no stack trace, exit status 2. */
export class UserError extends Error {}
