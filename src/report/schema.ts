/** `report`: how the HTML report of a run looks. */
import type { Infer, Schema } from '../schema/json-schema.ts';

export const reportSchema = {
  type: 'object',
  description: 'The HTML report.',
  properties: {
    title: {
      type: 'string',
      minLength: 1,
      description: "The report's title; the experiment's name if left out.",
      examples: ['Three architectures on FER-2013'],
    },
  },
  additionalProperties: false,
  default: {},
  examples: [{ title: 'Three architectures on FER-2013' }],
} as const satisfies Schema;

export type ReportConfig = Infer<typeof reportSchema>;
