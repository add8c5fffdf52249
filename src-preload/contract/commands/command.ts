import { z } from 'zod';

/** One command: what it takes, checked by the desk, and what it answers, known to the compiler only. */
export interface Command<Input extends z.ZodType, Output> {
  readonly input: Input;
  /** Never set: carries the answer's type. */
  readonly output?: Output;
}

/** `command(schema).answers<Row>()`: what does not fit the schema is refused with code BAD_INPUT. */
export const command = <Input extends z.ZodType>(input: Input) => ({
  answers: <Output>(): Command<Input, Output> => ({ input }),
});

/** A name made by the desk or by the operator. */
export const id = z.string().min(1).max(200);
/** What the operator typed to confirm. */
export const typed = z.string().max(200);
export const path = z.string().min(1).max(4096);
export const nothing = z.strictObject({});
