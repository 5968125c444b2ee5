/**
 * What a callback is: options, a state that is plain JSON, and a pure function of the state and
 * an epoch's values. It never touches the model: it says what should be done.
 */
import type { Infer, ObjectSchema } from '../../schema/json-schema.ts';
import type { EpochRecord } from '../epoch-record.ts';

export type CallbackState = Readonly<Record<string, number | boolean | null>>;

/** The end of an epoch as callbacks see it. */
export type EpochEnd = {
  /** Counted from 0 within the phase, as Keras counts within `fit`. */
  readonly epoch: number;
  /** `loss`, `val_loss`, `val_accuracy`, …; a value that cannot be computed is absent. */
  readonly values: Readonly<Record<string, number>>;
  /** What the optimizer uses now, rounded to float32 as it is there. */
  readonly learningRate: number;
  /** All epochs so far, this one included. */
  readonly history: readonly EpochRecord[];
};

export type CallbackAction =
  /** End this phase after the epoch. */
  | { readonly kind: 'stop'; readonly reason: string }
  | { readonly kind: 'set_learning_rate'; readonly value: number }
  /** The weights of this epoch are the ones to keep. */
  | { readonly kind: 'keep_weights' }
  /** A file in the fold's directory. */
  | { readonly kind: 'write_file'; readonly name: string; readonly text: string };

export type CallbackDefinition<
  S extends ObjectSchema = ObjectSchema,
  State extends CallbackState = CallbackState,
> = {
  readonly schema: S;
  /** The state before the first epoch. */
  start(config: Infer<S>): State;
  /** Learning rate for the epoch that begins; undefined leaves it. */
  learningRate?(config: Infer<S>, epoch: number): number | undefined;
  onEpochEnd?(config: Infer<S>, state: State, end: EpochEnd): CallbackResult<State>;
};

export type CallbackResult<State extends CallbackState = CallbackState> = {
  readonly state: State;
  readonly actions: readonly CallbackAction[];
};

export const defineCallback = <const S extends ObjectSchema, State extends CallbackState>(
  definition: CallbackDefinition<S, State>,
) => definition;
