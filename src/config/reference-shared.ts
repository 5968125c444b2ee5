/** What may stand under many keys: described once in the reference, and linked from there. */
import { activationNames } from '../model/activations.ts';
import { constraints } from '../model/constraints.ts';
import { initializers } from '../model/initializers.ts';
import { regularizers } from '../model/regularizers.ts';
import type { ObjectSchema, Schema } from '../schema/json-schema.ts';
import { schedules } from '../training/schedules/index.ts';
import { typesOf } from './choose.ts';

export type SharedEntry = {
  readonly title: string;
  readonly description: string;
  readonly names: readonly string[];
  /** In the order of the names, where they have options. */
  readonly branches: readonly ObjectSchema[];
};

const ofRegistry = (
  title: string,
  description: string,
  registry: Readonly<Record<string, { readonly schema: ObjectSchema }>>,
): SharedEntry => ({
  title,
  description,
  names: Object.keys(registry),
  branches: Object.values(registry).map(({ schema }) => schema),
});

export const sharedEntries: readonly SharedEntry[] = [
  {
    title: 'Activations',
    description: 'Functions of Keras by its names.',
    names: activationNames,
    branches: [],
  },
  ofRegistry(
    'Initializers',
    'What weights start from; a name alone takes the defaults.',
    initializers,
  ),
  ofRegistry(
    'Regularizers',
    'Penalties on weights, added to the loss; a name alone takes the defaults.',
    regularizers,
  ),
  ofRegistry(
    'Constraints',
    'What weights are brought back to after each step; a name alone takes the defaults.',
    constraints,
  ),
  ofRegistry('Learning rate schedules', 'Rates that change while training.', schedules),
];

/** `[regularizer](#regularizers)` for a schema that lists a shared entry's names. */
export function sharedLink(schema: Schema): string | undefined {
  const names = namesOf(schema)?.join();
  const title = sharedEntries.find((entry) => entry.names.join() === names)?.title.toLowerCase();
  return title && `[${title.replace(/s$/, '')}](#${title.replaceAll(' ', '-')})`;
}

const namesOf = (schema: Schema): readonly unknown[] | undefined => {
  if ('oneOf' in schema) return typesOf(schema);
  return 'enum' in schema ? schema.enum : undefined;
};
