/** The files that are written from the schemas and committed: an editor or a reader needs no build. */
import { resultSchema } from '../result/result-schema.ts';
import { publishedExperimentSchema } from './publish.ts';
import { referenceText } from './reference.ts';

/** Path in the repository → text. `npm run schemas` writes them, a test compares. */
export const generatedFiles = (): Readonly<Record<string, string>> => ({
  'schemas/experiment.schema.json': asText(publishedExperimentSchema()),
  'schemas/result.schema.json': asText(resultSchema),
  'docs/reference.md': referenceText(),
});

const asText = (schema: unknown): string => `${JSON.stringify(schema, null, 1)}\n`;
