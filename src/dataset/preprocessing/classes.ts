/** Steps that act on classes: which take part, and which become one. */
import { defineClassStep, sameClass } from './define.ts';

const classList = (description: string) =>
  ({
    type: 'array',
    items: { type: 'string', minLength: 1, description: 'A class.' },
    minItems: 1,
    description,
  }) as const;

export const selectClasses = defineClassStep({
  schema: {
    type: 'object',
    description: 'Keeps the samples of the named classes; the order stays.',
    properties: {
      type: { type: 'string', const: 'select_classes', description: 'Keep some classes.' },
      classes: classList('The classes that stay.'),
    },
    required: ['type', 'classes'],
    additionalProperties: false,
  },
  mentions: ({ classes }) => classes,
  rename: ({ classes }, name) => (classes.some((kept) => sameClass(kept, name)) ? name : undefined),
});

export const mergeClasses = defineClassStep({
  schema: {
    type: 'object',
    description: 'Makes one class of several, in the place of the first of them.',
    properties: {
      type: { type: 'string', const: 'merge_classes', description: 'Make one class of several.' },
      classes: {
        type: 'object',
        additionalProperties: classList('The classes that become one.'),
        minProperties: 1,
        description: 'New name → the classes that it stands for.',
        examples: [{ negative: ['angry', 'disgust', 'fear', 'sad'] }],
      },
    },
    required: ['type', 'classes'],
    additionalProperties: false,
  },
  mentions: ({ classes }) => Object.values(classes).flat(),
  rename({ classes }, name) {
    const merged = Object.entries(classes).find(([, members]) =>
      members.some((member) => sameClass(member, name)),
    );
    return merged === undefined ? name : merged[0];
  },
});
